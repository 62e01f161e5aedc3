import { readFile, stat } from 'node:fs/promises'
import { AgentEvalError } from '../../errors.ts'
import { isMissing } from './node-folder.ts'

/**
 * The text of a file.
 *
 * @returns `undefined` where there is no such file
 * @throws whatever else keeps it from being read
 */
export async function textIfThere(file: string | URL): Promise<string | undefined> {
  return ifThere(readFile(file, 'utf8'))
}

/** How many bytes a file has; none where there is no such file. */
export async function sizeIfThere(file: string): Promise<number> {
  return (await ifThere(stat(file)))?.size ?? 0
}

/**
 * What a path leads to.
 *
 * @throws AgentEvalError (input) where nobody can tell, as in a circle of links
 */
export async function kindAt(file: string): Promise<'folder' | 'file' | 'missing'> {
  try {
    const found = await ifThere(stat(file))
    if (found === undefined) return 'missing'
    return found.isDirectory() ? 'folder' : 'file'
  } catch (cause) {
    throw new AgentEvalError('cannot be read', 'input', { source: { file }, cause })
  }
}

async function ifThere<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}
