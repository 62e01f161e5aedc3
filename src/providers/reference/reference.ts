import { AgentEvalError } from '../../errors.ts'
import type { Rng } from '../../ports.ts'
import { type Message, type Part, type ToolResultPart, textPart } from '../../schema/message.ts'
import type { ModelRequest, ModelResponse, Provider } from '../provider.ts'
import { containsMarker } from './markers.ts'
import { parseReferenceParameters, type ReferenceParameters } from './parameters.ts'
import { hijack, type PlannedStep, planReference, type ReferenceScript } from './plan.ts'
import { playUser, type ReferenceUserScript } from './play-user.ts'
import { type ResultOf, resolveArguments, resolveWords } from './references.ts'
import { createRng } from './rng.ts'
import { contentTokens, requestTokens } from './tokens.ts'

/** Which script belongs to which trial: the agent's, or the user's where it plays the user. */
export type ScriptOf = (trial: string) => ReferenceScript | ReferenceUserScript | undefined

/**
 * The reference provider: plays each case's oracle with seeded, declared faults, or the user of a
 * case. No model, no key.
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
      const content = play(script, request, parameters)
      return Promise.resolve({ ok: true, response: answer(content, request, parameters) })
    },
  }
}

function play(
  script: ReferenceScript | ReferenceUserScript,
  request: ModelRequest,
  parameters: ReferenceParameters,
): readonly Part[] {
  if ('knows' in script) return [textPart(playUser(script, request.messages))]
  if (request.role === 'agent') return playAgent(script, request, parameters)
  return [textPart(JSON.stringify({ tier: script.route ?? '', reason: 'as the case expects' }))]
}

function playAgent(
  script: ReferenceScript,
  { messages, seed }: ModelRequest,
  parameters: ReferenceParameters,
): readonly Part[] {
  const rng: Rng = createRng(seed)
  const plan = planReference(script, parameters, rng)
  const { calls, says } = plan.onInjection
  const obeys = calls.length > 0 || says.length > 0
  const readAt = obeys ? answersBeforeReading(messages, script.attack?.markers ?? []) : undefined
  const steps = readAt === undefined ? plan.steps : hijack(plan, readAt)
  const answered = messages.filter((message) => message.role === 'assistant').length
  return contentOf(steps[answered] ?? { say: '' }, messages)
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
  content: readonly Part[],
  request: ModelRequest,
  parameters: ReferenceParameters,
): ModelResponse {
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
    stopReason: content.some((part) => part.type === 'tool_call') ? 'tool_calls' : 'end',
    usage: { inputTokens, outputTokens },
    costUsd,
    latencyMs: parameters.base_latency_ms + parameters.latency_ms_per_token * outputTokens,
    retries: 0,
    from: 'reference',
  }
}

function contentOf(step: PlannedStep, messages: readonly Message[]): readonly Part[] {
  const oracleResult = resultsOf(messages, 'call')
  const attackResult = resultsOf(messages, 'attack')
  if ('say' in step) {
    const own = resolveWords(step.say, oracleResult)
    const obeying = step.obeying?.map((words) => resolveWords(words, attackResult)) ?? []
    const text = [...obeying, own].filter((words) => words !== '').join('\n\n')
    return text === '' ? [] : [textPart(text)]
  }
  const { call, callId } = step
  const resultOf = callId.startsWith('attack-') ? attackResult : oracleResult
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

/** Results by the numbers of one plan's calls: the oracle and the attack each count their own. */
function resultsOf(messages: readonly Message[], prefix: 'call' | 'attack'): ResultOf {
  return (number) => findResult(messages, `${prefix}-${number}`)?.value
}

function findResult(messages: readonly Message[], callId: string): ToolResultPart | undefined {
  for (const message of messages) {
    for (const part of message.content) {
      if (part.type === 'tool_result' && part.callId === callId && !part.isError) return part
    }
  }
  return undefined
}
