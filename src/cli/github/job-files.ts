import { appendFile, stat } from 'node:fs/promises'
import type { Io } from '../io.ts'

/** GitHub drops a summary of more than 1 MiB whole. */
const maxSummaryBytes = 1_000_000

/**
 * Puts Markdown below what the job summary says already.
 *
 * @returns false where there is no job summary, or no room in it
 */
export async function addToSummary({ env }: Pick<Io, 'env'>, text: string): Promise<boolean> {
  const file = env['GITHUB_STEP_SUMMARY'] ?? ''
  if (file === '') return false
  try {
    const { size } = await stat(file).catch(() => ({ size: 0 }))
    if (size + Buffer.byteLength(text) > maxSummaryBytes) return false
    await appendFile(file, `${text}\n`)
    return true
  } catch {
    return false
  }
}

/** Sets an output of the step; a file that cannot be written is as if nobody had asked. */
export async function setOutput(
  { env }: Pick<Io, 'env'>,
  name: string,
  value: 'true' | 'false',
): Promise<void> {
  const file = env['GITHUB_OUTPUT'] ?? ''
  if (file === '') return
  await appendFile(file, `${name}=${value}\n`).catch(() => undefined)
}
