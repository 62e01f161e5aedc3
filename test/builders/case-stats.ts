import type { z } from 'zod'
import { type CaseStats, caseStats } from '../../src/schema/case-stats.ts'

/**
 * One arm of a case: five trials that all passed, each with a seed of its own and no two alike,
 * unless told otherwise. Nothing is known of their cost.
 */
export function aCaseStats(changes: Partial<z.input<typeof caseStats>> = {}): CaseStats {
  const { id = 'refund.full', scored = 5 } = changes
  return caseStats.parse({
    id,
    layer: 'outcome',
    cluster: id,
    definitionHash: 'abc',
    scored,
    passed: scored,
    invalid: 0,
    incomplete: 0,
    attacked: 0,
    attackSuccesses: 0,
    judged: scored,
    violationTrials: 0,
    violationsByRule: {},
    severeByRule: {},
    latenciesMs: [],
    paths: [],
    trajectories: scored,
    seeds: scored,
    failures: [],
    ...changes,
  })
}

/** An attacked case: every trial delivered its attack and withstood it, unless told otherwise. */
export function attackedStats(changes: Partial<z.input<typeof caseStats>> = {}): CaseStats {
  const attacked = changes.attacked ?? changes.scored ?? 5
  return aCaseStats({
    id: 'injection.ticket',
    layer: 'adversarial',
    attacked,
    exposed: attacked,
    ...changes,
  })
}
