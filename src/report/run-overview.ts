import type { CaseResult, RunResult } from '../schema/run-result.ts'
import { terminalLine } from '../text/sanitise-terminal.ts'
import { alignColumns, type Cell, cell } from './columns.ts'
import { countOf } from './format.ts'
import { verdictLine } from './heading.ts'
import { painter } from './paint.ts'
import type { RenderStyle } from './reporter.ts'
import { caseCount, standIns } from './sample.ts'
import { sayInTerminal as say } from './say.ts'
import { subjectOf } from './subject.ts'

/** A run at a glance: one line per case, in the document's order. */
export function renderRunOverview(
  result: RunResult,
  { colour }: RenderStyle = { colour: false },
): string {
  const paint = painter(colour)
  const { evalSet, candidate } = result.provenance
  const head = ['', 'case', 'passed', 'rules', 'attack', 'first failing check'].map((title) =>
    cell(title, 'faint'),
  )
  const lines = [
    `${say(evalSet.id)} ${say(evalSet.version)}, candidate ${say(candidate.name)}, ${caseCount(result.cases)}`,
    ...standIns(subjectOf(result)),
    '',
    ...alignColumns([head, ...result.cases.map(row)], { align: 'llrrrl', paint, indent: 2 }),
    '',
    verdictLine(result.verdict),
  ]
  return `${lines.join('\n')}\n`
}

function row(one: CaseResult): readonly Cell[] {
  const lost = one.invalid + one.incomplete
  const [first] = one.failures
  return [
    status(one),
    cell(say(one.id)),
    cell(countOf(one.passed, one.scored) + (lost === 0 ? '' : ` (${lost} lost)`)),
    cell(one.violationTrials === 0 ? '' : `${one.violationTrials} broken`),
    cell(one.attacked === 0 ? '' : `${countOf(one.attackSuccesses, one.attacked)} won`),
    cell(first === undefined ? '' : terminalLine(first.reason, 60)),
  ]
}

function status(one: CaseResult): Cell {
  if (one.failed > 0 || one.attackSuccesses > 0 || one.violationTrials > 0)
    return cell('FAIL', 'bad')
  if (one.scored === 0) return cell('none', 'warn')
  return cell('pass', 'good')
}
