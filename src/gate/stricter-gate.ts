import { type GateConfig, gatedMetricId, type Waiver } from '../schema/gate-config.ts'
import type { RuleChange } from '../schema/verdict-findings.ts'
import { ruleChange } from './rule-words.ts'
import {
  type Both,
  listOfBase,
  ofBase,
  type Settled,
  stricterOf,
  tighter,
  union,
} from './settle-rule.ts'

/** The rules that hold, and what of two sets of them differs. */
export interface StricterGate {
  readonly gate: GateConfig
  readonly changes: readonly RuleChange[]
}

/**
 * The rules of a change under test: of each the stricter one, so that nobody loosens the gate and
 * walks through it in the same pull request. What is looser holds once it is merged; what is
 * stricter holds at once.
 *
 * - Margins: the smaller. Limits: the tighter; one that stands on either side holds.
 * - Rules without tolerance: all of both sides.
 * - Gated metrics and slices: the base's. A further one takes its share of the error budget from the
 *   others (Holm): thirty slices hide a drop that five percent would show. So it waits for the merge.
 * - Waivers: what both sides waive, until the earlier day. A new one waits for the merge.
 * - `require_proof`, `release`, what a tier must earn: where either side asks for it.
 * - `anchor`: the base's; a first one counts at once.
 * - `alpha`, `unit`, `pass_hat_k`, `max_trials`: the base's. A larger alpha finds more regressions and
 *   lets more through within the margin; k is the k of another metric; whole cases and single
 *   trials are each stricter where the other is not; and fewer rounds decide less. None of these has a
 *   stricter side, so neither side may choose.
 */
export function stricterGate(base: GateConfig, here: GateConfig): StricterGate {
  const changes: RuleChange[] = []
  const keep = <T>({ changes: found, value }: Settled<T>): T => {
    changes.push(...found)
    return value
  }
  const both = <K extends keyof GateConfig>(key: K): Both<GateConfig[K]> => ({
    base: base[key],
    here: here[key],
  })
  const rules: EveryRule = {
    preset: keep(stricterOf('gate.preset', both('preset'), (a) => a === 'release')),
    alpha: keep(ofBase('gate.alpha', both('alpha'))),
    metrics: keep(listOfBase('gate.metrics', both('metrics'))),
    margins: keep(marginsOf(both('margins'))),
    limits: keep(limitsOf(both('limits'))),
    unit: keep(ofBase('gate.unit', both('unit'))),
    require_proof: keep(stricterOf('gate.require_proof', both('require_proof'), (a) => a)),
    zero_tolerance: keep(union('gate.zero_tolerance', both('zero_tolerance'))),
    waivers: keep(waiversOf(both('waivers'))),
    pass_hat_k: keep(ofBase('gate.pass_hat_k', both('pass_hat_k'))),
    slices: keep(listOfBase('gate.slices', both('slices'))),
    max_trials: keep(ofBase('gate.max_trials', both('max_trials'))),
    anchor: keep(anchorOf(both('anchor'))),
    autonomy: keep(autonomyOf(both('autonomy'))),
    baseline: keep(baselineOf(both('baseline'))),
  }
  const { anchor, max_trials, ...gate } = rules
  return {
    gate: {
      ...gate,
      ...(anchor !== undefined && { anchor }),
      ...(max_trials !== undefined && { max_trials }),
    },
    changes,
  }
}

/** None is forgotten: a rule that nobody settles would be the tree's own. */
type EveryRule = { [K in keyof Required<GateConfig>]: GateConfig[K] }

function anchorOf(anchors: Both<string | undefined>): Settled<string | undefined> {
  return stricterOf('gate.anchor', anchors, (_, other) => other === undefined)
}

function marginsOf({ base, here }: Both<GateConfig['margins']>): Settled<GateConfig['margins']> {
  const settled = gatedMetricId.options.map((id) => {
    const both = { base: base[id], here: here[id] }
    return { id, ...stricterOf(`gate.margins.${id}`, both, (a, b) => a < b) }
  })
  const value = Object.fromEntries(settled.map((one) => [one.id, one.value]))
  return {
    value: value as GateConfig['margins'],
    changes: settled.flatMap((one) => one.changes),
  }
}

interface LimitForm {
  readonly bound: 'min' | 'max' | 'max_usd'
  readonly stricter: 'lowest' | 'highest'
}

