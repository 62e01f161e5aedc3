import { AgentEvalError } from '../../errors.ts'
import type { Rng } from '../../ports.ts'
import type { JsonValue } from '../../schema/json.ts'
import type { Message, Part, ToolResultPart } from '../../schema/message.ts'
import type { ModelRequest, ModelResponse, Provider } from '../provider.ts'
import { containsMarker } from './markers.ts'
import { parseReferenceParameters, type ReferenceParameters } from './parameters.ts'
import { type PlannedStep, planReference, type ReferenceScript } from './plan.ts'
import { resolveArguments, resolveWords } from './references.ts'
import { createRng } from './rng.ts'
import { contentTokens, requestTokens } from './tokens.ts'

/** Which script belongs to which trial. */
export type ScriptOf = (trial: string) => ReferenceScript | undefined

/**
 * The reference provider: plays each case's oracle with seeded, declared faults. No model, no key.
 *
 * It keeps nothing between requests: the place in the plan is the number of answers already in the
 * conversation, so that a resumed run and an undisturbed one give the same bytes.
 */
export function createReferenceProvider(scriptOf: ScriptOf): Provider {
  const known = new Map<string, ReferenceParameters>()
  const parametersOf = (model: string): ReferenceParameters => {
    const parsed = known.get(model) ?? parseReferenceParameters(model)
    known.set(model, parsed)
    return parsed
  }

  return {
    complete(request) {
      const script = scriptOf(request.trial)
      if (script === undefined) {
        throw new AgentEvalError(
          `the reference provider has no oracle for ${request.trial}`,
          'input',
        )
      }
      const parameters = parametersOf(request.model)
      const rng: Rng = createRng(request.seed)
      const plan = planReference(script, parameters, rng)
      const step = stepFor(request.messages, plan.steps, {
        onInjection: plan.onInjection,
        markers: script.attack?.markers ?? [],
      })
      return Promise.resolve({ ok: true, response: answer(step, request, parameters) })
    },
  }
}

interface Hijack {
  readonly onInjection: readonly PlannedStep[]
  readonly markers: readonly string[]
}

function stepFor(
  messages: readonly Message[],
  steps: readonly PlannedStep[],
  { onInjection, markers }: Hijack,
): PlannedStep {
  const answered = messages.filter((message) => message.role === 'assistant').length
  const readAt = onInjection.length === 0 ? undefined : answersBeforeReading(messages, markers)
  const played =
    readAt === undefined
      ? steps
      : [...steps.slice(0, readAt), ...onInjection, ...steps.slice(readAt)]
  return played[answered] ?? { say: '' }
}

/** How many answers had been given when the injected text arrived; `undefined` before that. */
function answersBeforeReading(
  messages: readonly Message[],
  markers: readonly string[],
): number | undefined {
  let answers = 0
  for (const message of messages) {
    if (message.role === 'assistant') answers += 1
    else if (message.role !== 'system' && containsMarker(message, markers)) return answers
  }
  return undefined
}

function answer(
  step: PlannedStep,
  request: ModelRequest,
  parameters: ReferenceParameters,
): ModelResponse {
  const content = contentOf(step, request.messages)
  const inputTokens = Math.round(
    requestTokens(request.messages, request.tools) * parameters.verbosity,
  )
  const outputTokens = Math.round(contentTokens(content) * parameters.verbosity)
  const costUsd =
    (inputTokens * parameters.input_usd_per_mtok + outputTokens * parameters.output_usd_per_mtok) /
    1_000_000
  return {
    content,
    modelServed: 'reference',
    stopReason: 'say' in step ? 'end' : 'tool_calls',
    usage: { inputTokens, outputTokens },
    costUsd,
    latencyMs: parameters.base_latency_ms + parameters.latency_ms_per_token * outputTokens,
    retries: 0,
    from: 'reference',
  }
}

function contentOf(step: PlannedStep, messages: readonly Message[]): readonly Part[] {
  const prefix = 'callId' in step ? (step.callId.split('-')[0] ?? 'call') : 'call'
  const resultOf = (number: number): JsonValue | undefined =>
    findResult(messages, `${prefix}-${number}`)?.value
  if ('say' in step) {
    return step.say === '' ? [] : [{ type: 'text', text: resolveWords(step.say, resultOf) }]
  }
  const { call, callId } = step
  return [
    {
      type: 'tool_call',
      callId,
      tool: call.call,
      args: resolveArguments(call.args, resultOf),
      ...(call.reason !== undefined && { reason: call.reason }),
    },
  ]
}

function findResult(messages: readonly Message[], callId: string): ToolResultPart | undefined {
  for (const message of messages) {
    for (const part of message.content) {
      if (part.type === 'tool_result' && part.callId === callId && !part.isError) return part
    }
  }
  return undefined
}
