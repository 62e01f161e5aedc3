import type { z } from 'zod'
import { type LintResult, lintResult } from '../../src/schema/lint-result.ts'

type Written = z.input<typeof lintResult>
type WrittenCase = Written['cases'][number]
export type WrittenFinding = Written['findings'][number]

/** What lint says of a set of two sound cases, unless told otherwise. */
export function aLintResult(changes: Partial<Written> = {}): LintResult {
  return lintResult.parse({
    apiVersion: 'agent-eval/v1',
    kind: 'LintResult',
    evalSet: { id: 'support', version: '1.3.0', hash: 'sha256:4b7d0aa' },
    cases: [aLintCase(), aLintCase({ id: 'refund.partial' })],
    nullAgents: [
      { id: 'silent', passed: 0, scored: 2 },
      { id: 'refuses', passed: 0, scored: 2 },
    ],
    figures: {
      mutants: { made: 40, killed: 40, declared: 0 },
      nullAgent: { id: 'silent', passed: 0, scored: 2 },
    },
    variety: { cases: 2, templates: 2, wordings: 2, oracleShapes: 1 },
    findings: [],
    ...changes,
  })
}

export function aLintCase(changes: Partial<WrittenCase> = {}): WrittenCase {
  return {
    id: 'refund.full',
    usable: true,
    mutants: { made: 20, killed: 20, declared: 0 },
    passedBy: [],
    ...changes,
  }
}

export function aLintFinding(changes: Partial<WrittenFinding> = {}): WrittenFinding {
  return {
    rule: 'number-unanchored',
    level: 'error',
    case: 'refund.full',
    message: '/25\\.98/ also accepts "125.98"',
    hint: 'write \\b25\\.98\\b',
    file: 'evals/support/cases/outcome/refund.yaml',
    line: 12,
    column: 9,
    ...changes,
  }
}

export function aSurvivor(changes: Partial<WrittenFinding> = {}): WrittenFinding {
  return aLintFinding({
    rule: 'mutant-survives',
    message: 'an agent that refunds twice passes this case',
    hint: 'limit how often: max: 1',
    mutant: 'double:2',
    diff: [
      '  call orders.get(id="O-1")',
      '  call orders.refund(id="O-1")',
      '+ call orders.refund(id="O-1", key="again")',
      '- say "Done."',
    ],
    line: 20,
    column: 5,
    ...changes,
  })
}
