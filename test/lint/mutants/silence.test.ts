import { describe, expect, it } from 'vitest'
import { silence } from '../../../src/lint/mutants/silence.ts'
import { aRefund, refundSteps } from '../shop.ts'
import { mutantsOf, written } from './mutate.ts'

describe('silence', () => {
  it('drops the only message', async () => {
    const mutants = await mutantsOf(silence, aRefund())
    expect(mutants.map(({ does, name }) => ({ does, name }))).toEqual([
      { name: 'silence:last', does: 'ends without a word' },
    ])
    expect(written(mutants[0]).at(-1)).toBe('say nothing')
  })

  it('drops the last of several, and all of them', async () => {
    const one = aRefund({
      conversation: [{ say: 'My lamp is broken.' }, { say: 'It is O-1.' }],
      oracle: [{ say: 'Which order is it?' }, ...refundSteps],
    })
    const mutants = await mutantsOf(silence, one)
    const spoken = mutants.map((mutant) => [
      mutant.name,
      written(mutant).filter((line) => line.startsWith('say')),
    ])
    expect(spoken).toEqual([
      ['silence:last', ['say "Which order is it?"', 'say nothing']],
      ['silence:all', ['say nothing', 'say nothing']],
    ])
  })

  it('has nothing to drop where nothing is said', async () => {
    const oracle = refundSteps.slice(0, 2)
    const expectation = { effects: { required: [{ tool: 'orders.refund', args: { id: 'O-1' } }] } }
    expect(await mutantsOf(silence, aRefund({ oracle, expect: expectation }))).toEqual([])
  })
})
