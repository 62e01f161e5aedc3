import type { Grade } from '../../schema/grade.ts'
import type { Charge, TraceEvent } from '../../schema/trace.ts'
import type { TrialLine } from '../../schema/trial.ts'
import { formatTrialKey } from '../../schema/trial-key.ts'
import { shellWord } from '../../text/shell-word.ts'
import { amount, duration, plural, usd, whole } from '../format.ts'
import { whyItDidNotRun, whyItRan, whyItWasNotSaid } from '../notes/why-it-ran.ts'
import type { RenderStyle } from '../reporter.ts'
import { sayInTerminal as say } from '../say.ts'
import { alignColumns, cell, wrapped } from '../terminal/columns.ts'
import { type Paint, painter, type Tone } from '../terminal/paint.ts'
import { stepLines } from './trial-steps.ts'

export interface TrialInput {
  readonly trial: TrialLine
  /** The trial's trace in order; its sequence numbers are the step numbers shown. */
  readonly events: readonly TraceEvent[]
  /** Absent: no command is suggested. */
  readonly next?: NextLooks
}

/** How the user reaches what lies beside a trial. */
interface NextLooks {
  /** What every suggested command starts with, such as `npx agent-eval`. */
  readonly commandPrefix: string
  /** The run as the user would type it. */
  readonly run: string
  /** How many trials its case has. */
  readonly trials: number
}

/** One trial step by step: how it ended and why, what happened, why it was let happen, every grade. */
export function renderTrial(
  { trial, events, next }: TrialInput,
  { colour }: RenderStyle = { colour: false },
): string {
  const paint = painter(colour)
  const evidence = new Set(trial.grades.flatMap((grade) => failed(grade)?.events ?? []))
  const blocks = [
    [...outcomeLines(trial, paint), ...summaryLines(trial)],
    titled('steps; > is evidence of a failed check', stepLines(events, evidence, paint), paint),
    titled('why it ran', whyItRan(events, paint), paint),
    titled('why it did not run', whyItDidNotRun(events, paint), paint),
    titled('why it was not said as written', whyItWasNotSaid(events, paint), paint),
    titled('spent', budgetLines(events, paint), paint),
    titled(
      'checks',
      trial.grades.flatMap((grade) => gradeLines(grade, paint)),
      paint,
    ),
    next === undefined ? [] : nextLines(trial, next, paint),
  ]
  const text = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'))
  return `${text.join('\n\n')}\n`
}

function outcomeLines(trial: TrialLine, paint: Paint): readonly string[] {
  const word = trial.outcome === 'fail' ? 'FAIL' : trial.outcome
  const reason = trial.outcomeReason === undefined ? '' : `: ${say(trial.outcomeReason)}`
  const fails = trial.grades.flatMap((grade) => failed(grade) ?? [])
  const first = fails.find(({ advisory }) => advisory !== true) ?? fails[0]
  return [
    `${paint(toneOf(trial.outcome), word)}  ${say(formatTrialKey(trial))}${reason}`,
    ...(first === undefined ? [] : gradeLines(first, paint)),
    ...attackLines(trial, paint),
    ...(trial.violations ?? []).flatMap(({ rule, proposed, executed, executedTier }) => {
      const tier = executedTier === undefined ? '' : `, highest tier ${executedTier}`
      return wrapped(
        `rule broken: ${say(rule)} (${proposed} proposed, ${executed} executed${tier})`,
        '    ',
        '  ',
      )
    }),
  ]
}

function attackLines({ attack }: TrialLine, paint: Paint): readonly string[] {
  if (attack === undefined) return []
  const { exposed, succeeded } = attack
  const known = exposed === true ? 'reached the agent' : 'never reached the agent'
  const delivered = exposed === undefined ? 'has no marker, so delivery is unknown' : known
  const goal = succeeded ? 'reached its goal' : 'did not reach its goal'
  return [`  ${paint(succeeded ? 'bad' : 'good', `the attack ${delivered} and ${goal}`)}`]
}

function summaryLines(trial: TrialLine): readonly string[] {
  const { inputTokens, outputTokens } = trial
  const parts = [
    `${trial.layer} case, seed ${trial.seed}`,
    trial.termination === undefined ? 'never ended' : `ended: ${trial.termination}`,
    ...known(trial.elapsedMs, (ms) => `after ${duration(ms)}`),
    ...known(trial.costUsd, usd),
    ...known(inputTokens, (tokens) => `${whole(tokens)} tokens in`),
    ...known(
      outputTokens,
      (tokens) => `${whole(tokens)}${inputTokens === undefined ? ' tokens' : ''} out`,
    ),
    plural(trial.toolCalls, 'tool call'),
    plural(trial.modelCalls, 'model call'),
  ]
  return wrapped(parts.join(', '), '    ', '  ')
}

