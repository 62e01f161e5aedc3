import { AgentEvalError } from '../errors.ts'
import type { Baseline } from '../schema/baseline.ts'
import { shellWord } from '../text/shell-word.ts'

/**
 * A baseline in which some cases are measured anew; all its other rows, and what it says of where it
 * came from, stay as they are.
 *
 * A baseline says once for all its rows which agent was measured, by which program. So rows of another
 * agent cannot be put among them: the file would claim something that was never measured.
 *
 * @param ids - the cases to take from `next`, with their benign twins
 * @throws AgentEvalError (usage) for a run of another agent, or by another version of this program; for
 *   a case that the run does not have
 */
export function replaceRows(before: Baseline, next: Baseline, ids: readonly string[]): Baseline {
  requireSameOrigin(before, next)
  const known = new Set(next.cases.map((one) => one.id))
  const unknown = ids.find((id) => !known.has(id))
  if (unknown !== undefined) {
    throw new AgentEvalError(`the run has no case "${unknown}" that gates`, 'usage', {
      hint: `measure it: npx agent-eval run --case ${shellWord(unknown)}`,
    })
  }
  const isMeant = ({ id, twinOf }: Baseline['cases'][number]): boolean => ids.includes(twinOf ?? id)
  const rows = [
    ...before.cases.filter((one) => !isMeant(one)),
    ...next.cases.filter((one) => isMeant(one)),
  ]
  return { ...before, cases: rows.sort((a, b) => (a.id < b.id ? -1 : 1)) }
}

function requireSameOrigin(before: Baseline, next: Baseline): void {
  const [then, now] = [before.provenance, next.provenance]
  const differences = [
    ['agent', then.candidate.hash, now.candidate.hash],
    ['kind of agent', then.agentBehind, now.agentBehind],
    ['version of agent-eval', then.tool, now.tool],
    ['severe tier of the judging policy', before.severeTier, next.severeTier],
  ] as const
  const [differs] = differences.find(([, was, is]) => was !== is) ?? []
  if (differs === undefined) return
  throw new AgentEvalError(`the run has another ${differs} than the baseline`, 'usage', {
    hint: 'one file cannot stand for both: measure the whole set and update without --case',
  })
}
