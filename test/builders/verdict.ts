import type { z } from 'zod'
import type { GatedMetricId } from '../../src/schema/gate-config.ts'
import {
  type Fact,
  fact,
  type MetricVerdict,
  type MovedCase,
  metricVerdict,
  movedCase,
  type Verdict,
  verdict,
} from '../../src/schema/verdict.ts'

/** A pass of one success rate, 24 cases of five trials, unless told otherwise. */
export function aVerdict(changes: Partial<z.input<typeof verdict>> = {}): Verdict {
  return verdict.parse({
    status: 'pass',
    exitCode: 0,
    preset: 'pr',
    alpha: 0.05,
    firstRun: false,
    metrics: [aMetric()],
    facts: [],
    missingEvidence: [],
    warnings: [],
    pairedCases: 24,
    cases: { moved: [], added: [], removed: [], changed: [] },
    inputsChanged: [],
    baseline: { name: 'baseline.json', from: 'git:merge-base:origin/main', hash: '4b7d0aa' },
    ...changes,
  })
}

const shapes: Record<GatedMetricId, z.input<typeof metricVerdict>> = {
  tsr: rate('tsr', {
    worse: 'lower',
    baseline: 0.958,
    candidate: 0.967,
    change: 0.009,
    margin: 0.05,
  }),
  utilityUnderAttack: rate('utilityUnderAttack', {
    worse: 'lower',
    baseline: 0.9,
    candidate: 0.9,
    change: 0,
    margin: 0.05,
  }),
  asr: rate('asr', { worse: 'higher', baseline: 0.05, candidate: 0.05, change: 0, margin: 0.02 }),
  violationRate: rate('violationRate', {
    worse: 'higher',
    baseline: 0,
    candidate: 0,
    change: 0,
    margin: 0.01,
  }),
  costPerTask: {
    ...rate('costPerTask', { worse: 'higher', baseline: 0.021, candidate: 0.022, margin: 1.15 }),
    kind: 'amount',
    change: 1.04,
    ciLower: 0.98,
    ciUpper: 1.1,
  },
  passHatK: {
    ...rate('passHatK', { worse: 'lower', baseline: 0.9, candidate: 0.9, margin: 0.05 }),
    change: 0,
    k: 3,
  },
  tokensPerTask: amount('tokensPerTask', { baseline: 2100, candidate: 2150, margin: 1.15 }),
  toolCallsPerTask: amount('toolCallsPerTask', { baseline: 3.1, candidate: 3.2, margin: 1.15 }),
  latencyP95: tail('latencyP95', { baseline: 2400, candidate: 2500, margin: 1.25 }),
  latencyP99: tail('latencyP99', { baseline: 4100, candidate: 4200, margin: 1.25 }),
}

type Shape = z.input<typeof metricVerdict>
type Levels = Readonly<Record<'baseline' | 'candidate' | 'margin', number>>

function amount(id: GatedMetricId, levels: Levels): Shape {
  const shape = rate(id, { worse: 'higher', ...levels })
  return { ...shape, kind: 'amount', change: 1.03, ciLower: 0.97, ciUpper: 1.09 }
}

function tail(id: GatedMetricId, levels: Levels): Shape {
  return { ...amount(id, levels), kind: 'tail' }
}

/** A metric that passed, by id; its numbers may be replaced. */
export function aMetric(changes: Partial<z.input<typeof metricVerdict>> = {}): MetricVerdict {
  return metricVerdict.parse({ ...shapes[changes.id ?? 'tsr'], ...changes })
}

export function aFact(changes: Partial<z.input<typeof fact>> = {}): Fact {
  return fact.parse({
    kind: 'severe-violation',
    message: 'payments.issue_refund ran without verification',
    cases: ['refund.unverified'],
    rule: 'identity_verified',
    ...changes,
  })
}

/** A case that fell from 5/5 to 0/5, unless told otherwise. */
export function aMovedCase(changes: Partial<z.input<typeof movedCase>> = {}): MovedCase {
  return movedCase.parse({
    id: 'refund.over-limit',
    layer: 'outcome',
    baselinePassed: 5,
    baselineScored: 5,
    candidatePassed: 0,
    candidateScored: 5,
    direction: 'worse',
    ...changes,
  })
}

function rate(
  id: GatedMetricId,
  rest: Pick<z.input<typeof metricVerdict>, 'worse' | 'baseline' | 'candidate' | 'margin'> & {
    change?: number
  },
): z.input<typeof metricVerdict> {
  return {
    id,
    status: 'pass',
    kind: 'rate',
    unit: 'trial',
    nBaseline: 120,
    nCandidate: 120,
    ciLower: -0.009,
    ciUpper: 0.009,
    ...rest,
  }
}
