import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'

/**
 * Writes a text file whole: a reader finds the old one or the new one, never half of one.
 *
 * @param shown - as messages call it
 * @throws AgentEvalError (usage) where it cannot be written
 */
export async function writeWhole(file: string, text: string, shown = file): Promise<void> {
  const half = `${file}.part`
  try {
    await mkdir(path.dirname(file), { recursive: true })
    // A link of this name, committed by somebody, would lead the writing elsewhere.
    await rm(half, { force: true })
    await writeFile(half, text, { flag: 'wx' })
    await rename(half, file)
  } catch (cause) {
    throw new AgentEvalError('cannot be written', 'usage', { source: { file: shown }, cause })
  }
}
