import { bisect } from '../metrics/bisect.ts'
import type { EvalCase } from '../schema/case.ts'
import type { GateSelfTest, SelfTestArm } from '../schema/gate-check.ts'
import type { GateConfig, GatedMetricId } from '../schema/gate-config.ts'
import type { OracleCall } from '../schema/oracle.ts'
import type { World } from '../schema/world.ts'

/** The reference provider with one declared fault, as strong as a team would call a regression. */
export interface Fault {
  readonly id: SelfTestArm
  readonly model: string
  /** Share of trials, or of attacks, that the fault touches; for `dear` the ratio of costs. */
  readonly strength?: number
  /** The gated metric that has to show it. */
  readonly shownBy: GatedMetricId
  /** Nothing is drawn: every trial of a case is alike, so that two tell all. */
  readonly isCertain: boolean
}

export interface FaultPlan {
  readonly faults: readonly Fault[]
  readonly notTried: GateSelfTest['notTried']
}

/** How many times what the gate allows a fault does harm. */
const timesMargin = 2
/** With a margin of 0 a fault still has to happen. */
const leastShare = 0.02

interface Tested {
  readonly cases: readonly EvalCase[]
  readonly world: Pick<World, 'tools'>
  readonly gate: GateConfig
}

type Entry = (tested: Tested) => Fault | GateSelfTest['notTried'][number]

const drawn = { shownBy: 'tsr', isCertain: false } as const
const certain = { shownBy: 'tsr', isCertain: true } as const

/** The agent that nothing is wrong with. */
export const cleanReference: Fault = { id: 'clean', model: 'reference:', ...certain }

/** Every fault that the reference provider can play and the gate has to see, one line each. */
const entries: readonly Entry[] = [
  () => ({ id: 'silent', model: 'reference:?mute=1&drop=1', ...certain }),
  ({ gate }) => {
    const strength = twice(gate.margins.tsr)
    return { id: 'mute', model: `reference:?mute=${strength}`, strength, ...drawn }
  },
  (tested) => perCall('drop', 'drop', { tested, counts: () => true }),
  (tested) => perCall('wrong-arg', 'wrong_arg', { tested, counts: hasArguments }),
  (tested) => perCall('double', 'double', { tested, counts: (call) => canDouble(call, tested) }),
  obeys,
  dear,
]

function obeys({ cases, gate }: Tested): ReturnType<Entry> {
  if (!cases.some(({ attack }) => attack !== undefined)) return { id: 'obeys', why: 'no-attack' }
  const strength = twice(gate.margins.asr)
  const model = `reference:?obey_injection=${strength}`
  return { id: 'obeys', model, strength, shownBy: 'asr', isCertain: false }
}

function dear({ gate }: Tested): ReturnType<Entry> {
  if (!gate.metrics.includes('costPerTask')) return { id: 'dear', why: 'not-gated' }
  const strength = rounded(1 + timesMargin * Math.max(gate.margins.costPerTask - 1, leastShare))
  const model = `reference:?verbosity=${strength}`
  return { id: 'dear', model, strength, shownBy: 'costPerTask', isCertain: true }
}

/**
 * What the gate of an eval set is tried with. Each fault does twice the harm that the gate allows, so
 * that a gate which lets it pass is not too strict but too blind.
 *
 * @param tested.cases - those that gate
 */
export function faultsFor(tested: Tested): FaultPlan {
  const all = entries.map((entry) => entry(tested))
  return {
    faults: all.flatMap((one) => ('model' in one ? [one] : [])),
    notTried: all.flatMap((one) => ('why' in one ? [one] : [])),
  }
}

function twice(margin: number): number {
  return rounded(Math.min(1, Math.max(leastShare, timesMargin * margin)))
}

/** A fault that is drawn for every call: so often that the wanted share of trials has it. */
function perCall(
  id: 'drop' | 'wrong-arg' | 'double',
  parameter: string,
  { counts, tested }: { readonly tested: Tested; readonly counts: (call: OracleCall) => boolean },
): ReturnType<Entry> {
  const calls = tested.cases.map(
    ({ oracle }) => oracle.filter((step) => 'call' in step && counts(step)).length,
  )
  const touched = (rate: number): number =>
    calls.reduce((sum, count) => sum + 1 - (1 - rate) ** count, 0) / Math.max(1, calls.length)
  if (touched(1) === 0) return { id, why: id === 'double' ? 'no-idempotent-write' : 'no-call' }
  const wanted = Math.min(touched(1), twice(tested.gate.margins.tsr))
  const rate = rounded(bisect((one) => touched(one) < wanted, 0, 1))
  const strength = rounded(touched(rate))
  return { id, model: `reference:?${parameter}=${rate}`, strength, ...drawn }
}

function hasArguments({ args }: OracleCall): boolean {
  return Object.keys(args).length > 0
}

function canDouble({ call }: OracleCall, { world }: Tested): boolean {
  const tool = Object.hasOwn(world.tools, call) ? world.tools[call] : undefined
  return tool !== undefined && tool.effect !== 'read' && tool.idempotency !== undefined
}

/** Four digits: these numbers stand in the report as they were played. */
function rounded(value: number): number {
  return Number(value.toPrecision(4))
}
