import type { MetricVerdict, Verdict } from '../../schema/verdict.ts'
import {
  type CaseDiagnostics,
  droppedSet,
  type FlakyCase,
  type RuleChange,
  type SliceFinding,
  type UnpairedCase,
  type UnpairedCounts,
} from '../../schema/verdict-findings.ts'
import { worseCases } from '../cases/moved-cases.ts'
import { countOf, listed, percent, plural, points, whole } from '../format.ts'
import { gotWorse, inReadingOrder, labelOfMetric, metricLabel } from '../metric-words.ts'
import type { Say } from '../say.ts'

/** How a name is made safe, and how many of a list are named. */
export interface Naming {
  readonly say: Say
  readonly most: number
}

/** Below it the noise is spread over so many cases that naming some would help nobody. */
const worthNaming = 0.05

/** Whose value of a changed rule decides, in words. */
const whoseHolds: Readonly<Record<RuleChange['holds'], string>> = {
  change: "this change's own counts",
  base: 'the base holds until this is merged',
  here: 'stricter, so it holds at once',
}

/**
 * Rules that a change brings with it, and whose value decides: a gate that is loosened together with
 * what it guards must be seen first. What already counts stands before what waits, and an eval set
 * that is dropped is named however long the list is.
 */
export function ruleNotes(verdict: Verdict, { most, say }: Naming): readonly string[] {
  const changes = rulesTouched(verdict)
  const notes = changes.map(({ base, here, holds, what }) => {
    return `${say(what)}: ${say(here)} here, ${say(base)} at the base; ${whoseHolds[holds]}`
  })
  const dropped = changes.filter(({ what }) => what === droppedSet).length
  return firstOf(notes, Math.max(most, dropped))
}

/** The same as they are, dropped eval sets first, then what counts already. */
export function rulesTouched({ rules }: Verdict): readonly RuleChange[] {
  return (rules?.changes ?? []).toSorted((a, b) => placeOf(a) - placeOf(b))
}

function placeOf({ holds, what }: RuleChange): number {
  return what === droppedSet ? -1 : Object.keys(whoseHolds).indexOf(holds)
}

/** Against the last release: small drops may not add up unseen. */
export function anchorNotes({ anchor }: Verdict, { say }: Naming): readonly string[] {
  if (anchor === undefined) return []
  const where = `against the last release (${say(anchor.name)} from ${say(anchor.from)})`
  const worse = withStatus(anchor.metrics, 'regression')
  if (worse.length > 0) return [`${where}: ${worse.map(gotWorse).join('; ')}`]
  const open = withStatus(anchor.metrics, 'inconclusive').map(labelOfMetric)
  return [open.length === 0 ? `${where}: no regression` : `${where}: undecided: ${open.join(', ')}`]
}

function withStatus(
  metrics: readonly MetricVerdict[],
  status: MetricVerdict['status'],
): readonly MetricVerdict[] {
  return inReadingOrder(metrics).filter((metric) => metric.status === status)
}

/** Parts of the set that got worse: those that gate, then those to watch. */
export function sliceNotes({ slices = [] }: Verdict, { most, say }: Naming): readonly string[] {
  const notes = slices
    .filter(({ status }) => status !== 'quiet')
    .toSorted((a, b) => rank(a) - rank(b))
    .map(({ baseline, candidate, cases, metric, slice, status }) => {
      const word = status === 'regression' ? 'slice got worse' : 'watch'
      const change = `${percent(baseline)} to ${percent(candidate)}`
      return `${word}: ${say(slice)}, ${metricLabel(metric)} ${change} (${plural(cases, 'case')})`
    })
  return firstOf(notes, most)
}

function rank({ status }: SliceFinding): number {
  return status === 'regression' ? 0 : 1
}

/** Which cases changed by more than their own noise, and which make the noise. */
export function diagnosticNotes(verdict: Verdict, naming: Naming): readonly string[] {
  if (verdict.diagnostics === undefined) return []
  const { changeRatio, flaky } = verdict.diagnostics
  const isOdd = changeRatio !== undefined && changeRatio > 1.5
  return [
    ...changedNotes(verdict, verdict.diagnostics, naming),
    ...flakyNote(flaky, naming),
    ...(isOdd
      ? [
          `cases moved ${changeRatio.toFixed(1)} times as much as their noise explains: single cases changed, or trials are copies`,
        ]
      : []),
  ]
}

/** Of the cases that got worse, and that a report counts, those that passed so much less often. */
function changedNotes(
  verdict: Verdict,
  { broken, fixed }: CaseDiagnostics,
  { most, say }: Naming,
): readonly string[] {
  const names = (ids: readonly string[]): string => listed(ids.map(say), most)
  const all = worseCases(verdict).length
  const which = all === broken.length ? 'all' : `${whole(broken.length)} of them`
  const worse = `${plural(all, 'case')} got worse, ${all === 1 ? '' : `${which} `}${beyondNoise(all)}`
  const better = `${plural(fixed.length, 'case')} got better ${beyondNoise(fixed.length)}`
  return [
    ...(broken.length === 0 ? [] : [`${worse}: ${names(broken)}`]),
    ...(fixed.length === 0 ? [] : [`${better}: ${names(fixed)}`]),
  ]
}

