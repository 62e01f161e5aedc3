import {
  type CallView,
  isWriteProposal,
  type TalkView,
  wasHandedOver,
} from '../graders/trial-view.ts'
import type { Expectation } from '../schema/expect.ts'
import type { JsonObject, JsonValue } from '../schema/json.ts'
import type { ArgumentMatchers } from '../schema/matcher.ts'
import type { OracleStep } from '../schema/oracle.ts'
import { canonicalJson } from '../text/canonical-json.ts'

/** What an approved trial says about its case. */
export interface ApprovedTrial {
  readonly oracle: readonly OracleStep[]
  /** The writes that took effect, as `expect.effects.required`; empty where nothing was written. */
  readonly required: NonNullable<Expectation['effects']>['required']
}

/**
 * Reads a reference solution off a trial that a person approved: its calls and words in order, and
 * every write that took effect as a required effect.
 *
 * Arguments are taken as they were made. An effect asks for ids, numbers and flags, not for free
 * text: another good trial words its notes differently.
 */
export function oracleFromTrial(view: TalkView): ApprovedTrial {
  const steps: { readonly seq: number; readonly step: OracleStep }[] = [
    ...view.calls.map((call) => ({ seq: call.seq, step: callStep(call) })),
    ...repliesThatEndTurns(view).map(({ seq, text }) => ({ seq, step: { say: text } })),
  ]
  steps.sort((a, b) => a.seq - b.seq)
  return { oracle: steps.map(({ step }) => step), required: requiredEffects(view.calls) }
}

function callStep(call: CallView): OracleStep {
  return {
    call: call.tool,
    args: call.args,
    ...(call.reason !== undefined && { reason: call.reason }),
    ...(call.error !== undefined && call.status === 'error' && { error: call.error.code }),
    ...(wasHandedOver(call) && { escalates: true }),
  }
}

/** A `say` ends a turn; words beside calls do not, so only a turn's last words become a step. */
function repliesThatEndTurns(view: TalkView): TalkView['replies'] {
  const lastOf = new Map(view.replies.map((reply) => [reply.turn, reply]))
  return [...lastOf.values()]
}

/** Equal writes are one entry with a count. */
function requiredEffects(calls: readonly CallView[]): ApprovedTrial['required'] {
  const counted = new Map<string, { tool: string; args: ArgumentMatchers; count: number }>()
  for (const { tool, args } of calls.filter((call) => call.tookEffect && isWriteProposal(call))) {
    const limits = argumentLimits(args)
    const key = canonicalJson([tool, limits as JsonObject])
    const known = counted.get(key)
    if (known === undefined) counted.set(key, { tool, args: limits, count: 1 })
    else known.count += 1
  }
  return [...counted.values()].map(({ tool, args, count }) => ({
    tool,
    ...(Object.keys(args).length > 0 && { args }),
    count,
  }))
}

function argumentLimits(args: JsonObject): ArgumentMatchers {
  return Object.fromEntries(
    Object.entries(args).flatMap(([name, value]) => {
      const limit = limitOf(value)
      return limit === undefined || isRetryKey(name) ? [] : [[name, limit]]
    }),
  )
}

/** Objects are compared whole; a text with spaces is taken for free text. */
function limitOf(value: JsonValue): ArgumentMatchers[string] | undefined {
  if (typeof value === 'string') return /\s/.test(value.trim()) || value === '' ? undefined : value
  if (Array.isArray(value)) return value as JsonValue[]
  if (typeof value === 'object' && value !== null) return { eq: value }
  return value
}

/** Every trial makes its own. */
function isRetryKey(name: string): boolean {
  return /idempotency|request_id/i.test(name)
}
