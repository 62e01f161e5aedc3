import { expect, it } from 'vitest'
import { notGated } from '../../../src/report/figures/measured.ts'
import { someMetrics } from '../../builders/result.ts'
import { aVerdict } from '../../builders/verdict.ts'

it('tells what a typical task took also where no mean is known', () => {
  const none = { n: 0, unknown: 120 }
  const metrics = { ...someMetrics(), tokensPerTask: none, toolCallsPerTask: none }
  const figures = {
    baseline: { typicalTokens: 2000, typicalToolCalls: 2.9 },
    candidate: { typicalTokens: 2100, typicalToolCalls: 3.1 },
  }
  const line = notGated(metrics, aVerdict(), figures)
  expect(line).toContain('3.1 typical task calls (was 2.9)')
  expect(line).toContain('2,100 typical task tokens (was 2,000)')
  expect(notGated(metrics, aVerdict())).not.toContain('task')
})
