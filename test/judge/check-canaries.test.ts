import { describe, expect, it } from 'vitest'
import { askCanaries } from '../../src/judge/ask-canaries.ts'
import { type CanaryAnswer, checkCanaries } from '../../src/judge/check-canaries.ts'
import type { ModelReply, ModelRequest } from '../../src/providers/provider.ts'
import { judgeCalibration } from '../../src/schema/judge.ts'
import { textPart } from '../../src/schema/message.ts'
import { aCriterion, aYardstick } from '../builders/judge.ts'

function answers(counts: { same?: number; other?: number; none?: number }): CanaryAnswer[] {
  const { none = 0, other = 0, same = 0 } = counts
  const of = (count: number, now: CanaryAnswer['now']): CanaryAnswer[] =>
    Array.from({ length: count }, () => ({ frozen: 'yes', now }))
  return [...of(same, 'yes'), ...of(other, 'no'), ...of(none, undefined)]
}

const nothingMeasured = { criteria: [] }

function measured(cast: number, againstMajority: number): Parameters<typeof checkCanaries>[1] {
  const table = {
    truePositive: 1,
    falsePositive: 0,
    trueNegative: 1,
    falseNegative: 0,
    unanswered: 0,
  }
  return {
    criteria: [
      { criterion: 'c', criterionHash: 'h', table, singleVotes: { cast, againstMajority } },
    ],
  }
}

describe('checkCanaries', () => {
  // P(X ≥ k) for Binomial(n, 0.02), summed from the other end: C(n, j) 0.02^j 0.98^(n−j), j ≥ k.
  it.each<[number, number, string, number]>([
    [20, 0, 'steady', 1],
    [20, 1, 'steady', 0.332392],
    [20, 2, 'steady', 0.0598989],
    [20, 3, 'drifted', 0.00706869],
    [5, 1, 'steady', 0.0960792],
    [5, 2, 'drifted', 0.00384238],
    [1, 1, 'steady', 0.02],
  ])('of %i canaries %i disagree: %s', (n, other, status, p) => {
    const check = checkCanaries(answers({ same: n - other, other }), nothingMeasured)
    expect(check).toMatchObject({ status, answered: n, disagreed: other })
    expect(check.p).toBeCloseTo(p, 6)
    expect(check.stopped === undefined).toBe(status === 'steady')
  })

  it('grants a judge as much as its single votes wavered when it was calibrated', () => {
    const wavering = answers({ same: 16, other: 4 })
    expect(checkCanaries(wavering, measured(300, 3)).status).toBe('drifted')
    expect(checkCanaries(wavering, measured(300, 45)).status).toBe('steady')
    expect(checkCanaries(answers({ other: 20 }), measured(300, 45)).status).toBe('drifted')
    expect(checkCanaries(answers({ other: 2 }), measured(3, 3))).toMatchObject({ p: 1 })
  })

  it('stops a judge that does not answer, and lets one without canaries go on', () => {
    expect(checkCanaries(answers({ same: 4, none: 6 }), nothingMeasured)).toEqual({
      status: 'unknown',
      answered: 4,
      disagreed: 0,
      stopped:
        'it answered only 4 of its 10 canaries, so nobody knows whether it still votes as it did when it was calibrated',
    })
    expect(checkCanaries(answers({ same: 5, none: 5 }), nothingMeasured).status).toBe('steady')
    expect(checkCanaries([], nothingMeasured)).toEqual({
      status: 'unchecked',
      answered: 0,
      disagreed: 0,
    })
  })
})

describe('askCanaries', () => {
  const criterion = aCriterion({ standing: 'calibrated' })
  const calibration = judgeCalibration.parse({
    apiVersion: 'agent-eval/v1',
    kind: 'JudgeCalibration',
    judge: 'openai:judge',
    votes: 3,
    criteria: [],
    canaries: Array.from({ length: 30 }, (_, index) => ({
      criterion: 'polite',
      criterionHash: index < 25 ? criterion.hash : 'sha256:stale',
      transcriptHash: `sha256:${index}`,
      transcript: `{"n":1,"kind":"user","text":"canary ${index}"}`,
      vote: 'yes',
    })),
  })

  function aJudge(vote: string): {
    provider: { complete: (r: ModelRequest) => Promise<ModelReply> }
    model: string
    requests: ModelRequest[]
  } {
    const requests: ModelRequest[] = []
    const quotes = [{ line: 1, text: 'canary' }]
    const complete = async (request: ModelRequest): Promise<ModelReply> => {
      requests.push(request)
      return {
        ok: true,
        response: {
          content: [textPart(JSON.stringify({ answer: vote, reason: 'r', quotes }))],
          modelServed: 'judge-1',
          stopReason: 'end',
          usage: { inputTokens: 1, outputTokens: 1 },
          costUsd: 0.01,
          latencyMs: 1,
          retries: 0,
          from: 'live',
        },
      }
    }
    return { provider: { complete }, model: 'judge', requests }
  }

  const signal = new AbortController().signal
  const yardstick = aYardstick([criterion])

  it('asks at most 20, once each, and adds up what they cost', async () => {
    const live = aJudge('yes')
    const check = await askCanaries({ live, yardstick }, calibration, signal)
    expect(check).toMatchObject({ status: 'steady', answered: 20, disagreed: 0 })
    expect(check.costUsd).toBeCloseTo(0.2, 10)
    expect(new Set(live.requests.map(({ ordinal }) => ordinal)).size).toBe(20)
  })

  it('stops a judge that answers otherwise', async () => {
    const check = await askCanaries({ live: aJudge('no'), yardstick }, calibration, signal)
    expect(check).toMatchObject({
      status: 'drifted',
      stopped:
        'it has drifted: it votes otherwise than when it was calibrated on 20 of 20 canaries',
    })
  })

  it('asks nothing of an uncalibrated judge, of stored votes, or without a calibration', async () => {
    const live = aJudge('no')
    const unearned = aYardstick([aCriterion()])
    expect((await askCanaries({ live, yardstick: unearned }, calibration, signal)).status).toBe(
      'unchecked',
    )
    expect((await askCanaries({ live, yardstick }, undefined, signal)).status).toBe('unchecked')
    expect((await askCanaries({ yardstick }, calibration, signal)).status).toBe('unchecked')
    expect(live.requests).toEqual([])
  })
})
