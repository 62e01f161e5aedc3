import { expect, it } from 'vitest'
import type { ToolCallPart } from '../../src/schema/message.ts'
import { call } from './builders.ts'
import { atDesk } from './controlled.ts'

const sees = ['reply' as const, 'log' as const]
const rules = [{ id: 'no_mail', sees, never_says: ['@example'], zero_tolerance: true }]

it.each([
  ['x', ['x', 'x-2']],
  ['reply', ['call-reply', 'call-reply-2']],
  ['log', ['call-log', 'call-log-2']],
  ['reply-1', ['reply-1-2', 'reply-1-3']],
])('calls named %s hide neither a reply nor a line of the log', async (callId, ids) => {
  const twice = (more: Partial<ToolCallPart>): ToolCallPart[] => [
    call('nope', {}, { callId }),
    call('nope', {}, { callId, ...more }),
  ]
  const { line, of } = await atDesk(
    [
      twice({ reason: 'bob@example.com asked' }),
      [call('orders.get', { id: 'O-1' }, { callId: 'z' })],
      'Mail bob@example.com',
    ],
    { policy: { rules } },
  )
  expect(
    of('tool.proposed')
      .map((event) => event.callId)
      .slice(0, 2),
  ).toEqual(ids)
  expect(line.violations).toMatchObject([{ rule: 'no_mail', proposed: 2, executed: 2 }])
})
