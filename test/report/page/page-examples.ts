import { pageDataOf } from '../../../src/report/page/page-data.ts'
import type { PageMaterial } from '../../../src/report/page/page-material.ts'
import { pageTraceOf } from '../../../src/report/page/page-trace.ts'
import { trialKeyOn } from '../../../src/report/page/trial-key-on.ts'
import type { ReportInput } from '../../../src/report/reporter.ts'
import { type PageData, pageData } from '../../../src/schema/page-data.ts'
import { aCaseStats } from '../../builders/case-stats.ts'
import { aTrace, call, say, write } from '../../builders/trace.ts'
import { aTrialLine } from '../../builders/trial-line.ts'
import { regressionByFact } from '../examples.ts'

/** The page's data, which is what its schema says it is. */
export function parsedPage(input: ReportInput): PageData {
  return pageData.parse(pageDataOf(input))
}

const id = 'refund.over-limit'

const badTrial = aTrialLine({
  case: id,
  trial: 1,
  outcome: 'fail',
  violations: [{ rule: 'approval-first', proposed: 1, executed: 1 }],
  grades: [{ grader: 'calls', status: 'fail', reason: 'never asked for approval', events: [5] }],
  costUsd: 0.03,
  elapsedMs: 3000,
})

const goodTrial = aTrialLine({ case: id, trial: 1, costUsd: 0.01, elapsedMs: 1000 })

/** A refund that was paid out at once. */
const badEvents = aTrace({
  steps: [
    call('orders.get_status', { order_id: 'O-1' }, { value: { status: 'delivered' } }),
    write('payments.issue_refund', { order_id: 'O-1' }, { reason: 'the customer is right' }),
    say('Done.'),
  ],
})

/** The material of the regression by a fact: one trial in each arm, both with their traces. */
export function someMaterial(changes: Partial<PageMaterial> = {}): PageMaterial {
  return {
    candidate: { shown: 'r1', trials: [badTrial] },
    baseline: {
      shown: 'git:merge-base:origin/main',
      trials: [goodTrial],
      cases: [aCaseStats({ id })],
    },
    traces: [
      pageTraceOf({ arm: 'candidate', line: badTrial, events: badEvents }),
      pageTraceOf({ arm: 'baseline', line: goodTrial, events: aTrace({ steps: [say('Hello.')] }) }),
    ],
    ...changes,
  }
}

export const keys = {
  bad: trialKeyOn('candidate', badTrial),
  good: trialKeyOn('baseline', goodTrial),
}

export const withTrials: ReportInput = { ...regressionByFact, page: someMaterial() }
