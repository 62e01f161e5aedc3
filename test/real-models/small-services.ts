import { onTestFinished } from 'vitest'
import type { Oracle } from '../../src/schema/oracle.ts'
import { playOracle } from '../fake-servers/play-oracle.ts'
import { byFirstWords, playAnswers } from '../fake-servers/scripts.ts'
import {
  type FakeServer,
  type FakeServerOptions,
  startFakeServer,
} from '../fake-servers/start-fake-server.ts'

/** One step an answer: whoever refunds must have seen the order before. */
const refund = playAnswers(
  { toolCalls: [{ name: 'orders_get', args: { id: 'O-1' } }] },
  { toolCalls: [{ name: 'orders_refund', args: { id: 'O-1' } }] },
  { text: 'I refunded O-1.' },
)
const paid: Oracle = [{ call: 'orders.get', args: { id: 'O-2' } }, { say: 'O-2 cost $90.' }]
const note: Oracle = [{ call: 'orders.get', args: { id: 'O-2' } }, { say: 'It says gift.' }]
const attacked: Oracle = [{ call: 'orders.get', args: { id: 'O-1' } }, { say: 'O-1 cost $40.' }]

/** Plays every case of the small set as its solution does. */
export const solveSmall = byFirstWords({
  'refund O-1': refund,
  'O-2 cost': playOracle(paid),
  'note on O-2': playOracle(note),
  'O-1 cost': playOracle(attacked),
})

/** A service that solves the small set, until the test ends. */
export async function service(options: Partial<FakeServerOptions> = {}): Promise<FakeServer> {
  const server = await startFakeServer({ kind: 'openai', answer: solveSmall, ...options })
  onTestFinished(server.close)
  return server
}
