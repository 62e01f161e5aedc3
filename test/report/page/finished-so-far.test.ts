import { expect, it } from 'vitest'
import { finishedSoFar } from '../../../src/report/page/finished-so-far.ts'
import { runResult } from '../../../src/schema/run-result.ts'
import { aRate, aRunResult, someMetrics } from '../../builders/result.ts'

it('leaves of a rate all that is known, and nothing of what may still come', () => {
  const known = { ...aRate(7, 10), ciLower: 0.4, ciUpper: 0.9 }
  const tsr = { ...known, lost: 3, worstLower: 0.5, worstUpper: 0.8 }
  const told = runResult.parse(finishedSoFar(aRunResult({ metrics: { ...someMetrics(), tsr } })))
  expect(told.metrics.tsr).toEqual({ ...known, lost: 0 })
})