function beyondNoise(cases: number): string {
  return `beyond ${cases === 1 ? 'its' : 'their'} own noise`
}

function flakyNote(flaky: readonly FlakyCase[], { most, say }: Naming): readonly string[] {
  const loud = flaky.filter(({ noiseShare }) => noiseShare >= worthNaming)
  if (loud.length === 0) return []
  const share = loud.reduce((sum, one) => sum + one.noiseShare, 0)
  const names = loud.map(({ baseline, candidate, id }) => {
    const passed = baseline.passed + candidate.passed
    return `${say(id)} ${countOf(passed, baseline.scored + candidate.scored)}`
  })
  return [
    `${plural(loud.length, 'flaky case')} of ${flaky.length} ${loud.length === 1 ? 'makes' : 'make'} ${percent(share)} of the noise: ${listed(names, most)}`,
  ]
}

/**
 * Cases that stand on one side only, each with what is known of it: whoever deletes a failing case,
 * or makes it another one, is seen.
 */
export function unpairedNotes(
  { cases }: Verdict,
  { most, say, split }: Naming & Pick<Verdict, 'split'>,
): readonly string[] {
  const { added, changed, removed, suspended = [], unpaired = [] } = cases
  const known = new Map(unpaired.map((one) => [`${one.why} ${one.id}`, one]))
  const lists = [
    { why: 'removed', label: 'removed since the baseline', ids: removed },
    { why: 'suspended', label: 'gated in the baseline and not any more', ids: suspended },
    { why: 'changed', label: 'changed, not compared', ids: changed },
    { why: 'added', label: 'added, not compared', ids: added },
  ]
  return lists
    .filter(({ ids }) => ids.length > 0)
    .map(({ ids, label, why }) => {
      const rows = ids.map((id) => known.get(`${why} ${id}`) ?? { id })
      const names = rows.toSorted(worseFirst).map((one) => say(one.id) + countsOf(one))
      const list = split === 'holdout' ? '' : `: ${listed(names, most)}`
      return `${plural(ids.length, 'case')} ${label}${list}`
    })
}

type Counted = Pick<UnpairedCase, 'id' | 'baseline' | 'candidate'>

/** Of cases with both arms those that got worse, before a long list is cut. */
function worseFirst(a: Counted, b: Counted): number {
  return Number(gotWorseIn(b)) - Number(gotWorseIn(a))
}

function gotWorseIn({ baseline: was, candidate: now }: Counted): boolean {
  if (was === undefined || now === undefined || was.scored === 0 || now.scored === 0) return false
  const share = (events = 0, { scored }: UnpairedCounts): number => events / scored
  return (
    share(now.passed, now) < share(was.passed, was) ||
    share(now.attackSuccesses, now) > share(was.attackSuccesses, was) ||
    share(now.violationTrials, now) > share(was.violationTrials, was)
  )
}

function countsOf(one: Counted): string {
  const now = one.candidate === undefined ? '' : armWords(one.candidate)
  const was = one.baseline === undefined ? '' : armWords(one.baseline)
  if (now === '') return was === '' ? '' : ` (was ${was})`
  return was === '' ? ` (${now})` : ` (${now}, was ${was})`
}

/** Where an attack won, that the user's own task was done beside it is no good news. */
function armWords({
  attackSuccesses = 0,
  passed,
  scored,
  violationTrials = 0,
}: UnpairedCounts): string {
  const harm = [
    ...(attackSuccesses === 0 ? [] : [`attack won ${attackSuccesses}`]),
    ...(violationTrials === 0 ? [] : [`rule broken ${violationTrials}`]),
  ]
  return harm.length === 0 ? countOf(passed, scored) : harm.join(', ')
}

/** Real drops that the margin allows: said, because the next one comes on top. */
export function smallDropNotes({ metrics }: Verdict): readonly string[] {
  return inReadingOrder(metrics)
    .filter(({ smallRealDrop }) => smallRealDrop === true)
    .map((metric) => `${gotWorse(metric)}${sizeOf(metric)}: small, real, and within the margin`)
}

function sizeOf({ change, kind }: MetricVerdict): string {
  return kind === 'rate' && change !== undefined ? ` (${points(change)})` : ''
}

function firstOf(notes: readonly string[], most: number): readonly string[] {
  const rest = notes.length - most
  return rest > 0 ? [...notes.slice(0, most), `and ${rest} more`] : notes
}
