import type { ModelRequest } from '../../src/providers/provider.ts'
import { part, textPart } from '../../src/schema/message.ts'

/** The first request of an agent with two tools. */
export function aModelRequest(parts: Partial<ModelRequest> = {}): ModelRequest {
  const request: ModelRequest = {
    model: 'a-model',
    role: 'agent',
    messages: [
      { role: 'system', content: [textPart('Be kind.')] },
      { role: 'user', content: [textPart('Refund my knife.')] },
    ],
    tools: [aTool('crm.verify_customer'), aTool('orders.get_status')],
    sampling: {},
    seed: 7,
    trial: 'refund[knife]#1',
    ordinal: 0,
    ...parts,
  }
  for (const message of request.messages) part.array().parse(message.content)
  return request
}

export function aTool(name: string): ModelRequest['tools'][number] {
  return {
    name,
    description: `What ${name} does.`,
    input: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
  }
}

/** A router's question. */
export const aShape = {
  name: 'route',
  schema: {
    type: 'object',
    properties: { tier: { type: 'string' } },
    required: ['tier'],
    additionalProperties: false,
  },
} as const

/** What else a body says. */
export function without(names: readonly string[], body: object = {}): object {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)))
}
