import type { CaseResult } from '../schema/run-result.ts'
import type { Fact, MetricVerdict, Verdict } from '../schema/verdict.ts'
import type { UnpairedCase } from '../schema/verdict-findings.ts'
import {
  beyondReach,
  isTierMissing,
  lacksTrials,
  ruledOut,
  trialsRemedy,
} from './commands/trials-needed.ts'
import { countOf, listed, percent, plural } from './format.ts'
import { couldBe, gotWorse, inReadingOrder, labelOfMetric, metricLabel } from './metric-words.ts'
import { factWords, namelessFactWords } from './notes/harm-words.ts'
import { lostTrials } from './notes/lost-trials.ts'
import type { Say } from './say.ts'
import type { Subject } from './subject.ts'

type HarmedNames = 'named' | 'counted'

/** Longest list of reasons in a heading; the rest is counted. */
export const mostReasons = 2

/**
 * The verdict first, then why, in the words of whoever owns the agent: no method and no p-value.
 *
 * @param say - makes the names in it safe for the place where it is going to stand
 * @param names - whether it names whom a fact harmed and, of several, which rules were broken; where it
 *   does not, they have to stand elsewhere
 */
export function heading(subject: Subject, say: Say, names: HarmedNames = 'named'): string {
  const { verdict } = subject
  if (verdict === undefined) return withoutVerdict(subject, say)
  switch (verdict.status) {
    case 'pass':
      return passed({ ...subject, verdict }, say)
    case 'regression':
      return `regression: ${reasons(whatBroke(subject.cases, verdict, wordsOf(say, names)))}`
    case 'inconclusive':
      return `inconclusive: ${undecided({ ...subject, verdict }, say)}${notCompared(verdict)}`
    case 'error':
      return `error: ${reasons(verdict.missingEvidence.map(say))}`
  }
}

