import { type FSWatcher, watch } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { AgentEvalError } from '../../errors.ts'
import { isMissing } from '../outside/node-folder.ts'
import type { FileWatching } from './watch-places.ts'

/** The real file system. */
export const nodeWatching: FileWatching = {
  async foldersIn(folder) {
    try {
      const entries = await readdir(folder, { withFileTypes: true })
      return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
    } catch (error) {
      if (isMissing(error)) return []
      throw error
    }
  },
  watchFolder(folder, onChange) {
    let watcher: FSWatcher
    try {
      watcher = watch(folder, onChange)
    } catch (cause) {
      if (isMissing(cause)) return () => undefined
      throw new AgentEvalError('cannot be watched', 'usage', {
        source: { file: folder },
        hint: 'the system may allow no more watched folders (on Linux: fs.inotify.max_user_watches)',
        cause,
      })
    }
    // The folder is gone: its parent says so as well.
    watcher.on('error', onChange)
    return () => {
      watcher.close()
    }
  },
}
