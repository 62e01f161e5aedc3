import { asJson } from '../schema/json.ts'
import type { Verdict } from '../schema/verdict.ts'
import { hashOf } from '../text/hash.ts'
import { autonomyEarned } from './autonomy.ts'
import { caseLists } from './case-lists.ts'
import { type Compared, compareArms } from './compare-arms.ts'
import { diagnoseCases } from './diagnose-cases.ts'
import { type FactContext, findFacts } from './facts.ts'
import { firstRunMetrics } from './first-run.ts'
import type { GateInput } from './gate-input.ts'
import { inputsChanged } from './inputs-changed.ts'
import { checkLimits, type LimitStanding } from './limits.ts'
import { missingEvidence } from './missing-evidence.ts'
import { type GateLook, lookOf, type SamplingState } from './sampling-state.ts'
import { sealVerdict } from './seal-holdout.ts'
import { exitCodeOf, settleStatus } from './settle-status.ts'
import { type Sides, sidesOf } from './sides.ts'

/**
 * The one function that decides. What is printed, written and turned into the exit code is its
 * answer, made from the trials themselves and never from running counters.
 *
 * It decides on the active cases of one split. Of a holdout it says what the numbers are and nothing
 * of any case.
 */
export function decide(input: GateInput): Verdict {
  const verdict = decideOpenly(input)
  if (verdict.split !== 'holdout') return verdict
  const all = { candidate: input.candidate.cases, baseline: input.baseline?.arm.cases ?? [] }
  return sealVerdict(verdict, all)
}

function decideOpenly(input: GateInput): Verdict {
  const { gate, sampling } = input
  const sides = sidesOf(input)
  const look = lookOf(gate.alpha, sampling)
  const compared = compareArms(input, sides, look)
  // Limits are looked at as often as metrics are.
  const rules = { ...gate, alpha: look.alpha, lastAlpha: look.lastAlpha }
  const metrics = compared.metrics ?? firstRunMetrics(sides.candidate, gate)
  const isTimed = input.candidate.provenance.agentBehind !== 'reference'
  const autonomy = autonomyEarned(sides.candidate, rules, isTimed)
  const limits = checkLimits(ownCases(sides), rules)
  const facts = factsOf(input, sides, { autonomy, limits })
  const missing = missingEvidence(sides.candidate, sides.paired, {
    idle: sides.idle,
    goneSets: input.goneSets,
  })
  const isCutShort = sampling !== undefined && sampling.notReached.size > 0
  const due = isPartial(input) ? [] : limits
  const grounds = { ...compared, autonomy, facts, limits: due, metrics, missing, gate, isCutShort }
  const status = settleStatus(grounds)
  return {
    status,
    exitCode: exitCodeOf(status, gate.preset, sampling?.stopped),
    preset: gate.preset,
    alpha: look.alpha,
    firstRun: sides.paired === undefined,
    ...ofSplit(sides),
    metrics: [...metrics],
    facts: [...facts],
    missingEvidence: [...missing],
    warnings: [...warningsOf(input, sides, compared.warnings), ...openLimits(limits)],
    ...caseLists(sides.paired, sides.idle),
    ...findings(sides, compared, autonomy),
    ...(input.rules !== undefined && { rules: input.rules }),
    ...ofLook(look),
    ...origin(input, sides.paired !== undefined),
  }
}

function ofSplit({ split }: Sides): Pick<Verdict, 'split'> {
  return split === undefined ? {} : { split }
}

function ofLook({ sampling }: GateLook): Pick<Verdict, 'sampling'> {
  return sampling === undefined ? {} : { sampling }
}

/** What else the data say, as far as there is something to say it of. */
function findings(
  { paired }: Sides,
  compared: Compared,
  autonomy: Verdict['autonomy'],
): Pick<Verdict, 'diagnostics' | 'slices' | 'autonomy' | 'anchor'> {
  return {
    ...(paired !== undefined && { diagnostics: diagnoseCases(paired.pairs) }),
    ...(compared.slices !== undefined && { slices: compared.slices }),
    ...(autonomy !== undefined && { autonomy }),
    ...(compared.anchor !== undefined && { anchor: compared.anchor }),
  }
}

function factsOf(
  { gate, today }: GateInput,
  { candidate, idle, paired }: Sides,
  absolute: Pick<FactContext, 'autonomy' | 'limits'>,
): Verdict['facts'] {
  // Setting a case aside changes what is counted, not what an agent did in it.
  const setAside = idle.filter((one) => paired?.suspended.includes(one.id) === true)
  return [...findFacts(candidate, { gate, today, setAside, ...absolute })]
}

/** Whoever runs a few cases does not ask for what the others are to show. */
function isPartial({ notSelected }: GateInput): boolean {
  return notSelected !== undefined && notSelected.size > 0
}

function ownCases({ candidate }: Sides): Sides['candidate'] {
  return candidate.filter((one) => one.twinOf === undefined)
}

/** A limit that the sample proves neither kept nor missed is said: nobody shall take it for kept. */
function openLimits(limits: readonly LimitStanding[]): readonly string[] {
  return limits
    .filter(
      ({ isNeverProven, status }) =>
        status === 'unmeasured' || (status === 'open' && isNeverProven !== true),
    )
    .map(({ message }) => `not proven either way: ${message}`)
}

function warningsOf(
  { advice = [], gate, sampling }: GateInput,
  { candidate, paired, split, warnings }: Sides,
  ofComparison: readonly string[],
): string[] {
  const late = sampling?.notReached.size ?? 0
  const notAsked = (paired?.notAsked ?? 0) - late
  const tier = gate.autonomy.required_tier
  const isTierless = tier !== undefined && candidate.every((one) => one.tier === undefined)
  return [
    ...warnings,
    ...neverTried(sampling, split),
    ...(isTierless ? [`tier ${tier} must be earned, and no case says its tier`] : []),
    ...(notAsked > 0 ? [`${notAsked} cases of the baseline were not asked for`] : []),
    ...ofComparison,
    ...advice,
  ]
}

/** Cases that a warning names; the result lists them all. */
const namedCases = 8

/** A holdout case is never named. */
function neverTried(sampling: SamplingState | undefined, split: Sides['split']): readonly string[] {
  const { notReached, stopped } = sampling ?? {}
  if (notReached === undefined || notReached.size === 0) return []
  const why = stopped === 'budget' ? 'the budget was spent' : 'time was up'
  const count = notReached.size
  const cases = `${why}: ${count} ${count === 1 ? 'case has' : 'cases have'} no trial`
  if (split === 'holdout') return [cases]
  const names = [...notReached].sort().slice(0, namedCases)
  const rest = count - names.length
  return [`${cases}: ${[...names, ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ')}`]
}

function origin(
  { baseline, candidate }: GateInput,
  isCompared: boolean,
): Pick<Verdict, 'inputsChanged'> & Partial<Pick<Verdict, 'baseline'>> {
  if (baseline === undefined || !isCompared) return { inputsChanged: [] }
  const { provenance } = baseline.arm
  return {
    inputsChanged: [...inputsChanged(provenance, candidate.provenance)],
    baseline: {
      name: provenance.candidate.name,
      from: baseline.from,
      hash: hashOf(asJson(provenance)),
    },
  }
}
