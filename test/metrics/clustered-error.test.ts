import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type ClusteredValue,
  clusteredError,
  type MeasuredMean,
} from '../../src/metrics/clustered-error.ts'
import { tCdf } from '../../src/metrics/distributions.ts'
import { describeVectors, expectClose } from './vectors.ts'

function measured(values: readonly ClusteredValue[], alpha = 0.05): MeasuredMean {
  const result = clusteredError(values, alpha)
  if (result?.status !== 'measured') throw new Error(`not measured: ${JSON.stringify(result)}`)
  return result
}

function alone(values: readonly number[]): readonly ClusteredValue[] {
  return values.map((value) => ({ value }))
}

function inClusters(
  values: readonly number[],
  clusters: readonly (string | number)[],
): readonly ClusteredValue[] {
  return values.map((value, index) => ({ value, cluster: String(clusters[index]) }))
}

describe('known answers', () => {
  it('is Student’s paired t interval (1908, sleep data) where every value stands alone', () => {
    const more = [1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4]
    const { mean, lower, upper, standardError, clusters } = measured(alone(more), 0.025)
    expectClose([mean, lower, upper], [1.58, 0.7001142, 2.4598858], 1e-7)
    expectClose(mean / standardError, 4.062127683382037, 1e-12)
    expect(clusters).toBe(10)
  })

  it('counts copies of a trial once', () => {
    const once = measured(alone([0, 1, 1, 0, 1]))
    const copies = measured(
      inClusters([0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1], 'aaabbbcccdddeee'.split('')),
    )
    expectClose(
      [copies.mean, copies.lower, copies.upper, copies.standardError],
      [once.mean, once.lower, once.upper, once.standardError],
      1e-14,
    )
    expect(copies.clusters).toBe(5)
  })
})

describe('without an interval', () => {
  it('has nothing to say about no values', () => {
    expect(clusteredError([], 0.05)).toBeUndefined()
  })

  it('still gives the mean of one value and of one cluster', () => {
    const bare = { status: 'no-interval', reason: 'one-cluster', clusters: 1 }
    expect(clusteredError(alone([0.5]), 0.05)).toEqual({ ...bare, mean: 0.5 })
    expect(clusteredError(inClusters([0, 1], ['a', 'a']), 0.05)).toEqual({ ...bare, mean: 0.5 })
  })

  it('does not take equal values for certainty, also where they are equal up to rounding', () => {
    const bare = { status: 'no-interval', reason: 'no-spread', clusters: 3 }
    expect(clusteredError(alone([0, 0, 0]), 0.05)).toEqual({ ...bare, mean: 0 })
    expect(clusteredError(alone([0.1 + 0.2, 0.3, 0.3]), 0.05)).toMatchObject(bare)
    const balanced = inClusters([0, 1, 1, 0, 0.5, 0.5], 'aabbcc'.split(''))
    expect(clusteredError(balanced, 0.05)).toEqual({ ...bare, mean: 0.5 })
  })

  it('takes a cluster’s name for nothing but a name', () => {
    const named = inClusters([0, 1, 1], ['constructor', '__proto__', 'constructor'])
    expect(measured(named).clusters).toBe(2)
  })
})

const anyValues = fc.array(
  fc.record({
    value: fc.double({ min: -1, max: 1, noNaN: true }),
    cluster: fc.constantFrom('a', 'b', 'c', 'd'),
  }),
  { minLength: 3, maxLength: 30 },
)

describe('properties', () => {
  it('agrees with the double sum over pairs of one cluster', () => {
    fc.assert(
      fc.property(anyValues, (values) => {
        const { status } = clusteredError(values, 0.05)!
        fc.pre(status === 'measured')
        const n = values.length
        const mean = values.reduce((sum, { value }) => sum + value, 0) / n
        const variance = values.reduce(
          (sum, one) =>
            values
              .filter((other) => other.cluster === one.cluster)
              .reduce((all, other) => all + (one.value - mean) * (other.value - mean), sum),
          0,
        )
        const { standardError, clusters } = measured(values)
        expectClose(standardError ** 2, ((clusters / (clusters - 1)) * variance) / n ** 2, 1e-12)
      }),
    )
  })

  it('mirrors with the sign, scales with the unit, and does not depend on the order', () => {
    fc.assert(
      fc.property(anyValues, (values) => {
        fc.pre(clusteredError(values, 0.05)!.status === 'measured')
        const { mean, lower, upper } = measured(values)
        expect(lower).toBeLessThan(mean)
        expect(mean).toBeLessThan(upper)
        const mirrored = measured(values.map((one) => ({ ...one, value: -one.value })))
        expectClose([mirrored.lower, mirrored.upper], [-upper, -lower], 1e-9)
        const inMillions = measured(values.map((one) => ({ ...one, value: 1e6 * one.value })))
        expectClose([inMillions.lower / 1e6, inMillions.upper / 1e6], [lower, upper], 1e-9)
        const reversed = measured(values.toReversed())
        expectClose([reversed.lower, reversed.upper], [lower, upper], 1e-9)
      }),
    )
  })
})

it('holds for a hundred thousand trials', () => {
  const values = Array.from({ length: 100_000 }, (_, index) => ({
    value: index % 7 === 0 ? 0 : 1,
    cluster: `case-${index % 500}`,
  }))
  const { mean, clusters, standardError } = measured(values)
  expect(clusters).toBe(500)
  expectClose(mean, 85_714 / 100_000, 1e-12)
  expect(standardError).toBeGreaterThan(0)
})

interface Known {
  readonly mean: number
  readonly se: number
  readonly df?: number
  readonly ci?: readonly number[]
}

describeVectors('clustered SE of the mean', ({ inputs, expected, tolerance }) => {
  const {
    d,
    cluster,
    conf = 0.9,
  } = inputs as { d: readonly number[]; cluster: readonly number[]; conf?: number }
  const known = expected as Known
  const actual = measured(inClusters(d, cluster), (1 - conf) / 2)
  expectClose([actual.mean, actual.standardError], [known.mean, known.se], tolerance)
  if (known.df !== undefined) expect(actual.clusters - 1).toBe(known.df)
  if (known.ci !== undefined) expectClose([actual.lower, actual.upper], known.ci, tolerance)
})

describeVectors('Inspect-style clustered SE', ({ inputs, expected, tolerance }) => {
  const { y, cluster } = inputs as { y: readonly number[]; cluster: readonly number[] }
  const known = expected as Record<'mean' | 'naive_se' | 'clustered_se', number>
  const clustered = measured(inClusters(y, cluster))
  expectClose(
    [clustered.mean, clustered.standardError, measured(alone(y)).standardError],
    [known.mean, known.clustered_se, known.naive_se],
    tolerance,
  )
})

describeVectors('paired t over per-case differences', ({ inputs, expected, tolerance }) => {
  const { d, conf } = inputs as { d: readonly number[]; conf: number }
  const known = expected as Required<Known> & { p_one_sided_less: number }
  const { mean, lower, upper, standardError, clusters } = measured(alone(d), (1 - conf) / 2)
  expectClose([mean, lower, upper], [known.mean, ...known.ci], tolerance)
  expectClose([standardError, clusters - 1], [known.se, known.df], tolerance)
  expectClose(tCdf(mean / standardError, clusters - 1), known.p_one_sided_less, tolerance)
})
