import type { Baseline } from '../schema/baseline.ts'
import type { CaseStats } from '../schema/case-stats.ts'
import { countOf, plural } from './format.ts'
import { sayInTerminal as say } from './say.ts'

/** `baseline update` refuses a holdout; a file from elsewhere may hold one and still names no case. */
export function shownCases({ cases }: Baseline): readonly CaseStats[] {
  return cases.filter((one) => one.split !== 'holdout')
}

/** What a baseline stands for, in one line. */
export function baselineTitle({ provenance, cases }: Baseline): string {
  const { evalSet, candidate, agentBehind } = provenance
  const models = Object.values(candidate.models).map(say).join(', ')
  const behind = agentBehind === 'model' ? models : `${agentBehind}, not a model`
  const set = `${say(evalSet.id)} ${say(evalSet.version)}`
  return `${set}, candidate ${say(candidate.name)} (${behind}), ${plural(cases.length, 'case')}`
}

/** `116/120`, and how many were lost. */
export function passedText({ passed, scored, invalid }: CaseStats): string {
  return countOf(passed, scored) + (invalid === 0 ? '' : ` (${invalid} lost)`)
}

/** `2/15 won`; empty where nobody attacked. */
export function attackText({ attacked, attackSuccesses }: CaseStats): string {
  return attacked === 0 ? '' : `${countOf(attackSuccesses, attacked)} won`
}

/** How many trials broke a rule, and which. */
export function violationText({ violationTrials, violationsByRule }: CaseStats): string {
  if (violationTrials === 0) return '0'
  return `${violationTrials} (${Object.keys(violationsByRule).sort().join(', ')})`
}
