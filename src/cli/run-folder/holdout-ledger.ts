import { appendFile, lstat, readFile } from 'node:fs/promises'
import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import type { RunManifest } from '../../schema/run-manifest.ts'
import { canonicalJson } from '../../text/canonical-json.ts'
import { isMissing } from '../outside/node-folder.ts'
import type { ProjectEvalSet } from '../project.ts'

/** Committed beside the eval set, so that everybody's looks add up. */
export const ledgerFile = 'holdout-looks.jsonl'

/**
 * Counts one look at the holdout: whose, and when. It is counted before the first trial, so that a
 * run that was killed and read from its files is one as well.
 *
 * A holdout tells the truth once. Each further look lets its answers leak into the next change, so
 * a report says which look it is.
 *
 * @returns how many looks there are now, this one included
 * @throws AgentEvalError (usage) where the ledger cannot be written: then nothing is looked at
 */
export async function recordHoldoutLook(
  evalSet: ProjectEvalSet,
  { cases, provenance }: RunManifest,
  today: string,
): Promise<number> {
  const file = path.join(evalSet.folder, ledgerFile)
  const { candidate, evalSet: set } = provenance
  const look = {
    date: today,
    candidate: { name: candidate.name, hash: candidate.hash },
    evalSet: { version: set.version, hash: set.hash },
    cases: cases.filter((one) => one.twinOf === undefined).length,
  }
  try {
    await refuseLink(file)
    const earlier = await countLines(file)
    await appendFile(file, `${canonicalJson(look)}\n`)
    return earlier + 1
  } catch (cause) {
    throw new AgentEvalError('this look cannot be counted, so there is none', 'usage', {
      source: { file: path.join(evalSet.shown, ledgerFile) },
      hint: 'the ledger must be a file that can be written',
      cause,
    })
  }
}

/** An eval set comes with a pull request: its links must not lead our writing elsewhere. */
async function refuseLink(file: string): Promise<void> {
  try {
    if ((await lstat(file)).isSymbolicLink()) throw new Error(`${file} is a link`)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
}

async function countLines(file: string): Promise<number> {
  try {
    const text = await readFile(file, 'utf8')
    return text.split('\n').filter((line) => line.trim() !== '').length
  } catch (error) {
    if (isMissing(error)) return 0
    throw error
  }
}