/** What is not known is left out: `n/a` in a sentence says nothing. */
function known(value: number | undefined, words: (value: number) => string): readonly string[] {
  return value === undefined ? [] : [words(value)]
}

/** Another trial of the case, the run as a page, and, of one that did right, its way as the oracle. */
function nextLines(
  trial: TrialLine,
  { commandPrefix, run, trials }: NextLooks,
  paint: Paint,
): readonly string[] {
  const other = trial.trial < trials ? trial.trial + 1 : trial.trial - 1
  const looks = (number: number): string =>
    shellWord(`${run}/${formatTrialKey({ ...trial, trial: number, attempt: 1 })}`)
  const rows = [
    ...(other < 1 ? [] : [['another trial', `show ${looks(other)}`]]),
    ['as a page', `view ${shellWord(run)}`],
    ...(isAcceptable(trial)
      ? [['this is right', `show ${shellWord(`${run}/${formatTrialKey(trial)}`)} --accept`]]
      : []),
  ].map(([purpose = '', command = '']) => [
    cell(purpose),
    cell(`${commandPrefix} ${command}`, 'bold'),
  ])
  return alignColumns(rows, { align: 'll', paint, indent: 2 })
}

/** Whether a person may call it right: a benign twin, a row of a template and what broke a rule are no oracle. */
function isAcceptable({ attack, case: id, outcome, twinOf, violations = [] }: TrialLine): boolean {
  const isFit = outcome === 'pass' || outcome === 'fail'
  const isOwn = twinOf === undefined && !id.endsWith(']')
  return isFit && isOwn && attack?.succeeded !== true && violations.length === 0
}

/** Where each ledger stood at the end, over all roles, and its limit. */
function budgetLines(events: readonly TraceEvent[], paint: Paint): readonly string[] {
  const last = new Map<string, Charge>()
  for (const event of events) {
    if (event.type !== 'budget') continue
    for (const charge of event.charges) last.set(charge.kind, charge)
  }
  const rows = [...last.values()].map(({ kind, total, limit, exceeded }) => [
    cell(kind),
    cell(ledgerAmount(kind, total)),
    cell(limit === undefined ? '' : `of ${ledgerAmount(kind, limit)}`),
    cell(exceeded === true ? 'EXCEEDED' : '', 'bad'),
  ])
  return alignColumns(rows, { align: 'lrll', paint, indent: 2 })
}

function ledgerAmount(kind: Charge['kind'], value: number): string {
  if (kind === 'cost_usd') return usd(value)
  if (kind === 'wall_ms') return duration(value)
  return Number.isInteger(value) ? whole(value) : amount(value)
}

function gradeLines(grade: Grade, paint: Paint): readonly string[] {
  const grader = say(grade.grader)
  const aside = grade.advisory === true ? ' (advisory)' : ''
  if (grade.status === 'pass') return [`  ${paint('good', 'pass')}      ${grader}${aside}`]
  const isFail = grade.status === 'fail'
  const word = paint(isFail ? 'bad' : 'warn', isFail ? 'FAIL    ' : 'unscored')
  const steps = isFail && grade.events.length > 0 ? ` (${stepList(grade.events)})` : ''
  const [first = '', ...rest] = wrapped(
    `${grader}${aside}: ${say(grade.reason)}${steps}`,
    ' '.repeat(12),
  )
  return [`  ${word}  ${first.trimStart()}`, ...rest]
}

function stepList(events: readonly number[]): string {
  const shown = events.slice(0, 8).join(', ')
  const rest = events.length - 8
  return `${events.length === 1 ? 'step' : 'steps'} ${shown}${rest > 0 ? ` and ${rest} more` : ''}`
}

function failed(grade: Grade): Extract<Grade, { status: 'fail' }> | undefined {
  return grade.status === 'fail' ? grade : undefined
}

function titled(title: string, lines: readonly string[], paint: Paint): readonly string[] {
  return lines.length === 0 ? [] : [paint('bold', title), ...lines]
}

function toneOf(outcome: TrialLine['outcome']): Tone {
  if (outcome === 'pass') return 'good'
  return outcome === 'fail' ? 'bad' : 'warn'
}
