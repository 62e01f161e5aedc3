import { describe, expect, it } from 'vitest'
import { settleLabels } from '../../src/judge/settle-labels.ts'

type Label = Parameters<typeof settleLabels>[0][number]

function said(
  author: string,
  transcriptHash: string,
  label: 'pass' | 'fail',
  criterion = 'a',
): Label {
  return { author, criterion, transcriptHash, label }
}

describe('settleLabels', () => {
  it('takes what most people said, and leaves open what they are divided on', () => {
    const [settled] = settleLabels([
      said('Ada', 't2', 'pass'),
      said('Ben', 't2', 'fail'),
      said('Cy', 't2', 'pass'),
      said('Ada', 't1', 'pass'),
      said('Ben', 't1', 'fail'),
      said('Cy', 't3', 'fail'),
    ])
    expect(settled?.items).toEqual([
      { criterion: 'a', transcriptHash: 't1', label: 'undecided' },
      { criterion: 'a', transcriptHash: 't2', label: 'pass' },
      { criterion: 'a', transcriptHash: 't3', label: 'fail' },
    ])
    expect(settled).toMatchObject({ authors: 3, shared: 2 })
  })

  it('counts each author once: whoever labels again has thought again', () => {
    const [settled] = settleLabels([
      said('Ada', 't1', 'pass'),
      said('Ben', 't1', 'pass'),
      said('ada ', 't1', 'fail'),
      said('Ben', 't1', 'fail'),
    ])
    expect(settled).toEqual({
      criterion: 'a',
      items: [{ criterion: 'a', transcriptHash: 't1', label: 'fail' }],
      authors: 2,
      shared: 1,
    })
  })

  it("computes Krippendorff's alpha between the authors", () => {
    // By hand: 4 items by two people, 1 of them differs. Of 8 labels 5 pass and 3 fail, so
    // D_expected = 2 · 5 · 3 / (8 · 7), D_observed = 2 / 8, alpha = 1 - 7 · 2 / 30.
    const [settled] = settleLabels([
      ...['t1', 't2'].flatMap((item) => [said('Ada', item, 'pass'), said('Ben', item, 'pass')]),
      said('Ada', 't3', 'pass'),
      said('Ben', 't3', 'fail'),
      said('Ada', 't4', 'fail'),
      said('Ben', 't4', 'fail'),
    ])
    expect(settled?.alpha).toBeCloseTo(1 - 14 / 30, 12)
    expect(settleLabels([said('Ada', 't1', 'pass')])[0]).not.toHaveProperty('alpha')
  })

  it('keeps criteria apart, sorted', () => {
    const settled = settleLabels([said('Ada', 't', 'pass', 'b'), said('Ada', 't', 'fail', 'a')])
    expect(settled.map(({ criterion, items }) => [criterion, items[0]?.label])).toEqual([
      ['a', 'fail'],
      ['b', 'pass'],
    ])
  })
})
