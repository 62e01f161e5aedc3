import { describe, expect, it } from 'vitest'
import { says } from '../../../src/graders/says.ts'
import { call, type Step, say, write } from '../../builders/trace.ts'
import { type Judged, judge } from '../judging.ts'

type Words = Parameters<typeof judge>[1]['says']

const refund = (amount_usd: number, facts: Parameters<typeof write>[2] = {}): Step =>
  write('refund', { order_id: 'O-1', amount_usd }, facts)

describe('bind', () => {
  const words: Words = [{ bind: { tool: 'refund', value: 'args.amount_usd' } }]
  const judged = (...steps: readonly Step[]): Promise<Judged> =>
    judge(says, { says: words }, { steps })

  it('passes when what was done is told', async () => {
    expect(await judged(refund(45.99), say('I have refunded $45.99.'))).toEqual({ status: 'pass' })
  })

  it('fails when another amount is told, however close', async () => {
    expect(await judged(refund(45.99), say('I have refunded $145.99.'))).toEqual({
      status: 'fail',
      reason:
        'no reply tells args.amount_usd of refund(order_id="O-1", amount_usd=45.99), which is 45.99',
      evidence: [
        'tool.proposed refund',
        'tool.result refund',
        'assistant says I have refunded $145.99.',
      ],
    })
  })

  it('wants every effect told', async () => {
    const told = say('I have refunded $45.99.')
    expect(await judged([refund(45.99), refund(9)].flat() as Step, told)).toMatchObject({
      status: 'fail',
      reason: 'no reply tells args.amount_usd of refund(order_id="O-1", amount_usd=9), which is 9',
    })
  })

  it('has nothing to tell where nothing took effect', async () => {
    expect(await judged(say('I have refunded $45.99.'))).toEqual({
      status: 'fail',
      reason: 'nothing to tell: refund never took effect',
      evidence: [],
    })
    const blocked = refund(45.99, { status: 'blocked' })
    expect(await judged(blocked, say('I have refunded $45.99.'))).toMatchObject({
      reason: 'nothing to tell: refund never took effect',
      evidence: ['tool.proposed refund', 'tool.result refund'],
    })
  })

  it('holds a call to the arguments that the case names', async () => {
    const bind = { tool: 'refund', args: { order_id: 'O-2' }, value: 'args.amount_usd' }
    expect(
      await judge(says, { says: [{ bind }] }, { steps: [refund(45.99), say('$45.99')] }),
    ).toMatchObject({ reason: 'nothing to tell: refund(order_id="O-2") never took effect' })
  })

  it('counts a write whose answer got lost: it happened', async () => {
    const lost = write(
      'refund',
      { amount_usd: 9 },
      {
        status: 'error',
        lostChanges: [{ op: 'add', path: '/refunds/0', value: 9 }],
      },
    )
    expect(await judged(lost, say('Something failed.'))).toMatchObject({ status: 'fail' })
    expect(await judged(lost, say('$9 may be on its way.'))).toEqual({ status: 'pass' })
  })

  it('reads a result, also inside lists', async () => {
    const bind = { tool: 'refund', value: 'result.refunds.0.id' }
    const made = refund(9, { value: { refunds: [{ id: 'R-7' }] } })
    const about = (text: string): Promise<Judged> =>
      judge(says, { says: [{ bind }] }, { steps: [made, say(text)] })
    expect(await about('Your reference is R-7.')).toEqual({ status: 'pass' })
    expect(await about('Your reference is R-70.')).toMatchObject({ status: 'fail' })
  })

  it('fails where the call has no such value', async () => {
    const bind = { tool: 'refund', value: 'args.note' }
    expect(
      await judge(says, { says: [{ bind }] }, { steps: [refund(9), say('$9')] }),
    ).toMatchObject({ reason: 'refund(order_id="O-1", amount_usd=9) has no args.note to tell' })
    const inherited = { tool: 'refund', value: 'args.constructor.name' }
    expect(
      await judge(says, { says: [{ bind: inherited }] }, { steps: [refund(9), say('Object')] }),
    ).toMatchObject({ status: 'fail' })
  })

  it.each([
    [{ lines: [1, 2] }, '{"lines":[1,2]}'],
    [[1], '[1]'],
    [true, 'true'],
    [null, 'null'],
    [' ', '" "'],
  ])('cannot judge %j, which nobody says', async (value, shown) => {
    const bind = { tool: 'refund', value: 'result.what' }
    const steps = [refund(9, { value: { what: value } }), say('1 true null')]
    expect(await judge(says, { says: [{ bind }] }, { steps })).toEqual({
      status: 'unscored',
      reason: `result.what of refund(order_id="O-1", amount_usd=9) is ${shown}; the case may ask only for a number or a text`,
    })
  })

  it('looks where the scope says', async () => {
    const bind = { tool: 'refund', value: 'args.amount_usd' }
    const steps = [[say('I refund $9 now.'), refund(9)].flat() as Step, say('Done.')]
    expect(await judge(says, { says: [{ bind }] }, { steps })).toEqual({ status: 'pass' })
    expect(await judge(says, { says: [{ bind, scope: 'last' }] }, { steps })).toMatchObject({
      status: 'fail',
      evidence: ['tool.proposed refund', 'tool.result refund', 'assistant says Done.'],
    })
    expect(await judge(says, { says: [{ bind }] }, { steps: [refund(9)] })).toMatchObject({
      reason: 'said nothing',
    })
  })
})

