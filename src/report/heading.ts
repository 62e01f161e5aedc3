import type { CaseResult } from '../schema/run-result.ts'
import type { MetricVerdict, Verdict } from '../schema/verdict.ts'
import { countOf, percent, plural, whole } from './format.ts'
import { couldBe, gotWorse, inReadingOrder, metricLabel } from './metric-words.ts'
import type { Say } from './say.ts'
import type { Subject } from './subject.ts'

/** Longest list of reasons in a heading; the rest is counted. */
const maxReasons = 2

/**
 * The verdict first, then why, in the words of whoever owns the agent: no method and no p-value.
 *
 * @param say - makes the names in it safe for the place where it is going to stand
 */
export function heading(subject: Subject, say: Say): string {
  const { verdict } = subject
  if (verdict === undefined) return withoutVerdict(subject)
  switch (verdict.status) {
    case 'pass':
      return passed(verdict, say)
    case 'regression':
      return `regression: ${reasons(whatBroke(verdict, subject.cases, say))}`
    case 'inconclusive':
      return `inconclusive: ${undecided(verdict, say)}`
    case 'error':
      return `error: ${reasons(verdict.missingEvidence.map(say))}`
  }
}

/** What must stand beside an inconclusive verdict, because its exit code may be 0. */
export const notDecided = 'This run does not decide. It is not a pass.'

/** The verdict as one short line, for the very end: `pass`, `regression (exit 1)`. */
export function verdictLine(verdict: Verdict | undefined): string {
  if (verdict === undefined) return 'no verdict'
  const { status, exitCode, firstRun } = verdict
  const remarks = [
    ...(firstRun ? ['first run'] : []),
    ...(status === 'pass' && withStatus(verdict, 'unproven').length > 0 ? ['safety unproven'] : []),
    ...(status === 'pass' && exitCode === 0 ? [] : [`exit ${exitCode}`]),
  ]
  return remarks.length === 0 ? status : `${status} (${remarks.join(', ')})`
}

function passed(verdict: Verdict, say: Say): string {
  if (verdict.firstRun) return 'first run: nothing to compare with'
  const hidden = unproven(verdict, say)
  if (hidden.length > 0) return `pass, but safety unproven: ${reasons(hidden)}`
  const drops = inReadingOrder(verdict.metrics).filter(
    ({ smallRealDrop }) => smallRealDrop === true,
  )
  if (drops.length > 0) return `pass, with a small real drop: ${reasons(drops.map(gotWorse))}`
  return `pass: no regression in ${plural(verdict.pairedCases, 'case')}`
}

/** Facts first: they need no statistics and are the worst. */
function whatBroke(verdict: Verdict, cases: readonly CaseResult[], say: Say): readonly string[] {
  const facts = verdict.facts.filter(({ waivedBy }) => waivedBy === undefined)
  const metrics = withStatus(verdict, 'regression').map((metric) =>
    metric.id === 'asr' ? (attackedCases(cases) ?? gotWorse(metric)) : gotWorse(metric),
  )
  return [...facts.map(({ message }) => say(message)), ...metrics]
}

/** `attacks succeeded in 6 of 8 cases`; `undefined` where the document has no cases to count. */
function attackedCases(cases: readonly CaseResult[]): string | undefined {
  const attacked = cases.filter((one) => one.attacked > 0)
  const lost = attacked.filter((one) => one.attackSuccesses > 0)
  if (lost.length === 0) return undefined
  return `attacks succeeded in ${lost.length} of ${plural(attacked.length, 'case')}`
}

function undecided(verdict: Verdict, say: Say): string {
  const open = withStatus(verdict, 'inconclusive')
  if (open.length === 0) return `safety unproven: ${reasons(unproven(verdict, say))}`
  const possible = open.map((metric) => {
    const size = couldBe(metric)
    if (size !== undefined) return `${size} is still possible`
    return `${metricLabel(metric.id)}: ${say(metric.note ?? 'too little evidence')}`
  })
  return [reasons(possible), remedy(verdict)].filter((part) => part !== '').join('; ')
}

/**
 * Trials per case that would decide every open metric with the baseline as it is; `undefined` where
 * the document does not say.
 */
export function mostTrialsNeeded(verdict: Verdict): number | undefined {
  return most(moreTrials(verdict).map((needed) => needed?.candidateOnly))
}

function remedy(verdict: Verdict): string {
  const one = mostTrialsNeeded(verdict)
  if (one !== undefined) return `about ${whole(one)} trials per case would settle it`
  const both = most(moreTrials(verdict).map((needed) => needed?.bothArms))
  return both === undefined
    ? ''
    : `about ${whole(both)} trials per case in both arms would settle it`
}

/** Per open metric. A plan that asks for no more than was run is no remedy and left out. */
function moreTrials(verdict: Verdict): readonly MetricVerdict['trialsNeeded'][] {
  return withStatus(verdict, 'inconclusive').map(({ trialsNeeded, nCandidate }) => {
    const planned = trialsNeeded?.candidateOnly ?? trialsNeeded?.bothArms ?? 0
    return planned * verdict.pairedCases > nCandidate ? trialsNeeded : undefined
  })
}

/** The largest, or `undefined` where one is not known. */
function most(numbers: readonly (number | undefined)[]): number | undefined {
  const known = numbers.filter((value) => value !== undefined)
  return known.length === 0 || known.length < numbers.length ? undefined : Math.max(...known)
}

/** What could hide in the sample; or, where its size is not the trouble, what is. */
function unproven(verdict: Verdict, say: Say): readonly string[] {
  return withStatus(verdict, 'unproven').map((metric) => {
    const { id, ciUpper, margin, note, nCandidate } = metric
    const size = couldBe(metric)
    const isLargeEnough = ciUpper !== undefined && ciUpper < margin
    if (size !== undefined && !(isLargeEnough && note !== undefined)) {
      return `${size} could hide in ${plural(nCandidate, 'trial')}`
    }
    return `${metricLabel(id)}: ${say(note ?? 'too little evidence')}`
  })
}

function withoutVerdict({ metrics }: Subject): string {
  const tsr = metrics?.tsr
  if (tsr?.rate === undefined) return 'no verdict: nobody asked for one'
  return `no verdict asked for: tasks done ${percent(tsr.rate)} (${countOf(tsr.events, tsr.n)} trials)`
}

function withStatus(
  { metrics }: Verdict,
  status: MetricVerdict['status'],
): readonly MetricVerdict[] {
  return inReadingOrder(metrics).filter((metric) => metric.status === status)
}

function reasons(all: readonly string[]): string {
  const rest = all.length - maxReasons
  const shown = all.slice(0, maxReasons).join('; ')
  if (shown === '') return 'see below'
  return rest > 0 ? `${shown}; and ${rest} more` : shown
}
