import type { z } from 'zod'
import { type TrialLine, trialLine } from '../../src/schema/trial.ts'

/** A trial that passed, on the case `refund.full`; its seed follows its number. */
export function aTrialLine(changes: Partial<z.input<typeof trialLine>> = {}): TrialLine {
  const { case: id = 'refund.full', trial = 1 } = changes
  return trialLine.parse({
    case: id,
    trial,
    attempt: 1,
    mode: 'enforce',
    seed: 100 + trial,
    layer: 'outcome',
    cluster: id,
    definitionHash: 'abc',
    outcome: 'pass',
    termination: 'done',
    grades: [{ grader: 'effects', status: 'pass' }],
    violations: [],
    path: ['orders.get_status', 'payments.issue_refund'],
    trajectoryHash: `sha256:${trial}`,
    costUsd: 0.02,
    costByRole: { agent: 0.02 },
    inputTokens: 1000,
    outputTokens: 100,
    modelCalls: 3,
    toolCalls: 2,
    elapsedMs: 1000,
    counts: noCounts,
    ...changes,
  })
}

export const noCounts: TrialLine['counts'] = {
  writesProposed: 0,
  schemaErrors: 0,
  toolErrors: 0,
  repeatedReads: 0,
  blocked: 0,
  escalations: 0,
  approvals: 0,
  policyErrors: 0,
  overrides: 0,
  approvalTimeouts: 0,
  modified: 0,
  alerts: 0,
  reviews: 0,
}