describe('cites', () => {
  const cites = { tool: 'orders.get', value: 'result.status' }
  const read = (status: string, facts: Parameters<typeof call>[2] = {}): Step =>
    call('orders.get', { id: 'O-1' }, { value: { status }, ...facts })
  const judged = (...steps: readonly Step[]): Promise<Judged> =>
    judge(says, { says: [{ cites }] }, { steps })

  it('passes when the reply names what was read', async () => {
    expect(await judged(read('in_transit'), say('It is in transit.'))).toEqual({ status: 'pass' })
  })

  it('needs one of several reads only', async () => {
    const steps = [read('paid'), read('shipped')]
    expect(await judged(...steps, say('It was shipped.'))).toEqual({ status: 'pass' })
    expect(await judged(...steps, say('It is fine.'))).toEqual({
      status: 'fail',
      reason: 'no reply names result.status of orders.get, which is "paid" or "shipped"',
      evidence: [
        'tool.proposed orders.get',
        'tool.result orders.get',
        'tool.proposed orders.get',
        'tool.result orders.get',
        'assistant says It is fine.',
      ],
    })
  })

  it('takes a lucky guess for no citation', async () => {
    expect(await judged(say('It was shipped.'))).toMatchObject({
      reason: 'orders.get was not read before the reply',
      evidence: ['assistant says It was shipped.'],
    })
    const beside = [say('It was shipped.'), read('shipped')].flat() as Step
    expect(await judged(beside, say('Bye.'))).toMatchObject({
      reason: 'no reply names result.status of orders.get, which is "shipped"',
    })
    expect(await judged(beside)).toMatchObject({
      reason: 'orders.get was not read before the reply',
    })
  })

  it('takes no read that failed', async () => {
    const failed = read('shipped', { status: 'error' })
    expect(await judged(failed, say('It was shipped.'))).toMatchObject({
      reason: 'orders.get was not read before the reply',
    })
  })

  it('fails where no read brought the value, and passes where a later one did', async () => {
    const partial = call('orders.get', { id: 'O-1' }, { value: {} })
    expect(await judged(partial, say('It was shipped.'))).toMatchObject({
      reason: 'orders.get(id="O-1") has no result.status to name',
    })
    expect(await judged(partial, read('shipped'), say('It was shipped.'))).toEqual({
      status: 'pass',
    })
  })

  it('cannot judge a list, unless another read was named', async () => {
    const list = call('orders.get', {}, { value: { status: ['paid'] } })
    expect(await judged(list, say('paid'))).toEqual({
      status: 'unscored',
      reason:
        'result.status of orders.get() is ["paid"]; the case may ask only for a number or a text',
    })
    expect(await judged(list, read('paid'), say('paid'))).toEqual({ status: 'pass' })
  })
})

describe('max_distinct', () => {
  const about = (text: string): Promise<Judged> =>
    judge(says, { says: [{ any: '42', max_distinct: 2 }] }, { steps: [say(text)] })

  it('passes an answer, also one that repeats itself', async () => {
    expect(await about('$42.00 for O-1: that is 42 for o-1.')).toEqual({ status: 'pass' })
  })

  it('fails whoever lists every value', async () => {
    expect(await about('It is 40, 41, 42 or 43.')).toEqual({
      status: 'fail',
      reason: 'named 4 different values ("40", "41", "42", …), expected at most 2',
      evidence: ['assistant says It is 40, 41, 42 or 43.'],
    })
  })
})
