import { describe, expect, it } from 'vitest'
import { isConcreteCall } from '../../src/lint/concrete-oracle.ts'
import { lintSubject } from '../../src/lint/lint-subject.ts'
import type { Probe } from '../../src/lint/probe.ts'
import { aRefund, opened, refundSteps } from './shop.ts'

const refund = (
  id: string,
  amount_usd: number,
): { id: string; amount_usd: number; reason: string } => ({
  id,
  amount_usd,
  reason: 'late',
})

describe('createProbe', () => {
  it('tells whether a call would work at the end', async () => {
    const { probe } = await subject()
    expect(probe.atTheEnd('orders.refund', refund('O-3', 20))).toBe('works')
    expect(probe.atTheEnd('orders.refund', refund('O-3', 60))).toBe('waits')
    expect(probe.atTheEnd('orders.refund', refund('O-3', 71))).toBe('fails')
    expect(probe.atTheEnd('orders.refund', refund('O-9', 5))).toBe('fails')
    expect(probe.atTheEnd('no.such_tool', {})).toBe('fails')
  })

  it('sees what the oracle did before, and not what it does later', async () => {
    const { probe, steps } = await subject()
    const read = steps.filter(isConcreteCall)[0]
    if (read === undefined) throw new Error('no call')
    expect(probe.insteadOf(read, { id: 'O-2' })).toBe('works')
    expect(probe.insteadOf(read, { id: 'O-9' })).toBe('fails')
    expect(probe.after(read, { id: 'O-3' })).toBe('works')
    expect(probe.after(read, { id: 'O-9' })).toBe('fails')
  })
})

async function subject(): Promise<{
  probe: Probe
  steps: ReturnType<typeof lintSubject>['steps']
}> {
  const { evalSet, ...rest } = await opened(aRefund({ oracle: refundSteps }))
  return lintSubject(rest, evalSet)
}
