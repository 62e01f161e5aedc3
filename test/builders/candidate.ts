import type { z } from 'zod'
import { type Candidate, candidate } from '../../src/schema/candidate.ts'
import { type JudgingPolicy, judgingPolicy } from '../../src/schema/policy.ts'

/** A candidate with every default filled in: all tools, no rules, no limits. */
export function aCandidate(changes: Partial<z.input<typeof candidate>> = {}): Candidate {
  return candidate.parse({
    name: 'support_refund_agent',
    versions: { prompt: 'p1', policy: 'r1' },
    ...changes,
  })
}

export function aJudgingPolicy(changes: z.input<typeof judgingPolicy> = {}): JudgingPolicy {
  return judgingPolicy.parse(changes)
}
