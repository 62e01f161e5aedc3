import type { LintCase, LintResult } from '../../schema/lint-result.ts'
import { countOf } from '../format.ts'
import { sayInTerminal as say } from '../say.ts'
import { alignColumns, cell } from '../terminal/columns.ts'
import type { Paint } from '../terminal/paint.ts'

/** Every case in a row: does it count, which of its mutants fail, which null agents pass it. */
export function lintCaseTable({ cases }: LintResult, paint: Paint): readonly string[] {
  if (cases.length === 0) return []
  const head = ['case', 'counts', 'mutants killed', 'declared', 'null agents that pass']
  const rows = cases.map((one) => [
    cell(say(one.id)),
    cell(one.usable ? 'yes' : 'no', one.usable ? undefined : 'bad'),
    cell(countOf(one.mutants.killed, one.mutants.made)),
    cell(one.mutants.declared === 0 ? '' : String(one.mutants.declared)),
    cell(passedBy(one), 'bad'),
  ])
  const titles = head.map((text) => cell(text, 'faint'))
  return alignColumns([titles, ...rows], { align: 'llrrl', paint, indent: 2 })
}

function passedBy({ passedBy: agents }: LintCase): string {
  return agents.map(say).join(', ')
}
