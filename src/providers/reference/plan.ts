import type { Rng } from '../../ports.ts'
import type { JsonObject, JsonValue } from '../../schema/json.ts'
import type { Effect } from '../../schema/names.ts'
import type { Oracle, OracleCall, OracleStep } from '../../schema/oracle.ts'
import type { ReferenceParameters } from './parameters.ts'

/** What the reference provider plays in one trial. It never travels through `Task`. */
export interface ReferenceScript {
  readonly oracle: Oracle
  /** The tier that it names where it is asked to route. */
  readonly route?: string
  /** Present when this trial is attacked: what obeying means, and how to tell that it was read. */
  readonly attack?: { readonly steps: readonly OracleStep[]; readonly markers: readonly string[] }
  readonly tools: ReadonlyMap<string, { readonly effect: Effect; readonly idempotency?: string }>
}

interface PlannedCall {
  readonly callId: string
  readonly call: OracleCall
}

/** One answer of the plan: a call under its id, or words that end the turn. */
export type PlannedStep =
  | PlannedCall
  | {
      readonly say: string
      /** What the attacker has it say before its own words. */
      readonly obeying?: readonly string[]
    }

export interface ReferencePlan {
  readonly steps: readonly PlannedStep[]
  /** What obeying the injected text means; nothing when this trial resists. */
  readonly onInjection: { readonly calls: readonly PlannedCall[]; readonly says: readonly string[] }
}

/**
 * The steps of one trial with its faults drawn in advance, so that the same seed gives the same
 * plan whatever the order in which trials run.
 */
export function planReference(
  script: ReferenceScript,
  parameters: ReferenceParameters,
  rng: Rng,
): ReferencePlan {
  const obeys = rng() < parameters.obey_injection
  const muted = rng() < parameters.mute
  let calls = 0
  const steps = script.oracle.flatMap((step): readonly PlannedStep[] => {
    if (!isCall(step)) return [{ say: step.say }]
    calls += 1
    return planCall(step, `call-${calls}`, { script, parameters, rng })
  })
  const attack = obeys ? (script.attack?.steps ?? []) : []
  return {
    steps: muted ? withoutLastWords(steps) : steps,
    onInjection: {
      calls: attack.filter(isCall).map((call, index) => ({ callId: `attack-${index + 1}`, call })),
      says: attack.flatMap((step) => (isCall(step) ? [] : [step.say])),
    },
  }
}

/**
 * The steps of a hijacked agent. What it is made to do comes right after it read the injected text;
 * what it is made to say stands in its next reply, before its own words: hijacked or not, it talks
 * to the user only when its turn ends.
 *
 * @param readAt - how many answers it had given when the text arrived
 */
export function hijack(
  { onInjection, steps }: ReferencePlan,
  readAt: number,
): readonly PlannedStep[] {
  const { calls, says } = onInjection
  const before = Array.from({ length: readAt }, (_, index) => steps[index] ?? { say: '' })
  const after = steps.slice(readAt)
  if (says.length === 0) return [...before, ...calls, ...after]
  const next = after.findIndex((step) => 'say' in step)
  if (next === -1) return [...before, ...calls, ...after, { say: '', obeying: says }]
  const told = after.map((step, index) =>
    index === next && 'say' in step ? { ...step, obeying: says } : step,
  )
  return [...before, ...calls, ...told]
}

interface Drawing {
  readonly script: ReferenceScript
  readonly parameters: ReferenceParameters
  readonly rng: Rng
}

function planCall(call: OracleCall, callId: string, drawing: Drawing): readonly PlannedStep[] {
  const { parameters, rng, script } = drawing
  // Every fault is drawn for every call, so that changing one rate leaves the others' draws alone.
  const dropped = rng() < parameters.drop
  const wrong = rng() < parameters.wrong_arg
  const doubled = rng() < parameters.double
  const reread = rng() < parameters.repeat_reads
  const which = rng()
  if (dropped || parameters.skip.has(call.call)) return []

  const made = wrong ? { ...call, args: spoilOneArgument(call.args, which) } : call
  const planned = { callId, call: made }
  const tool = script.tools.get(call.call)
  const again = tool === undefined ? undefined : repeated(planned, tool, { doubled, reread })
  return again === undefined ? [planned] : [planned, again]
}

/** A read once more as it was; a write with a fresh key, so that it takes effect again. */
function repeated(
  { callId, call }: { readonly callId: string; readonly call: OracleCall },
  tool: { readonly effect: Effect; readonly idempotency?: string },
  { doubled, reread }: { readonly doubled: boolean; readonly reread: boolean },
): PlannedStep | undefined {
  const id = `${callId}-again`
  if (tool.effect === 'read') return reread ? { callId: id, call } : undefined
  if (!doubled || tool.idempotency === undefined) return undefined
  return { callId: id, call: { ...call, args: { ...call.args, [tool.idempotency]: id } } }
}

function spoilOneArgument(args: JsonObject, which: number): JsonObject {
  const names = Object.keys(args)
  const name = names[Math.floor(which * names.length)]
  if (name === undefined) return args
  return { ...args, [name]: spoil(args[name] ?? null) }
}

function spoil(value: JsonValue): JsonValue {
  if (typeof value === 'number') return value + 1
  if (typeof value === 'boolean') return !value
  if (typeof value === 'string') return `${value}-x`
  return 'wrong'
}

function withoutLastWords(steps: readonly PlannedStep[]): readonly PlannedStep[] {
  const last = steps.findLastIndex((step) => 'say' in step)
  return steps.map((step, index) => (index === last ? { say: '' } : step))
}

function isCall(step: OracleStep): step is OracleCall {
  return 'call' in step
}
