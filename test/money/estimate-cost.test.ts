import { describe, expect, it } from 'vitest'
import { type CaseToPrice, estimateCost } from '../../src/money/estimate-cost.ts'
import type { Usage } from '../../src/schema/model-answer.ts'

/** A dollar per million tokens in, ten out. */
function price({ inputTokens, outputTokens }: Usage): number {
  return (inputTokens + 10 * outputTokens) / 1_000_000
}

function aCase(parts: Partial<CaseToPrice> = {}): CaseToPrice {
  return { id: 'refund', trials: 1, promptChars: 4000, requests: 1, ...parts }
}

describe('estimateCost', () => {
  it('reckons one request from the size of the prompt', () => {
    const estimate = estimateCost([aCase()], price)
    // 1,000 tokens in and 40 out; at most two requests, the second with 800 tokens more, 500 out each.
    expect(estimate?.low).toBeCloseTo((1000 + 400) / 1e6, 12)
    expect(estimate?.high).toBeCloseTo((2000 + 800 + 10_000) / 1e6, 12)
    expect(estimate?.fromBaseline).toBe(0)
  })

  it('lets every request carry what was said before', () => {
    // Three requests: 3 × 1,000 and 60 + 120 tokens in.
    expect(estimateCost([aCase({ requests: 3 })], price)?.low).toBeCloseTo((3180 + 1200) / 1e6, 12)
  })

  it('takes what the trials of the baseline cost where that is known', () => {
    const cases = [aCase({ baselineUsd: 0.1, trials: 10 }), aCase({ id: 'other', trials: 2 })]
    const estimate = estimateCost(cases, price)
    expect(estimate?.fromBaseline).toBe(10)
    expect(estimate?.low).toBeCloseTo(0.8 + 2 * 0.0014, 12)
    expect(estimate?.perTrial.get('refund')).toEqual({ low: 0.08, high: 0.125 })
  })

  it('gives no number where one case has no price', () => {
    expect(estimateCost([aCase()], () => undefined)).toBeUndefined()
  })

  it('is nothing for nothing', () => {
    expect(estimateCost([], price)).toEqual({
      low: 0,
      high: 0,
      fromBaseline: 0,
      perTrial: new Map(),
    })
  })
})
