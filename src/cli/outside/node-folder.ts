import { access, readdir, readFile, realpath } from 'node:fs/promises'
import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import type { Folder } from '../../ports.ts'

/**
 * An eval set's folder on disk. Nothing outside it can be opened, neither by `..` nor through a
 * link: an eval set comes with a pull request, so its paths are not ours.
 *
 * @param root - the folder
 * @param name - how messages call it
 */
export function nodeFolder(root: string, name: string): Folder {
  const inside = async (relative: string): Promise<string> => {
    const target = path.resolve(root, relative)
    const [realRoot, realTarget] = await Promise.all([realpath(root), realpath(target)])
    if (realTarget === realRoot || realTarget.startsWith(realRoot + path.sep)) return realTarget
    throw new AgentEvalError(`${relative} leads out of ${name}`, 'input', {
      hint: 'an eval set may only use files of its own folder',
    })
  }
  return {
    name,
    async read(relative) {
      try {
        return await readFile(await inside(relative), 'utf8')
      } catch (error) {
        if (isMissing(error)) return undefined
        throw error
      }
    },
    async readBytes(relative) {
      try {
        return await readFile(await inside(relative))
      } catch (error) {
        if (isMissing(error) || isFolder(error)) return undefined
        throw error
      }
    },
    async list(relative) {
      try {
        const below = await inside(relative)
        const entries = await readdir(below, { recursive: true, withFileTypes: true })
        return entries
          .filter((entry) => entry.isFile())
          .map((entry) => path.relative(below, path.join(entry.parentPath, entry.name)))
          .map((file) => path.posix.join(relative, file.split(path.sep).join('/')))
          .sort((a, b) => (a < b ? -1 : 1))
      } catch (error) {
        if (isMissing(error)) return []
        throw error
      }
    },
  }
}

/** The last two: no file can have such a name. Node refuses one with a NUL before it asks the system. */
const missingCodes: ReadonlySet<unknown> = new Set([
  'ENOENT',
  'ENOTDIR',
  'ENAMETOOLONG',
  'ERR_INVALID_ARG_VALUE',
])

/** Whether a file system error says that there is no such file or folder. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && missingCodes.has(error.code)
}

/** Whether a file system error says that a folder was opened as a file. */
function isFolder(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EISDIR'
}

/** Whether something of this name exists. */
export async function isThere(file: string): Promise<boolean> {
  try {
    await access(file)
    return true
  } catch {
    return false
  }
}
