import { expect, test } from 'vitest'
import { failsInsideAllowance } from '../../src/report/inside-allowance.ts'
import type { MetricVerdict } from '../../src/schema/verdict.ts'
import { aMetric } from '../builders/verdict.ts'

const failed = {
  id: 'utilityUnderAttack',
  status: 'regression',
  kind: 'rate',
  worse: 'lower',
  change: -0.037,
  ciLower: -0.059,
  ciUpper: -0.018,
  margin: 0.05,
} as const

const dearer = {
  id: 'costPerTask',
  status: 'regression',
  kind: 'amount',
  worse: 'higher',
  change: 1.12,
  ciLower: 1.066,
  ciUpper: 1.174,
  margin: 1.15,
} as const

const told = (changes: Partial<MetricVerdict>): readonly string[] =>
  failsInsideAllowance({ metrics: [aMetric({ ...failed, ...changes })] })

test('why a row fails whose change is within what is allowed', () => {
  expect(failsInsideAllowance({ metrics: [aMetric(failed), aMetric(dearer)] })).toEqual([
    'done under attack: the drop is real (at least 1.8 points) and may exceed the 5.0 allowed (up to 5.9)',
    'typical task cost: the rise is real (at least 6.6 %) and may exceed the 15 % allowed (up to 17 %)',
  ])
})

test('an interval that holds no change claims no least drop, and a bound that is met is not exceeded', () => {
  expect(told({ ciUpper: 0.001, ciLower: -0.05 })).toEqual([
    'done under attack: the drop is more than luck and may reach the 5.0 allowed (up to 5.0)',
  ])
})

test.each([
  ['beyond what is allowed', { change: -0.051 }],
  ['a pass', { status: 'pass' }],
  ['without an interval', { ciLower: undefined }],
] as const)('says nothing of a change %s', (_name, changes) => {
  expect(told(changes)).toEqual([])
})
