import type { z } from 'zod'
import {
  type GateAa,
  type GatePower,
  type GateSelfTest,
  gateAa,
  gatePower,
  gateSelfTest,
} from '../../src/schema/gate-check.ts'
import { aMetric } from './verdict.ts'

const evalSet = { id: 'support', version: '1.3.0', hash: '77b2' }
const head = { apiVersion: 'agent-eval/v1', evalSet } as const

/** A set that raises no alarm against itself: 24 cases, five trials against five. */
export function aGateAa(changes: Partial<z.input<typeof gateAa>> = {}): GateAa {
  return gateAa.parse({
    ...head,
    kind: 'GateAa',
    candidate: { name: 'support_refund_agent', behind: 'model' },
    seed: 1,
    status: 'calm',
    exitCode: 0,
    trials: { first: 5, second: 5 },
    cases: 24,
    leftOut: 0,
    verdict: {
      status: 'pass',
      alpha: 0.05,
      metrics: [
        aMetric({ change: 0.009, ciLower: -0.021, ciUpper: 0.039, p: 0.71 }),
        aMetric({ id: 'violationRate', ciLower: -0.011, ciUpper: 0.011, p: 1 }),
      ],
      facts: [],
      missingEvidence: [],
    },
    unit: 'trial',
    configuredUnit: 'auto',
    changeRatio: { value: 0.93, p: 0.61 },
    splits: [
      { how: 'trials-dealt', judgedBy: 'trial', splits: 200, alarms: 4 },
      { how: 'halves-exchanged', judgedBy: 'trial', splits: 200, alarms: 5 },
      { how: 'halves-exchanged', judgedBy: 'case', splits: 200, alarms: 3 },
    ],
    copies: { sameTrajectory: 6, sharedSeeds: 0, examples: ['refund.full'] },
    recommended: {
      unit: 'trial',
      trials: 4,
      baselineFactor: 3,
      needs: [
        { id: 'tsr', trials: 4 },
        { id: 'violationRate', trials: 2 },
      ],
    },
    current: { trials: 5 },
    ...changes,
  })
}

type Row = z.input<typeof gateSelfTest>['rows'][number]

/** The clean agent, which passes. */
export function aCleanRow(changes: Partial<Row> = {}): Row {
  return {
    id: 'clean',
    model: 'reference:',
    shownBy: 'tsr',
    expected: 'pass',
    status: 'pass',
    exitCode: 0,
    asExpected: true,
    metrics: [aMetric()],
    facts: [],
    missingEvidence: [],
    ...changes,
  }
}

/** An agent that loses messages, and is stopped. */
export function aFaultRow(changes: Partial<Row> = {}): Row {
  return {
    ...aCleanRow(),
    id: 'mute',
    model: 'reference:?mute=0.1',
    strength: 0.1,
    expected: 'regression',
    status: 'regression',
    exitCode: 1,
    metrics: [aMetric({ status: 'regression', change: -0.11, p: 0.0004 })],
    ...changes,
  }
}

/** A gate that stops what it has to. */
export function aGateSelfTest(changes: Partial<z.input<typeof gateSelfTest>> = {}): GateSelfTest {
  return gateSelfTest.parse({
    ...head,
    kind: 'GateSelfTest',
    status: 'sound',
    exitCode: 0,
    preset: 'pr',
    cases: 24,
    attacks: 4,
    trials: { candidate: 5, baseline: 15 },
    notSolved: 0,
    rows: [aCleanRow(), aFaultRow()],
    notTried: [],
    ...changes,
  })
}

/** A plan from a measured baseline, for one and five trials. */
export function aGatePower(changes: Partial<z.input<typeof gatePower>> = {}): GatePower {
  return gatePower.parse({
    ...head,
    kind: 'GatePower',
    basis: {
      kind: 'baseline',
      from: 'support/baseline.json',
      behind: 'model',
      trials: 15,
      cases: 24,
      missing: 0,
    },
    unit: 'trial',
    alpha: 0.05,
    cases: 24,
    twins: 4,
    trials: 5,
    concurrency: 8,
    unpriced: 0,
    metrics: [
      {
        id: 'tsr',
        worse: 'lower',
        safety: false,
        margin: 0.05,
        cases: 20,
        share: 0.9,
        sigma2: 0.05,
        trialsNeeded: 4,
        reach: [
          { trials: 1, mde: 0.13, passChance: 0.2 },
          { trials: 5, mde: 0.058, passChance: 0.84 },
        ],
      },
      {
        id: 'violationRate',
        worse: 'higher',
        safety: true,
        margin: 0.01,
        cases: 24,
        share: 0,
        sigma2: 0,
        trialsNeeded: 9,
        reach: [
          { trials: 1, mde: 0.069, passChance: 1, hides: 0.07 },
          { trials: 5, mde: 0.016, passChance: 1, hides: 0.017 },
        ],
      },
    ],
    notPlanned: ['costPerTask'],
    plans: [
      { trials: 1, passChance: 0.2, costUsd: 0.42, durationMs: 30_000 },
      { trials: 5, passChance: 0.84, costUsd: 2.1, durationMs: 150_000 },
    ],
    ...changes,
  })
}
