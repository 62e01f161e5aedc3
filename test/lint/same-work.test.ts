import { describe, expect, it } from 'vitest'
import { differenceIn } from '../../src/lint/same-work.ts'
import { playOracle } from '../../src/lint/scripted-provider.ts'
import type { OracleStep } from '../../src/schema/oracle.ts'
import { aRefund, opened, refundSteps } from './shop.ts'

const freely = { judged: false, limited: false }
const get = (id: string): OracleStep => ({ call: 'orders.get', args: { id } })
const refund = (id: string, amount_usd: number, more: object = {}): OracleStep => ({
  call: 'orders.refund',
  args: { id, amount_usd, reason: 'late', ...more },
})
const bye: OracleStep = { say: 'Bye.' }

async function difference(
  one: readonly OracleStep[],
  other: readonly OracleStep[],
): Promise<string> {
  const { evalSet, player } = await opened(aRefund())
  return differenceIn({
    oracle: await player.play(playOracle(one), freely),
    other: await player.play(playOracle(other), freely),
    start: player.startState,
    tools: evalSet.world.tools,
  })
}

describe('differenceIn', () => {
  it('finds none between a trial and itself', async () => {
    expect(await difference(refundSteps, refundSteps)).toBe('none')
  })

  it('does not mind the order of writes, nor ids and times that the world makes up', async () => {
    const handOver = { call: 'desk.hand_over', args: { order: 'O-1', topic: 'refund' } }
    const both = [refund('O-1', 5), handOver, refund('O-3', 6)]
    expect(await difference([...both, bye], [...both.reverse(), bye])).toBe('none')
  })

  it('does not mind idempotency keys', async () => {
    const keyed = (key: string): OracleStep => refund('O-1', 5, { key })
    expect(await difference([keyed('key-1'), bye], [keyed('key-2'), bye])).toBe('none')
  })

  it('does not mind one more call that failed', async () => {
    expect(
      await difference([refund('O-1', 5), bye], [refund('O-1', 5), refund('O-1', 49), bye]),
    ).toBe('none')
  })

  it.each([
    ['one call that failed less', [refund('O-1', 49), bye], [bye]],
    ['another lookup', [get('O-1'), bye], [get('O-2'), bye]],
    ['one lookup less', [get('O-1'), bye], [bye]],
    ['other words', [bye], [{ say: 'Hi.' }]],
  ])('sees %s as other words', async (_, one, other) => {
    expect(await difference(one, other)).toBe('words')
  })

  it.each([
    ['another amount', [refund('O-1', 5)], [refund('O-1', 6)]],
    ['a write twice', [refund('O-1', 5)], [refund('O-1', 5), refund('O-1', 5)]],
    ['a write less', [refund('O-1', 5)], [bye]],
    ['what was handed to a person', [refund('O-3', 69)], [refund('O-3', 70)]],
    [
      'a write of another tool less',
      [{ call: 'crm.verify', args: { customer: 'C-1', postcode: '94110' } }, refund('O-1', 5)],
      [refund('O-1', 5)],
    ],
  ])('sees %s as other writes', async (_, one, other) => {
    expect(await difference(one, other)).toBe('writes')
  })
})
