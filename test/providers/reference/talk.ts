import type { ModelRequest, ModelResponse, Provider } from '../../../src/providers/provider.ts'
import type { ReferenceScript } from '../../../src/providers/reference/plan.ts'
import { createReferenceProvider } from '../../../src/providers/reference/reference.ts'
import type { JsonValue } from '../../../src/schema/json.ts'
import {
  type Message,
  type Part,
  type ToolCallPart,
  textOf,
  textPart,
} from '../../../src/schema/message.ts'
import { oracle } from '../../../src/schema/oracle.ts'

type Written = Omit<Partial<ReferenceScript>, 'oracle'> & { readonly oracle: readonly unknown[] }

function aScript({ oracle: steps, ...rest }: Written): ReferenceScript {
  const tools: ReferenceScript['tools'] = new Map([
    ['crm.read', { effect: 'read' as const }],
    ['pay.refund', { effect: 'write' as const, idempotency: 'key' }],
    ['note.add', { effect: 'write' as const }],
  ])
  return { tools, ...rest, oracle: oracle.parse(steps) }
}

export function aProvider(script: Written): Provider {
  const known = aScript(script)
  return createReferenceProvider(() => known)
}

export async function answerOf(
  provider: Provider,
  request: Partial<ModelRequest>,
): Promise<ModelResponse> {
  const reply = await provider.complete(
    {
      model: '',
      role: 'agent',
      messages: [],
      tools: [],
      sampling: {},
      seed: 1,
      trial: 't#1',
      ordinal: 0,
      ...request,
    },
    new AbortController().signal,
  )
  if (!reply.ok) throw new Error(reply.error.message)
  return reply.response
}

/** A call's answer: a value, or an error where `undefined`. */
type Answers = (tool: string, args: JsonValue, nth: number) => JsonValue | undefined

interface Talk {
  readonly turns?: readonly string[]
  readonly answers?: Answers
  readonly seed?: number
  readonly model?: string
}

/** Talks to the provider until it says something, once a turn; the parts that it answered with. */
export async function talk(script: Written, options: Talk = {}): Promise<readonly Part[]> {
  const { answers = () => ({ ok: true }), model = '', seed = 1, turns = ['please'] } = options
  const provider = aProvider(script)
  const messages: Message[] = [{ role: 'system', content: [textPart('be nice')] }]
  const said: Part[] = []
  let nth = 0
  const takeStep = async (): Promise<readonly ToolCallPart[]> => {
    const { content, stopReason } = await answerOf(provider, { messages, model, seed })
    messages.push({ role: 'assistant', content })
    said.push(...content)
    const calls = content.filter((part) => part.type === 'tool_call')
    if ((calls.length === 0) !== (stopReason === 'end')) throw new Error('wrong stop reason')
    return calls
  }
  for (const turn of turns) {
    messages.push({ role: 'user', content: [textPart(turn)] })
    for (let calls = await takeStep(); calls.length > 0; calls = await takeStep()) {
      for (const call of calls) {
        nth += 1
        const answer = resultOf(call, answers(call.tool, call.args, nth))
        messages.push({ role: 'tool', content: [answer] })
      }
    }
  }
  return said
}

function resultOf({ callId, tool }: ToolCallPart, value: JsonValue | undefined): Part {
  const isError = value === undefined
  return { type: 'tool_result', callId, tool, isError, value: value ?? 'failed' }
}

/** What was said and called, as short texts. */
export function inShort(parts: readonly Part[]): readonly string[] {
  return parts.map((part) =>
    part.type === 'tool_call' ? `${part.tool} ${JSON.stringify(part.args)}` : textOf([part]),
  )
}
