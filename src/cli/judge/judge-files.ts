import { appendFile, lstat, mkdir, readFile, realpath } from 'node:fs/promises'
import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import { isMissing } from '../outside/node-folder.ts'

/** A file that a person named, or that an eval set names. */
export interface JudgeFile {
  /** Absolute. */
  readonly file: string
  /** As the user would type it. */
  readonly shown: string
}

/** A file that the command line names: whoever types it may mean any. */
export function namedFile(named: string, cwd: string): JudgeFile {
  return { file: path.resolve(cwd, named), shown: named }
}

/**
 * A file that an eval set names, to be read or written. An eval set comes with a pull request: what it
 * names has to be a plain file inside its folder, and no link.
 *
 * @throws AgentEvalError (input) where it leads out
 */
export async function ownFile(
  evalSet: { readonly folder: string; readonly shown: string },
  inner: string,
): Promise<JudgeFile> {
  const file = path.resolve(evalSet.folder, inner)
  const shown = path.join(evalSet.shown, inner)
  const root = await realpath(evalSet.folder)
  const parent = await realParent(path.dirname(file))
  const isInside = parent === root || parent.startsWith(root + path.sep)
  if (isInside && !(await isLink(file)) && isBelow(file, evalSet.folder)) return { file, shown }
  throw new AgentEvalError('leads out of the eval set', 'input', {
    source: { file: shown },
    hint: 'labels, votes and transcripts are plain files of their eval set, not links',
  })
}

function isBelow(file: string, folder: string): boolean {
  return file.startsWith(path.resolve(folder) + path.sep)
}

/** Of a folder that need not exist yet: where the part of it that does really stands. */
async function realParent(folder: string): Promise<string> {
  try {
    return await realpath(folder)
  } catch (error) {
    if (!isMissing(error) || path.dirname(folder) === folder) throw error
    return path.join(await realParent(path.dirname(folder)), path.basename(folder))
  }
}

async function isLink(file: string): Promise<boolean> {
  try {
    return !(await lstat(file)).isFile()
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

/** @returns `undefined` where there is no such file */
export async function readIfThere({ file, shown }: JudgeFile): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    if (isMissing(cause)) return undefined
    throw new AgentEvalError('cannot be read', 'input', { source: { file: shown }, cause })
  }
}

/**
 * Adds whole lines to the end of a file, which need not exist; a last line that a kill or an editor
 * left without its end gets one first.
 *
 * @throws AgentEvalError (usage) where it cannot be written
 */
export async function appendLines({ file, shown }: JudgeFile, lines: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true })
    const before = (await readIfThere({ file, shown })) ?? ''
    const isOpen = before !== '' && !before.endsWith('\n')
    await appendFile(file, isOpen ? `\n${lines}` : lines)
  } catch (cause) {
    if (cause instanceof AgentEvalError) throw cause
    throw new AgentEvalError('cannot be written', 'usage', { source: { file: shown }, cause })
  }
}
