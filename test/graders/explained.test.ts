import { describe, expect, it } from 'vitest'
import { explained } from '../../src/graders/explained.ts'
import { call, say, write } from '../builders/trace.ts'
import { judge } from './judging.ts'

const expected = { explained: {} }
const reason = 'The kettle arrived broken.'

describe('explained', () => {
  it('passes when every write has a reason; reads need none', async () => {
    const steps = [call('a'), write('refund', {}, { reason })]
    expect(await judge(explained, expected, { steps })).toEqual({ status: 'pass' })
  })

  it('fails a write without one, also when it was blocked', async () => {
    const steps = [
      write('refund', { n: 1 }, { reason }),
      write('refund', {}, { status: 'blocked' }),
    ]
    expect(await judge(explained, expected, { steps })).toEqual({
      status: 'fail',
      reason: 'refund() states no reason',
      evidence: ['tool.proposed refund'],
    })
  })

  it('is not fooled by white space', async () => {
    const steps = [write('refund', {}, { reason: `ok ${' \n'.repeat(20)}` })]
    expect(await judge(explained, expected, { steps })).toMatchObject({
      reason: 'refund() states a reason of 2 characters, expected at least 10',
    })
  })

  it('gives no grade where nothing was to explain', async () => {
    expect(await judge(explained, expected, { steps: [say('No.')] })).toEqual({
      status: 'no grade',
    })
  })
})
