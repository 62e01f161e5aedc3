import type { PolicyDiff } from '../../schema/policy-diff.ts'
import type { Comparison, RunResult } from '../../schema/run-result.ts'
import { type FoundBaseline, pathOfRun } from '../at-base/baseline-source.ts'
import { readResultOf } from '../print/reported-documents.ts'

/**
 * The candidate's own result with the verdict of a comparison: whoever reads a comparison sees all that
 * they see of the run itself, with the same numbers.
 *
 * What a changed policy means is kept only where the run was compared with the same baseline; otherwise it
 * says that nobody knows.
 *
 * @returns `undefined` where the candidate is a committed baseline, which has nothing but its counts
 */
export async function comparedRun(
  { baseline, candidate, verdict }: Comparison,
  { committed, from }: Pick<FoundBaseline, 'committed' | 'from'>,
  cwd: string,
): Promise<RunResult | undefined> {
  if (committed !== undefined) return undefined
  const { policyDiff, verdict: own, ...result } = await readResultOf(await pathOfRun(from, cwd))
  const isSame = own?.baseline?.hash === verdict.baseline?.hash
  if (isSame) return { ...result, ...(policyDiff !== undefined && { policyDiff }), verdict }
  const [was, is] = [baseline, candidate].map(({ provenance }) => provenance.candidate.policyHash)
  return { ...result, ...(was !== is && { policyDiff: unknownDiff(verdict) }), verdict }
}

function unknownDiff({ baseline }: Comparison['verdict']): PolicyDiff {
  const unknown = 'the run itself was compared with another baseline'
  return { old: baseline?.from ?? '', actions: '', unknown, decided: 0, undecided: 0, moved: [] }
}
