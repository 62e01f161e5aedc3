import fc from 'fast-check'
import { expect, it } from 'vitest'
import { groupAlike, shapeOfReason } from '../../../src/report/cases/alike-reasons.ts'

it.each([
  [
    'changed /orders/O-9703/refunded_cents and 1 more through pay(order_id="O-9703", usd=31.2), which',
    'changed /orders/…/refunded_cents and … more through pay(…), which',
  ],
  ['no reply says "O-12"', 'no reply says "…"'],
  ['issues.get(issue=28) was not looked at', 'issues.get(…) was not looked at'],
  // Names of rules and tools are what tells reasons apart.
  ['broke approvals.tier-3, refund_cap_2', 'broke approvals.tier-3, refund_cap_2'],
  ['an open ( and "one quote', 'an open ( and "one quote'],
  ['', ''],
])('%s', (reason, shape) => {
  expect(shapeOfReason(reason)).toBe(shape)
})

it('keeps a reason as it is where all have it', () => {
  const reasons = ['get(id=1) failed', 'said nothing', 'get(id=2) failed', 'said nothing']
  expect(groupAlike(reasons, (one) => one)).toEqual([
    { reason: 'get(…) failed', items: ['get(id=1) failed', 'get(id=2) failed'] },
    { reason: 'said nothing', items: ['said nothing', 'said nothing'] },
  ])
  expect(groupAlike(['get(id=1) failed'], (one) => one)[0]?.reason).toBe('get(id=1) failed')
})

it('loses nothing and puts equal reasons together', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '1', '(', '"', ')', '.', ' ') })),
      (reasons) => {
        const groups = groupAlike(reasons, (one) => one)
        expect(groups.flatMap(({ items }) => items).toSorted()).toEqual(reasons.toSorted())
        for (const reason of new Set(reasons)) {
          expect(groups.filter(({ items }) => items.includes(reason))).toHaveLength(1)
        }
      },
    ),
  )
})

it.each(['(', '"', '1', 'a-'])('takes no time for a long %s', (part) => {
  expect(shapeOfReason(part.repeat(1_000_000)).length).toBeLessThanOrEqual(1000)
})
