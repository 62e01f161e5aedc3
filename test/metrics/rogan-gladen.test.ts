import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JudgeLabels } from '../../src/metrics/judge-accuracy.ts'
import { type CorrectedRate, roganGladen } from '../../src/metrics/rogan-gladen.ts'
import { anyLabels, theLabels } from './judge-labels.ts'
import { dice } from './random.ts'
import { describeVectors, expectClose } from './vectors.ts'

function numbers(found: CorrectedRate | undefined): readonly (number | undefined)[] {
  return [found?.lower, found?.rate, found?.upper]
}

describe('known answers', () => {
  it('gives back the passes that a strict judge took away', () => {
    // 80 % judged passes are 0.9 · p + 0.15 · (1 − p); bounds of R.
    const found = roganGladen({ events: 480, trials: 600 }, theLabels([90, 100], [85, 100]))
    expectClose(numbers(found), [0.792595448293307, 13 / 15, 0.961637737239289], 1e-9)
  })

  it('becomes the interval of Agresti and Coull (1998) as the judge becomes perfectly known', () => {
    const labels = theLabels([1e12, 1e12], [1e12, 1e12])
    const found = roganGladen({ events: 15, trials: 148 }, labels)
    const padded = (15 + 1.9207294) / (148 + 3.8414588)
    const reach = 1.959964 * Math.sqrt((padded * (1 - padded)) / (148 + 3.8414588))
    expectClose(numbers(found), [padded - reach, 15 / 148, padded + reach], 1e-6)
  })

  it('excludes nothing when a handful of labels cannot tell the judge from a coin', () => {
    // One label of 1 and one of 50: agreement padded by 1 in 2 is worse than a coin.
    const found = roganGladen({ events: 30, trials: 40 }, theLabels([1, 1], [1, 50]))
    expect(found).toMatchObject({ lower: 0, upper: 1 })
    expectClose(found?.youden, 0.02, 1e-12)
  })
})

it.each([
  ['no judged trials', [0, 0], [90, 100], [85, 100]],
  ['no human passes', [480, 600], [0, 0], [85, 100]],
  ['no human fails', [480, 600], [90, 100], [0, 0]],
  ['a coin', [480, 600], [50, 100], [50, 100]],
  ['a judge that passes everything', [480, 600], [100, 100], [0, 100]],
  ['a judge that is mostly wrong', [480, 600], [40, 100], [40, 100]],
] as const)('has nothing to say about %s', (_, [events, trials], pass, fail) => {
  expect(roganGladen({ events, trials }, theLabels(pass, fail))).toBeUndefined()
})

const anyJudged = fc
  .integer({ min: 0, max: 3000 })
  .chain((trials) =>
    fc.record({ trials: fc.constant(trials), events: fc.integer({ min: 0, max: trials }) }),
  )

it('stays in [0, 1] with the estimate inside the bounds, and knows nothing exactly when it must', () => {
  fc.assert(
    fc.property(anyJudged, anyLabels(), (judged, labels) => {
      const found = roganGladen(judged, labels)
      const { humanPass, humanPassAgreed, humanFail, humanFailAgreed } = labels
      const useless =
        judged.trials === 0 ||
        humanPass === 0 ||
        humanFail === 0 ||
        humanPassAgreed * humanFail + humanFailAgreed * humanPass <= humanPass * humanFail
      expect(found === undefined).toBe(useless)
      if (found === undefined) return
      const ascending = [0, found.lower, found.rate, found.upper, 1]
      expect(ascending.toSorted((a, b) => a - b)).toEqual(ascending)
      expect(ascending).toSatisfy((all: number[]) => all.every(Number.isFinite))
    }),
    { numRuns: 1000 },
  )
})

it('mirrors when passes and fails trade names', () => {
  fc.assert(
    fc.property(anyJudged, anyLabels(), ({ events, trials }, labels) => {
      const mirrored: JudgeLabels = {
        humanPass: labels.humanFail,
        humanPassAgreed: labels.humanFailAgreed,
        humanFail: labels.humanPass,
        humanFailAgreed: labels.humanPassAgreed,
      }
      const one = roganGladen({ events, trials }, labels)
      const other = roganGladen({ events: trials - events, trials }, mirrored)
      expect(other === undefined).toBe(one === undefined)
      if (one === undefined) return
      expectClose(numbers(other), [1 - one.upper, 1 - one.rate, 1 - one.lower], 1e-9)
    }),
  )
})

it.each([
  [0.9, 200, 100],
  [0.5, 60, 50],
  [0.02, 200, 50],
])(
  'contains a true rate of %d in at least 93 of 100 draws: %d trials, %d labels of each kind',
  (rate, trials, each) => {
    const roll = dice(7)
    const drawn = (chance: number, of: number): number => {
      let events = 0
      for (let i = 0; i < of; i++) events += roll(1e6) < chance * 1e6 ? 1 : 0
      return events
    }
    const draws = 1000
    let inside = 0
    for (let i = 0; i < draws; i++) {
      const judged = { events: drawn(rate * 0.9 + (1 - rate) * 0.15, trials), trials }
      const labels = theLabels([drawn(0.9, each), each], [drawn(0.85, each), each])
      const { lower, upper } = roganGladen(judged, labels) ?? { lower: 2, upper: 2 }
      if (lower <= rate && rate <= upper) inside += 1
    }
    expect(inside / draws).toBeGreaterThan(0.93)
  },
)

describeVectors('Rogan-Gladen', ({ inputs, expected, tolerance }) => {
  const { x, n, tp, P, tn, N, conf } = inputs as Record<
    'x' | 'n' | 'tp' | 'P' | 'tn' | 'N' | 'conf',
    number
  >
  const known = expected as Record<'point' | 'sensitivity' | 'specificity' | 'youden', number> & {
    ci: readonly number[]
  }
  const found = roganGladen({ events: x, trials: n }, theLabels([tp, P], [tn, N]), (1 - conf) / 2)
  expectClose([found?.lower, found?.upper], known.ci, tolerance)
  expectClose(
    [found?.rate, found?.sensitivity, found?.specificity, found?.youden],
    [known.point, known.sensitivity, known.specificity, known.youden],
    tolerance,
  )
})
