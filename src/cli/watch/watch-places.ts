import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'

/** Where files lie that a run is made of. */
export interface WatchPlaces {
  /** Absolute folders, with all that is below them. */
  readonly trees: readonly string[]
  /** Absolute folders, without what is below them. */
  readonly folders: readonly string[]
  /** Absolute folders that are left out. */
  readonly ignored: readonly string[]
}

/** How changes of files are heard of. */
export interface FileWatching {
  /** Names of the folders directly inside a folder; none where it is gone. */
  readonly foldersIn: (folder: string) => Promise<readonly string[]>
  /** Calls back when something directly inside a folder changes; nothing where it is gone. */
  readonly watchFolder: (folder: string, onChange: () => void) => () => void
}

/** More are no agent and its cases; each takes something from the operating system. */
const mostFolders = 2_000

/** Watches places; each call of `watch` replaces those before. */
export interface PlaceWatcher {
  readonly watch: (places: WatchPlaces) => Promise<void>
  readonly close: () => void
}

/**
 * Watches folder by folder: watching a whole tree at once would take what others have installed in it
 * with it, and not every system can.
 */
export function watchPlaces(files: FileWatching, onChange: () => void): PlaceWatcher {
  const watched = new Map<string, () => void>()
  return {
    async watch(places) {
      const wanted = await foldersOf(places, files)
      for (const [folder, stop] of watched) {
        if (wanted.has(folder)) continue
        stop()
        watched.delete(folder)
      }
      for (const folder of wanted) {
        if (!watched.has(folder)) watched.set(folder, files.watchFolder(folder, onChange))
      }
    },
    close() {
      for (const stop of watched.values()) stop()
      watched.clear()
    },
  }
}

/** @throws AgentEvalError (usage) where there are too many */
async function foldersOf(
  { folders, ignored, trees }: WatchPlaces,
  { foldersIn }: FileWatching,
): Promise<ReadonlySet<string>> {
  const left = new Set(ignored)
  const found = new Set(trees)
  // A set is walked in the order in which it grows.
  for (const folder of found) {
    for (const name of await foldersIn(folder)) {
      const inside = path.join(folder, name)
      if (!left.has(inside) && !isNoSource(name)) found.add(inside)
    }
    if (found.size > mostFolders) {
      throw new AgentEvalError(
        `more than ${mostFolders} folders would have to be watched`,
        'usage',
        {
          hint: 'put the candidate file into a folder of its own, with the files that it names',
        },
      )
    }
  }
  return new Set([...found, ...folders])
}

/** The same as are left out of the hash of an agent's code. */
function isNoSource(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules' || name === '__pycache__'
}
