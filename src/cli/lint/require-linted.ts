import { AgentEvalError } from '../../errors.ts'
import type { EvalCase } from '../../schema/case.ts'
import type { LintFigures } from '../../schema/lint-figures.ts'
import type { LintResult } from '../../schema/lint-result.ts'
import { shellWord } from '../../text/shell-word.ts'
import type { ProjectEvalSet } from '../project.ts'

/**
 * Refuses to spend on cases that cannot fail, or that nobody can pass: whatever an agent scored on
 * them would say nothing.
 *
 * Drafts and quarantined cases may be faulty: they gate nothing.
 *
 * @param found.isAllowed - `--allow-unlinted`: they run, and every report says so
 * @returns the figures that stand beside TSR in the report
 * @throws AgentEvalError (usage) naming the first case, and the way to see all
 */
export function requireLinted(
  evalSet: ProjectEvalSet,
  cases: readonly EvalCase[],
  { isAllowed, lint }: { readonly isAllowed: boolean; readonly lint: LintResult },
): LintFigures {
  const unusable = new Set(lint.cases.filter((one) => !one.usable).map((one) => one.id))
  const rejected = cases.filter(({ id, status }) => status === 'active' && unusable.has(id))
  const [first] = rejected
  if (first === undefined) return lint.figures
  if (isAllowed) return { ...lint.figures, rejected: rejected.length }
  const finding = lint.findings.find((one) => one.level === 'error' && one.case === first.id)
  const { column, file, line } = finding ?? { file: evalSet.shown }
  const others = rejected.length === 1 ? '' : `, and so are ${rejected.length - 1} more cases`
  throw new AgentEvalError(
    `case ${first.id} is rejected by lint: ${finding?.message ?? 'it cannot fail'}${others}`,
    'usage',
    {
      source: {
        file,
        ...(line !== undefined && { line }),
        ...(column !== undefined && { column }),
      },
      hint: `see all with: npx agent-eval lint ${shellWord(evalSet.shown)}; run them all the same with --allow-unlinted`,
    },
  )
}