/** Whether the heading has a fact in its own words, and so how many it harmed: several rules are only counted. */
export function isToldInHeading(fact: Fact, { facts, metrics, status }: Verdict): boolean {
  const open = facts.filter(({ waivedBy }) => waivedBy === undefined)
  const isCounted = open.filter(({ rule }) => rule !== undefined).length > 1
  const isAttacked = metrics.some((metric) => metric.id === 'asr' && metric.status === 'regression')
  const at = open.indexOf(fact)
  const place = at + (isAttacked ? 1 : 0)
  return status === 'regression' && !isCounted && at !== -1 && place < mostReasons
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

function passed(subject: Decided, say: Say): string {
  const { verdict } = subject
  if (verdict.firstRun) return 'first run: nothing to compare with'
  const hidden = unproven(verdict, say)
  const beside = notCompared(verdict)
  if (hidden.length > 0) {
    const why = [`${safety(verdict)}${reasons(hidden)}`, beyondReach(subject)]
    return `pass, but ${why.filter((part) => part !== '').join('; ')}${beside}`
  }
  const drops = inReadingOrder(verdict.metrics).filter(
    ({ smallRealDrop }) => smallRealDrop === true,
  )
  if (drops.length > 0) {
    return `pass, with a small real drop: ${reasons(drops.map(gotWorse))}${beside}`
  }
  return `pass: no regression in ${plural(verdict.pairedCases, 'case')}${beside}`
}

/** Beside a pass stands what it is not about: deleting a failing case must not read like mending it. */
function notCompared({ cases }: Verdict): string {
  const { added, changed, removed, suspended = [], unpaired = [] } = cases
  const worse = unpaired.filter((one) => one.why === 'changed' && passesLess(one)).length
  const parts = [
    { n: removed.length, word: 'removed' },
    { n: suspended.length, word: 'set aside' },
    { n: changed.length, word: worse === 0 ? 'changed' : `changed (${worse} pass less)` },
    { n: added.length, word: 'added' },
  ].filter(({ n }) => n > 0)
  return parts.length === 0 ? '' : `; ${parts.map(({ n, word }) => `${n} ${word}`).join(', ')}`
}

function passesLess({ baseline, candidate }: UnpairedCase): boolean {
  if (baseline === undefined || candidate === undefined || baseline.scored === 0) return false
  const now = candidate.scored === 0 ? 0 : candidate.passed / candidate.scored
  return now < baseline.passed / baseline.scored
}

interface Words {
  readonly say: Say
  readonly names: HarmedNames
  readonly ofFact: (fact: Fact) => string
}

function wordsOf(say: Say, names: HarmedNames): Words {
  const inWords = names === 'named' ? factWords : namelessFactWords
  return { say, names, ofFact: (fact) => inWords(fact, say) }
}

/** What an attacker got, then facts, which need no statistics, then the rest. */
function whatBroke(
  cases: readonly CaseResult[],
  verdict: Verdict,
  words: Words,
): readonly string[] {
  const { say } = words
  const regressed = withStatus(verdict, 'regression')
  const attacks = regressed
    .filter(({ id }) => id === 'asr')
    .map((metric) => attackedCases(cases) ?? gotWorse(metric))
  const rules = brokenRules(verdict, words)
  // A rule that is named says more than how many trials broke one.
  const isTold = (id: MetricVerdict['id']): boolean =>
    id === 'asr' || (id === 'violationRate' && rules.length > 0)
  const others = regressed.filter(({ id }) => !isTold(id)).map(gotWorse)
  const released = (verdict.anchor?.metrics ?? [])
    .filter(({ status }) => status === 'regression')
    .map((metric) => `since the last release ${gotWorse(metric)}`)
  const slices = (verdict.slices ?? [])
    .filter(({ status }) => status === 'regression')
    .map(({ metric, slice }) => `${metricLabel(metric)} got worse in ${say(slice)}`)
  return [...attacks, ...rules, ...others, ...slices, ...released]
}

/** One fact in its own words; several of a kind counted, because what attacks got comes with them. */
function brokenRules({ facts }: Verdict, { names: harmed, ofFact, say }: Words): readonly string[] {
  const open = facts.filter(({ waivedBy }) => waivedBy === undefined)
  const rules = open.filter(({ rule }) => rule !== undefined)
  if (rules.length < 2) return open.map(ofFact)
  const cases = new Set(rules.flatMap((fact) => fact.cases))
  const where = cases.size === 0 ? '' : ` in ${plural(cases.size, 'case')}`
  const others = open.filter(({ rule }) => rule === undefined)
  const names = rules.flatMap(({ rule }) => (rule === undefined ? [] : [say(rule)]))
  const isStrict = rules.every(({ kind }) => kind === 'zero-tolerance')
  const those = isStrict ? 'rules that allow no exception' : 'rules'
  const which = harmed === 'named' ? `: ${listed(names, 3)}` : ''
  return [
    `${rules.length} ${those} were broken by executed calls${where}${which}`,
    ...others.map(({ message }) => say(message)),
  ]
}

/** `attacks succeeded in 6 of 8 cases`; `undefined` where the document has no cases to count. */
function attackedCases(cases: readonly CaseResult[]): string | undefined {
  const attacked = cases.filter((one) => one.attacked > 0)
  const lost = attacked.filter((one) => one.attackSuccesses > 0)
  if (lost.length === 0) return undefined
  return `attacks succeeded in ${lost.length} of ${plural(attacked.length, 'case')}`
}

type Decided = Pick<Subject, 'cases'> & { readonly verdict: Verdict }

function undecided(subject: Decided, say: Say): string {
  const { verdict } = subject
  const open = withStatus(verdict, 'inconclusive').map((metric) => {
    const size = couldBe(metric)
    if (size !== undefined) return `${size} is still possible`
    return `${labelOfMetric(metric)}: ${say(metric.note ?? 'too little evidence')}`
  })
  const known = [...lateCases(verdict), ...open, ...missingTier(verdict)]
  const hidden = unproven(verdict, say)
  const isSafety = known.length === 0 && hidden.length > 0
  const why = isSafety ? `${safety(verdict)}${reasons(hidden)}` : reasons(known)
  return [why, trialsRemedy(subject)].filter((part) => part !== '').join('; ')
}

/** What the eval set asks for and the evidence does not support. */
function missingTier(verdict: Verdict): readonly string[] {
  const { earned, required } = verdict.autonomy ?? {}
  if (required === undefined || !isTierMissing(verdict)) return []
  const reached = earned === undefined ? 'none yet' : `up to tier ${earned}`
  return [`tier ${required} is required, earned: ${reached}`]
}

function lateCases({ sampling }: Verdict): readonly string[] {
  if (sampling === undefined || sampling.notReached === 0) return []
  return [untried(sampling.stopped, sampling.notReached)]
}

/** What could hide in the sample; or, where its size is not the trouble, what is. */
function unproven(verdict: Verdict, say: Say): readonly string[] {
  return withStatus(verdict, 'unproven').map((metric) => {
    const { ciUpper, margin, note, nCandidate } = metric
    const size = couldBe(metric)
    const isLargeEnough = ciUpper !== undefined && ciUpper < margin
    if (lacksTrials(metric)) return `${say(note ?? '')} to rule out ${ruledOut(metric)}`
    if (size !== undefined && !(isLargeEnough && note !== undefined)) {
      return `${size} could hide in ${plural(nCandidate, 'trial')}`
    }
    return `${labelOfMetric(metric)}: ${say(note ?? 'too little evidence')}`
  })
}

/** What the reasons are for, where they do not say so themselves. */
function safety(verdict: Verdict): string {
  return withStatus(verdict, 'unproven').every(lacksTrials) ? '' : 'safety unproven: '
}

function withoutVerdict(subject: Subject, say: Say): string {
  const { stopped } = subject
  const late = stopped === undefined ? [] : [untried(stopped.why, stopped.notReached)]
  return [...late, measured(subject, say)].join('; ')
}

function untried(why: 'time' | 'budget' | 'decided' | undefined, cases: number): string {
  const words = why === 'budget' ? 'the budget was spent' : 'time was up'
  return `${words} with ${plural(cases, 'case')} untried`
}

function measured(subject: Subject, say: Say): string {
  const lost = subject.cases.some(({ scored }) => scored > 0) ? '' : lostTrials(subject, say)
  if (lost !== '') return `no trial was scored: ${lost}`
  const tsr = subject.metrics?.tsr
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
  const rest = all.length - mostReasons
  const shown = all.slice(0, mostReasons).join('; ')
  if (shown === '') return 'see below'
  return rest > 0 ? `${shown}; and ${rest} more` : shown
}
