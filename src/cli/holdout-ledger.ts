import { appendFile, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { RunResult } from '../schema/run-result.ts'
import { canonicalJson } from '../text/canonical-json.ts'
import { isMissing } from './node-folder.ts'
import type { ProjectEvalSet } from './project.ts'

/** Committed beside the eval set, so that everybody's looks add up. */
export const ledgerFile = 'holdout-looks.jsonl'

/**
 * Counts one look at the holdout: whose, when, and what came of it.
 *
 * A holdout tells the truth once. Each further look lets its answers leak into the next change, so
 * a report says which look it is.
 *
 * @returns how many looks there are now, this one included
 */
export async function recordHoldoutLook(
  evalSet: ProjectEvalSet,
  result: RunResult,
  today: string,
): Promise<number> {
  const file = path.join(evalSet.folder, ledgerFile)
  const earlier = await countLines(file)
  const { candidate, evalSet: set } = result.provenance
  const look = {
    date: today,
    candidate: { name: candidate.name, hash: candidate.hash },
    evalSet: { version: set.version, hash: set.hash },
    cases: result.cases.length,
    verdict: result.verdict?.status ?? 'none',
  }
  await appendFile(file, `${canonicalJson(look)}\n`)
  return earlier + 1
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
