import type { Provenance } from '../../schema/run-manifest.ts'
import type { RunMetrics } from '../../schema/run-metrics.ts'
import { plural, usd, whole } from '../format.ts'
import type { ReportContext } from '../reporter.ts'
import type { Say } from '../say.ts'
import type { Subject } from '../subject.ts'
import { paidToModels } from './paid-to-models.ts'

/** `24 cases, 120 trials, 0 lost`: what the numbers stand on. */
export function sampleSize(subject: Subject): string {
  const size = sizeOf(subject)
  return subject.verdict?.confirmation === undefined ? size : `first measured: ${size}`
}

function sizeOf({ baseline, cases, controls, metrics, verdict }: Subject): string {
  if (baseline === undefined) {
    const trials = total(cases.map(({ n }) => n))
    const lost = total(cases.map(({ invalid, incomplete }) => invalid + incomplete))
    const without = controls?.propensity
    if (without !== undefined) {
      const halves = `${plural(trials, 'trial')} with controls and ${whole(trials)} without`
      return `${caseCount(cases)}, ${halves}, ${whole(lost + without.broken.lost)} lost`
    }
    return `${caseCount(cases)}, ${plural(trials, 'trial')}, ${whole(lost)} lost`
  }
  const compared = `${plural(verdict?.pairedCases ?? 0, 'case')} compared`
  if (metrics === undefined) return compared
  const { tsr, utilityUnderAttack: attacked } = metrics
  const lost = tsr.lost + attacked.lost
  return `${compared}, ${plural(tsr.n + attacked.n + lost, 'trial')}, ${whole(lost)} lost`
}

/** Benign twins are tried and paid for, but they are no cases of the set and gate nothing. */
export function caseCount(cases: Subject['cases']): string {
  const twins = cases.filter(({ twinOf }) => twinOf !== undefined).length
  const own = plural(cases.length - twins, 'case')
  return twins === 0 ? own : `${own} and ${plural(twins, 'benign twin')}`
}

/**
 * What it cost, honestly: the reference provider meters by declared rates and recordings were paid
 * for earlier. Empty where nothing is known.
 */
export function spend(subject: Subject, context: ReportContext): string {
  const spent = spendOf(subject, context)
  const isTwice = spent !== '' && subject.verdict?.confirmation !== undefined
  return isTwice ? `${spent} (without the fresh trials)` : spent
}

function spendOf(subject: Subject, { spentUsd, budgetUsd }: ReportContext): string {
  const both = subject.controls?.propensity === undefined ? '' : ' for both'
  const limit = `${budgetUsd === undefined ? '' : ` of ${usd(budgetUsd)}`}${both}`
  if (spentUsd !== undefined) return `spent ${usd(spentUsd)}${limit}`
  const sum = metered(subject.metrics)
  if (sum === undefined) return ''
  switch (subject.candidate.agentBehind) {
    case 'model':
    case 'program':
      return paid(subject.metrics, limit)
    case 'reference':
      return `metered ${usd(sum)}${both} at declared rates, nothing paid`
    case 'recorded':
      return `recorded cost ${usd(sum)}${both}, nothing paid now`
  }
}

/** The tools are simulated: what they would cost stands in the cost per task, and nobody pays it. */
function paid(metrics: RunMetrics | undefined, limit: string): string {
  const parts = metrics === undefined ? [] : paidToModels(metrics)
  if (parts.length === 0) return ''
  const words = parts.map(({ amount, role }) => `${role} ${usd(amount)}`)
  const byRole = parts.length === 1 ? '' : ` (${words.join(', ')})`
  return `spent ${usd(total(parts.map(({ amount }) => amount)))}${limit}${byRole}`
}

/** What was compared with what, in one sentence. */
export function comparedWith({ verdict, baseline, candidate, split }: Subject, say: Say): string {
  const set = evalSetWords({ candidate, split }, say)
  const arm = `${set}, candidate ${say(candidate.candidate.name)}`
  if (verdict?.baseline !== undefined) {
    const { name, from } = verdict.baseline
    return `${arm}, baseline ${say(name)}${from === name ? '' : ` from ${say(from)}`}`
  }
  if (verdict === undefined) return arm
  return baseline === undefined
    ? `${arm}, no baseline`
    : `${arm}, baseline ${say(baseline.candidate.name)}`
}

/** `support 1.3.0`, and which split of it where that is not the gate's. */
export function evalSetWords(
  { candidate: { evalSet }, split }: Pick<Subject, 'candidate' | 'split'>,
  say: Say,
): string {
  const part = split === undefined ? '' : ` (${split} split)`
  return `${say(evalSet.id)} ${say(evalSet.version)}${part}`
}

/** Why no case is named; empty where cases are. */
export function splitNote({ split }: Pick<Subject, 'split'>): readonly string[] {
  return split === 'holdout' ? ['The holdout is counted and never shown case by case.'] : []
}

/** What answered for the agent where that was no live model: numbers must not be read as one's. */
export function standIns(subject: Subject): readonly string[] {
  return [...whoActed(subject), ...replayNote(subject)]
}

/** A replay gives the answers of the day on which it was recorded. */
function replayNote({ metrics }: Subject): readonly string[] {
  if (metrics?.replayed === undefined || metrics.replayed === 0) return []
  return [
    'Its model answers were replayed from a cassette: this tests the harness, the controls and the ' +
      'graders, and says nothing new about a model.',
  ]
}

function whoActed({ candidate, baseline }: Subject): readonly string[] {
  const now = standIn[candidate.agentBehind]
  if (baseline === undefined || baseline.agentBehind === candidate.agentBehind) {
    return now === undefined ? [] : [`The agent was ${now}.`]
  }
  const before = standIn[baseline.agentBehind] ?? 'a model'
  return [`The candidate was ${now ?? 'a model'}.`, `The baseline was ${before}.`]
}

const standIn: Readonly<Record<Provenance['agentBehind'], string | undefined>> = {
  model: undefined,
  reference:
    "the reference provider, not a model: it plays each case's oracle. This tests the eval set and " +
    'the gate and says nothing about an agent',
  program: undefined,
  recorded: 'a recording: its answers were given earlier, and no model ran now',
}

function metered(metrics: RunMetrics | undefined): number | undefined {
  const amounts = Object.values(metrics?.spentUsd ?? {}).filter((one) => one !== undefined)
  return amounts.length === 0 ? undefined : total(amounts)
}

function total(amounts: readonly number[]): number {
  return amounts.reduce((sum, one) => sum + one, 0)
}
