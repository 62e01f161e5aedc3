import type { Verdict } from '../../schema/verdict.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import { idleSentence } from '../cases/idle-cases.ts'
import { worstFirst } from '../cases/moved-cases.ts'
import { nextCommands } from '../commands/commands.ts'
import { whyNoAccept } from '../commands/why-no-accept.ts'
import { counted, exposure, measured, notGated } from '../figures/measured.ts'
import { moneyLines } from '../figures/money-lines.ts'
import { routeTable } from '../figures/route-table.ts'
import { comparedWith, sampleSize, spend, splitNote, standIns } from '../figures/sample.ts'
import { besideSuccessRate } from '../figures/yardstick.ts'
import { listed, plural } from '../format.ts'
import { heading, notDecided, verdictLine } from '../heading.ts'
import { isDeliveryTold } from '../inside-allowance.ts'
import { autonomyNote } from '../notes/autonomy-note.ts'
import { judgeNote, maxJudgeNote } from '../notes/judge-note.ts'
import { lostTrials } from '../notes/lost-trials.ts'
import { loudNotes, quietNotes } from '../notes/loud-notes.ts'
import { diagnosticNotes, ruleNotes, unpairedNotes } from '../notes/verdict-notes.ts'
import { policyLines } from '../policy/section.ts'
import type { ReportContext, Reporter } from '../reporter.ts'
import { sayInTerminal as say } from '../say.ts'
import { type Subject, subjectOf } from '../subject.ts'
import { failingCaseLines, movedCaseLines } from './cases.ts'
import { alignBelowNames, alignColumns, cell, wrapped } from './columns.ts'
import { controlLines } from './controls.ts'
import { gatedMetricLines } from './metrics.ts'
import { type Paint, painter, type Tone } from './paint.ts'

const naming = { say, most: 8 }
/** Of one kind: a log that nobody reads to its end tells nothing. */
const mostRemarks = 5

/** For people: the verdict, its numbers, what moved, what to do next; the verdict again at the end. */
export const terminal: Reporter = {
  id: 'terminal',
  describes: 'text for people: verdict, metrics, cases that moved, what to do next',

  render({ result, context }, { colour } = { colour: false }) {
    const subject = subjectOf(result)
    const paint = painter(colour)
    const blocks = [
      headingLines(subject, paint),
      metricLines(subject, paint),
      moneyBlock(subject, paint),
      judgeLines(subject, paint),
      remarkLines(subject.verdict, paint),
      controlLines(subject, paint),
      policyLines(result, paint),
      caseLines(subject, paint),
      caseListLines(subject),
      besideLines(subject),
      sampleLines(subject, context, paint),
      commandLines(subject, context, paint),
      [paint(tone(subject.verdict), verdictLine(subject.verdict))],
    ]
    const text = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'))
    return `${text.join('\n\n')}\n`
  },
}

function caseLines(subject: Subject, paint: Paint): readonly string[] {
  const { verdict, shown } = subject
  if (verdict === undefined || verdict.firstRun) return failingCaseLines(subject, paint)
  // Where evidence is missing, a case that moved may have moved because of that.
  if (verdict.status === 'error') return []
  return movedCaseLines(verdict, shown, paint)
}

function headingLines(subject: Subject, paint: Paint): readonly string[] {
  const words = wrapped(heading(subject, say), '  ', '').map((line) => paint('bold', line))
  const caution = subject.verdict?.status === 'inconclusive' ? [notDecided] : []
  return [
    ...words,
    ...[...caution, comparedWith(subject, say)].flatMap((text) => wrapped(text, '  ')),
  ]
}

function metricLines(subject: Subject, paint: Paint): readonly string[] {
  const { verdict, metrics, controls, figures } = subject
  const beside = besideSuccessRate(subject, say)
  if (verdict === undefined || verdict.firstRun) {
    if (metrics === undefined) return []
    const rows = measured(metrics).map(({ label, value, of, range }) =>
      [label, value, of, range].map((text) => cell(text)),
    )
    const head = ['', '', 'counted over', '95 % interval'].map((text) => cell(text, 'faint'))
    return [
      ...alignColumns([head, ...rows], { align: 'lrll', paint, indent: 2 }),
      ...paragraphs([...beside, counted(metrics, controls)]),
    ]
  }
  const more =
    metrics === undefined
      ? []
      : [
          isDeliveryTold(verdict) ? '' : exposure(metrics),
          notGated(metrics, verdict, figures),
          counted(metrics, controls),
        ]
  return [...gatedMetricLines(verdict, paint), ...paragraphs([...beside, ...more])]
}

function moneyBlock(subject: Subject, paint: Paint): readonly string[] {
  const routes = routeTable(subject.metrics, say)
  const rows = routes === undefined ? [] : routes.rows.map((row) => row.map((text) => cell(text)))
  const head = routes?.head.map((title) => cell(title, 'faint')) ?? []
  const table =
    routes === undefined
      ? []
      : alignBelowNames([head, ...rows], { align: routes.align, paint, indent: 2 })
  return [...table, ...paragraphs(moneyLines(subject, naming))]
}

