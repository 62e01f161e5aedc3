import { expect, test } from 'vitest'
import { aRefund, findingsOf, refundSteps } from './desk.ts'

const rule = 'when-unreachable'
const asking = [{ say: 'Which order do you mean?' }, ...refundSteps]
const talk = (when: string) => [{ say: 'Please refund my order.' }, { say: 'O-1001.', when }]

test('a turn that waits for words that the oracle never says', async () => {
  const leaky = aRefund({ conversation: talk('(?i)order number'), oracle: asking })
  expect(await findingsOf(rule, leaky)).toEqual([
    {
      case: 'case.under-test',
      level: 'warning',
      path: 'conversation.1.when',
      message: 'turn 2 is never said: no reply of the oracle matches /(?i)order number/',
      hint: 'let the oracle ask for it, or mend the pattern so that it finds the question',
    },
  ])
})

test('a turn that neither the oracle nor an equivalent brings about', async () => {
  const leaky = aRefund({
    conversation: talk('(?i)order number'),
    oracle: asking,
    equivalents: [refundSteps],
  })
  expect(await findingsOf(rule, leaky)).toMatchObject([
    {
      message:
        'turn 2 is never said: no reply of the oracle or an equivalent matches /(?i)order number/',
    },
  ])
})

test('a turn that the oracle brings about is sound', async () => {
  const sound = aRefund({ conversation: talk('(?i)which order'), oracle: asking })
  expect(await findingsOf(rule, sound)).toEqual([])
})

test('a turn that only an equivalent brings about is sound', async () => {
  const sound = aRefund({
    conversation: talk('(?i)which order'),
    equivalents: [asking],
  })
  expect(await findingsOf(rule, sound)).toEqual([])
})

test('a fallback that no question reaches is sound', async () => {
  expect(await findingsOf(rule, aRefund({ fallback: 'I do not know.' }))).toEqual([])
})

test('of two turns with the same words each is looked at', async () => {
  const twice = [
    { say: 'Refund O-1001.' },
    { say: 'Yes.', when: '(?i)sure' },
    { say: 'Yes.', when: 'never' },
  ]
  const steps = [{ say: 'Are you sure?' }, ...refundSteps]
  const leaky = aRefund({ conversation: twice, oracle: steps })
  expect(await findingsOf(rule, leaky)).toMatchObject([{ path: 'conversation.2.when' }])
})
