import fc from 'fast-check'
import { expect, it } from 'vitest'
import { chooseCanaries } from '../../src/judge/choose-canaries.ts'
import { canary } from '../../src/schema/judge.ts'

type Items = Parameters<typeof chooseCanaries>[0]['items']

function items(count: number, majority: 'yes' | 'no', criterion = 'polite'): Items {
  return Array.from({ length: count }, (_, index) => ({
    criterion,
    criterionHash: `hash of ${criterion}`,
    transcriptHash: `${majority}-${index}`,
    label: 'pass',
    judged: 'pass',
    majority,
    cast: [majority],
  }))
}

function textsOf(all: Items): ReadonlyMap<string, string> {
  return new Map(all.map(({ transcriptHash }) => [transcriptHash, `text of ${transcriptHash}`]))
}

it('takes 20 of many, as many yes as no of each criterion', () => {
  const all = [
    ...items(100, 'yes'),
    ...items(30, 'no'),
    ...items(50, 'yes', 'brief'),
    ...items(2, 'no', 'brief'),
  ]
  const chosen = chooseCanaries({ items: all, transcripts: textsOf(all) })
  expect(chosen.map((one) => canary.parse(one))).toHaveLength(20)
  const count = (criterion: string, vote: string): number =>
    chosen.filter((one) => one.criterion === criterion && one.vote === vote).length
  expect([count('polite', 'yes'), count('polite', 'no')]).toEqual([6, 6])
  expect([count('brief', 'yes'), count('brief', 'no')]).toEqual([6, 2])
})

it('takes the same in whatever order labels come', () => {
  const all = [...items(40, 'yes'), ...items(40, 'no')]
  const transcripts = textsOf(all)
  const expected = chooseCanaries({ items: all, transcripts })
  fc.assert(
    fc.property(fc.shuffledSubarray([...all], { minLength: all.length }), (shuffled) => {
      expect(chooseCanaries({ items: shuffled, transcripts })).toEqual(expected)
    }),
    { numRuns: 50 },
  )
})

it('takes none without a majority, without its text, or too long for a file that people read', () => {
  const [one, two, three] = items(3, 'yes')
  if (one === undefined || two === undefined || three === undefined) throw new Error('three')
  const all: Items = [{ ...one, majority: undefined }, two, three]
  const transcripts = new Map([
    [one.transcriptHash, 'text'],
    [two.transcriptHash, 'x'.repeat(20_001)],
  ])
  expect(chooseCanaries({ items: all, transcripts })).toEqual([])
})