function judgeLines({ judge }: Subject, paint: Paint): readonly string[] {
  return judgeNote(judge)
    .flatMap((note) => wrapped(terminalLine(note, maxJudgeNote), '    ', '  '))
    .map((line) => paint(judge?.stopped === undefined ? undefined : 'bad', line))
}

function paragraphs(texts: readonly string[]): readonly string[] {
  return texts.filter((text) => text !== '').flatMap((text) => wrapped(text, '    ', '  '))
}

/** Facts, then why evidence is missing, then what else must be known. */
function remarkLines(verdict: Verdict | undefined, paint: Paint): readonly string[] {
  if (verdict === undefined) return []
  // Of a regression they stand below, by what went wrong.
  const moved = new Set(
    verdict.status === 'regression' ? worstFirst(verdict).map(({ id }) => id) : [],
  )
  const facts = verdict.facts.slice(0, mostRemarks).flatMap((fact) => {
    const { message, cases, waivedBy } = fact
    const by = waivedBy === undefined ? '' : `, waived by ${say(waivedBy)}`
    const isNamedBelow = cases.every((id) => moved.has(id))
    const where = isNamedBelow ? '' : ` (${listed(cases.map(say), 5)})`
    const isWaived = waivedBy !== undefined
    return remark(
      isWaived ? 'waived' : 'fact',
      `${say(message)}${where}${by}`,
      isWaived ? 'warn' : 'bad',
    )
  })
  const more = verdict.facts.length - mostRemarks
  return [
    ...facts,
    ...(more > 0 ? remark('fact', `and ${plural(more, 'more fact')}`, 'bad') : []),
    ...remarks('missing', verdict.missingEvidence.map(say), 'bad'),
    ...remarks('rules', ruleNotes(verdict, naming), 'warn'),
    ...remarks('note', loudNotes(verdict, naming), 'warn'),
    ...remarks('warning', verdict.warnings.map(say), 'warn'),
  ]

  function remarks(word: string, texts: readonly string[], wordTone: Tone): readonly string[] {
    const rest = texts.length - mostRemarks
    const told = rest > 0 ? [...texts.slice(0, mostRemarks), `and ${rest} more`] : texts
    return told.flatMap((text) => remark(word, text, wordTone))
  }

  function remark(word: string, text: string, wordTone: Tone): readonly string[] {
    const [first = '', ...rest] = wrapped(text, '           ')
    return [`  ${paint(wordTone, word.padEnd(7))}  ${first.trimStart()}`, ...rest]
  }
}

/** For whoever wants to look closer, mends the set, or asks how much the agent may do on its own. */
function besideLines({ candidate, verdict }: Subject): readonly string[] {
  if (verdict === undefined) return []
  return paragraphs([
    ...quietNotes(verdict, naming),
    // Of a regression they stand above, by what went wrong.
    ...diagnosticNotes(verdict, verdict.status === 'regression' ? { say, most: 3 } : naming),
    ...autonomyNote(verdict, candidate.agentBehind),
  ])
}

/** Cases that stand on one side only, and those that ran and decide nothing. */
function caseListLines(subject: Subject): readonly string[] {
  const { split, verdict } = subject
  const unpaired = verdict === undefined ? [] : unpairedNotes(verdict, { ...naming, split })
  const inputs = (verdict?.inputsChanged ?? []).map(say)
  return paragraphs([
    ...unpaired,
    inputs.length === 0 ? '' : `inputs that changed: ${listed(inputs, 8)}`,
    idleSentence(subject, say, 8),
  ])
}

function sampleLines(subject: Subject, context: ReportContext, paint: Paint): readonly string[] {
  const sample = [sampleSize(subject), spend(subject, context), say(context.note ?? '')]
  return [
    ...[...standIns(subject), ...splitNote(subject), lostTrials(subject, say)]
      .filter((text) => text !== '')
      .flatMap((text) => wrapped(text, '  '))
      .map((line) => paint('warn', line)),
    ...wrapped(sample.filter((part) => part !== '').join('; '), '    ', '  '),
  ]
}

/** Longest remark beside a command; a longer one stands above it, so that commands stay in sight. */
const mostRemark = 32

function commandLines(subject: Subject, context: ReportContext, paint: Paint): readonly string[] {
  const commands = nextCommands(subject, context)
  const width = Math.max('accept'.length, ...commands.map(({ purpose }) => purpose.length))
  const rows = commands.flatMap(({ purpose, remark, command }) =>
    remark.length <= mostRemark
      ? [[cell(purpose), cell(remark, 'faint'), cell(command, 'bold')]]
      : [
          [cell(purpose), cell(''), cell(remark, 'faint')],
          [cell(''), cell(''), cell(command, 'bold')],
        ],
  )
  return [
    ...alignColumns(rows, { align: 'lll', paint, indent: 2 }),
    ...whyNoAccept(subject).flatMap((text) =>
      wrapped(text, ' '.repeat(width + 4), `  ${'accept'.padEnd(width)}  `),
    ),
  ]
}

function tone(verdict: Verdict | undefined): Tone | undefined {
  if (verdict === undefined) return undefined
  const tones = { pass: 'good', regression: 'bad', inconclusive: 'warn', error: 'bad' } as const
  return tones[verdict.status]
}
