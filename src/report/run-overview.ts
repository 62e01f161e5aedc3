import type { CaseResult, RunResult } from '../schema/run-result.ts'
import { terminalLine } from '../text/sanitise-terminal.ts'
import { idleSentence } from './cases/idle-cases.ts'
import { caseCount, evalSetWords, splitNote, standIns } from './figures/sample.ts'
import { countOf } from './format.ts'
import { verdictLine } from './heading.ts'
import { lostTrials } from './notes/lost-trials.ts'
import type { RenderStyle } from './reporter.ts'
import { sayInTerminal as say } from './say.ts'
import { type Subject, subjectOf } from './subject.ts'
import { alignColumns, type Cell, cell, wrapped } from './terminal/columns.ts'
import { painter } from './terminal/paint.ts'

/** A run at a glance: one line per case, in the document's order. */
export function renderRunOverview(
  result: RunResult,
  { colour }: RenderStyle = { colour: false },
): string {
  const paint = painter(colour)
  const subject = subjectOf(result)
  const head = ['', 'case', 'passed', 'rules', 'attack'].map((title) => cell(title, 'faint'))
  const { name } = result.provenance.candidate
  const [titles = '', ...rows] = alignColumns([head, ...subject.shown.map(row)], {
    align: 'llrrr',
    paint,
    indent: 2,
  })
  const table = [
    titles,
    ...subject.shown.flatMap((one, index) => [rows[index] ?? '', ...firstFailure(one)]),
  ]
  const idle = idleSentence(subject, say, subject.idle.length)
  const lost = lostTrials(subject, say)
  const lines = [
    ...wrapped(
      `${evalSetWords(subject, say)}, candidate ${say(name)}, ${caseCount(subject.cases)}`,
      '  ',
      '',
    ),
    ...standIns(subject),
    ...(subject.split === 'holdout' ? holdoutLines(subject) : ['', ...table]),
    ...(idle === '' ? [] : ['', ...wrapped(idle, '    ', '  ')]),
    ...(lost === '' ? [] : ['', ...wrapped(lost, '    ', '  ')]),
    '',
    verdictLine(result.verdict),
  ]
  return `${lines.join('\n')}\n`
}

function holdoutLines(subject: Subject): readonly string[] {
  const passed = subject.cases.reduce((sum, one) => sum + one.passed, 0)
  const scored = subject.cases.reduce((sum, one) => sum + one.scored, 0)
  return [...splitNote(subject), '', `  ${countOf(passed, scored)} trials passed`]
}

function row(one: CaseResult): readonly Cell[] {
  const lost = one.invalid + one.incomplete
  return [
    status(one),
    cell(say(one.id)),
    cell(countOf(one.passed, one.scored) + (lost === 0 ? '' : ` (${lost} lost)`)),
    cell(one.violationTrials === 0 ? '' : `${one.violationTrials} broken`),
    cell(one.attacked === 0 ? '' : `${countOf(one.attackSuccesses, one.attacked)} won`),
  ]
}

function firstFailure({ failures: [first] }: CaseResult): readonly string[] {
  return first === undefined ? [] : wrapped(terminalLine(first.reason, 150), '        ')
}

function status(one: CaseResult): Cell {
  if (one.failed > 0 || one.attackSuccesses > 0 || one.violationTrials > 0)
    return cell('FAIL', 'bad')
  if (one.scored === 0) return cell('none', 'warn')
  return cell('pass', 'good')
}
