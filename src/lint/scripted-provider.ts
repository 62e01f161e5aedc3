import type { ModelResponse, Provider } from '../providers/provider.ts'
import { resolveArguments, resolveWords } from '../providers/reference/references.ts'
import type { JsonValue } from '../schema/json.ts'
import type { Message, Part } from '../schema/message.ts'
import type { OracleStep } from '../schema/oracle.ts'
import { isCallStep, type PlayStep } from './play-step.ts'

/** Where in the talk an answer is wanted. */
export interface Moment {
  /** Answers given so far. */
  readonly answered: number
  /** The user's messages so far, oldest first. */
  readonly heard: readonly string[]
  /** Answers given since the last of them. */
  readonly inTurn: number
  /** What a call returned, by its number from 1; `undefined` before and where it failed. */
  readonly resultOf: (callNumber: number) => JsonValue | undefined
}

/** An agent without a model. */
export type Script = (moment: Moment) => PlayStep

/** The virtual clock moves by this much an answer, about what the reference provider needs. */
const latencyMs = 500

/** Plays a script. Counts no tokens: no case is judged by what its oracle costs. */
export function createScriptedProvider(script: Script): Provider {
  return {
    complete({ messages }) {
      const moment = momentOf(messages)
      const step = script(moment)
      return Promise.resolve({ ok: true, response: responseWith(step, moment.answered) })
    },
  }
}

/** The steps as they are, then silence. */
export function playInOrder(steps: readonly PlayStep[]): Script {
  return ({ answered }) => steps[answered] ?? { say: '' }
}

/** The steps of an oracle with their references filled in from what came back, then silence. */
export function playOracle(oracle: readonly OracleStep[]): Script {
  return ({ answered, resultOf }) => {
    const step = oracle[answered]
    if (step === undefined) return { say: '' }
    if (!isCallStep(step)) return { say: resolveWords(step.say, resultOf) }
    const { call, args, reason } = step
    return { call, args: resolveArguments(args, resultOf), ...(reason !== undefined && { reason }) }
  }
}

function momentOf(messages: readonly Message[]): Moment {
  const heard: string[] = []
  const results: (JsonValue | undefined)[] = []
  let answered = 0
  let inTurn = 0
  for (const { role, content } of messages) {
    if (role === 'assistant') {
      answered += 1
      inTurn += 1
    } else if (role === 'user') {
      heard.push(content.map((part) => (part.type === 'text' ? part.text : '')).join('\n'))
      inTurn = 0
    } else if (role === 'tool') results.push(...content.map(returned))
  }
  return { answered, heard, inTurn, resultOf: (callNumber) => results[callNumber - 1] }
}

function returned(part: Part): JsonValue | undefined {
  return part.type === 'tool_result' && !part.isError ? part.value : undefined
}

function responseWith(step: PlayStep, answered: number): ModelResponse {
  return {
    content: contentOf(step, answered),
    modelServed: 'lint',
    stopReason: isCallStep(step) ? 'tool_calls' : 'end',
    usage: { inputTokens: 0, outputTokens: 0 },
    latencyMs,
    retries: 0,
    from: 'reference',
  }
}

function contentOf(step: PlayStep, answered: number): readonly Part[] {
  if (!isCallStep(step)) return step.say === '' ? [] : [{ type: 'text', text: step.say }]
  const { call, args, reason } = step
  return [
    {
      type: 'tool_call',
      callId: `call-${answered + 1}`,
      tool: call,
      args,
      ...(reason !== undefined && { reason }),
    },
  ]
}
