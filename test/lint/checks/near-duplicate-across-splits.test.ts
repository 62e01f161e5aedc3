import { expect, test } from 'vitest'
import { aRefund, type DeskCase, findingsOf } from './desk.ts'

const rule = 'near-duplicate-across-splits'

function saying(id: string, ask: string, split: DeskCase['split']): DeskCase {
  return aRefund({ id, ask, ...(split !== undefined && { split }) })
}

test('a holdout case that differs from another split’s in ids, digits, case and marks only', async () => {
  const hidden = saying('refund.hidden', 'please refund O-2002: I paid $47', 'holdout')
  const seen = saying('refund.seen', 'Please refund O-1001, I paid $25.98!', 'gate')
  expect(await findingsOf(rule, hidden, seen)).toEqual([
    {
      case: 'refund.hidden',
      level: 'warning',
      path: '',
      message:
        'the user says the same here as in refund.seen, which is of the gate split, but for numbers',
      hint: 'say it in other words, or move both cases into one split',
    },
  ])
})

test('all turns count', async () => {
  const talk = (last: string) => [{ say: 'Hello.' }, { say: last }]
  const steps = [{ say: 'Hello. What can I do?' }, ...(aRefund().oracle ?? [])]
  const hidden = aRefund({
    id: 'a',
    split: 'holdout',
    conversation: talk('Refund O-1001.'),
    oracle: steps,
  })
  const near = aRefund({ id: 'b', conversation: talk('Refund O-2002!'), oracle: steps })
  const far = aRefund({ id: 'c', conversation: talk('Cancel O-2002!'), oracle: steps })
  expect(await findingsOf(rule, hidden, near)).toHaveLength(1)
  expect(await findingsOf(rule, hidden, far)).toEqual([])
})

test('other words, and the same words within one split, are sound', async () => {
  const hidden = saying('refund.hidden', 'Please refund O-2002.', 'holdout')
  expect(await findingsOf(rule, hidden, saying('b', 'I want my money for O-1001.', 'dev'))).toEqual(
    [],
  )
  expect(await findingsOf(rule, hidden, saying('b', 'Please refund O-1001.', 'holdout'))).toEqual(
    [],
  )
  const seen = saying('refund.seen', 'Please refund O-2002.', 'dev')
  expect(await findingsOf(rule, seen, saying('b', 'Please refund O-1001.', 'gate'))).toEqual([])
})