const limitForms: Readonly<Record<keyof GateConfig['limits'], LimitForm>> = {
  tsr: { bound: 'min', stricter: 'highest' },
  utilityUnderAttack: { bound: 'min', stricter: 'highest' },
  asr: { bound: 'max', stricter: 'lowest' },
  violationRate: { bound: 'max', stricter: 'lowest' },
  costPerTask: { bound: 'max_usd', stricter: 'lowest' },
}

function limitsOf({ base, here }: Both<GateConfig['limits']>): Settled<GateConfig['limits']> {
  const [then, now] = [new Map(Object.entries(base)), new Map(Object.entries(here))]
  const settled = Object.entries(limitForms).map(([id, { bound, stricter }]) => {
    const both = { base: limitIn(then.get(id), bound), here: limitIn(now.get(id), bound) }
    return { id, bound, ...tighter(`gate.limits.${id}.${bound}`, both, stricter) }
  })
  const value = settled.flatMap((one) =>
    one.value === undefined ? [] : [[one.id, { [one.bound]: one.value }] as const],
  )
  return {
    value: Object.fromEntries(value),
    changes: settled.flatMap((one) => one.changes),
  }
}

function limitIn(limit: object | undefined, bound: string): number | undefined {
  return new Map<string, number>(Object.entries(limit ?? {})).get(bound)
}

/** What both sides waive. Who asked for it, and why, may read differently; when it ends may not grow. */
function waiversOf({ base, here }: Both<GateConfig['waivers']>): Settled<GateConfig['waivers']> {
  const rules = [...new Set([...base, ...here].map((one) => one.rule))].sort()
  const changes = rules.flatMap((rule) => {
    const [then, now] = [lastOf(base, rule), lastOf(here, rule)]
    const isHere = now === undefined || (then !== undefined && now.expires < then.expires)
    const both = { base: then && waiverWords(then), here: now && waiverWords(now) }
    return ruleChange(`gate.waivers: ${rule}`, both, isHere ? 'here' : 'base')
  })
  const value = base.flatMap((then) => {
    const now = lastOf(here, then.rule)
    return now === undefined ? [] : [earlier(then, now)]
  })
  return { value, changes }
}

/** Of several waivers of one rule the one that lasts longest: it is the one that counts. */
function lastOf(waivers: readonly Waiver[], rule: string): Waiver | undefined {
  return waivers
    .filter((one) => one.rule === rule)
    .toSorted((a, b) => (a.expires < b.expires ? 1 : -1))[0]
}

function earlier(base: Waiver, here: Waiver): Waiver {
  return { ...base, expires: here.expires < base.expires ? here.expires : base.expires }
}

function waiverWords({ expires, owner, reason }: Waiver): string {
  return `until ${expires}, ${owner}: ${reason}`
}

function autonomyOf({ base, here }: Both<GateConfig['autonomy']>): Settled<GateConfig['autonomy']> {
  const of = <K extends keyof GateConfig['autonomy']>(key: K): Both<GateConfig['autonomy'][K]> => ({
    base: base[key],
    here: here[key],
  })
  const name = (key: string): string => `gate.autonomy.${key}`
  const tsr = stricterOf(name('tsr_min'), of('tsr_min'), (a, b) => a > b)
  const p95 = stricterOf(name('p95_max_ms'), of('p95_max_ms'), (a, b) => a < b)
  const violations = stricterOf(name('violations_max'), of('violations_max'), (a, b) => a < b)
  // A higher tier asks for every lower one as well.
  const tier = stricterOf(name('required_tier'), of('required_tier'), (a, b) => {
    return a !== undefined && (b === undefined || a > b)
  })
  return {
    value: {
      tsr_min: tsr.value,
      p95_max_ms: p95.value,
      violations_max: violations.value,
      ...(tier.value !== undefined && { required_tier: tier.value }),
    },
    changes: [tsr, p95, violations, tier].flatMap((one) => one.changes),
  }
}

function baselineOf({ base, here }: Both<GateConfig['baseline']>): Settled<GateConfig['baseline']> {
  const age = stricterOf(
    'gate.baseline.max_age_days',
    { base: base.max_age_days, here: here.max_age_days },
    (a, b) => a < b,
  )
  const factor = stricterOf(
    'gate.baseline.trials_factor',
    { base: base.trials_factor, here: here.trials_factor },
    (a, b) => a > b,
  )
  return {
    value: { max_age_days: age.value, trials_factor: factor.value },
    changes: [...age.changes, ...factor.changes],
  }
}
