import type { JsonValue } from '../../schema/json.ts'
import { asJson } from '../../schema/json.ts'
import {
  type DecidedTest,
  type ExpectedDecision,
  type PolicyTestResult,
  policyTestResult,
  type SaidByControl,
} from '../../schema/policy-test.ts'
import { canonicalJson, prettyCanonicalJson } from '../../text/canonical-json.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import { plural } from '../format.ts'
import type { RenderStyle } from '../reporter.ts'
import { sayInTerminal as say } from '../say.ts'
import { alignColumns, cell, wrapLastColumn, wrapped } from '../terminal/columns.ts'
import { type Paint, painter } from '../terminal/paint.ts'
import { engineName, outcomeTones, ruleText } from './words.ts'

interface PolicyTestStyle extends RenderStyle {
  /** Every test, and not only those that differ. */
  readonly verbose: boolean
}

/** Turns decided policy tests into text. Pure: equal input gives equal bytes. */
export interface PolicyTestReporter {
  readonly id: string
  /** For the help text: what one gets. */
  readonly describes: string
  readonly render: (result: PolicyTestResult, style?: PolicyTestStyle) => string
}

/** Longest text of what was asked about. */
const maxSubject = 200

const terminal: PolicyTestReporter = {
  id: 'terminal',
  describes: 'text for people: what differs, what each engine said and why, and how many agree',
  render({ tests }, { colour, verbose } = { colour: false, verbose: false }) {
    const paint = painter(colour)
    const differing = tests.filter(differs)
    const blocks = [
      ...differing.map((test) => differingLines(test, paint)),
      ...(verbose ? [tableLines(tests, paint)] : []),
      [summaryLine(tests, paint)],
    ]
    return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`
  },
}

const json: PolicyTestReporter = {
  id: 'json',
  describes: 'the document, keys sorted',
  render: (result) => prettyCanonicalJson(asJson(policyTestResult.parse(result))),
}

/** The formats of `policy test`, by id. */
export const policyTestReporters: ReadonlyMap<string, PolicyTestReporter> = new Map(
  [terminal, json].map((reporter) => [reporter.id, reporter]),
)

function differs(test: DecidedTest): boolean {
  return test.differs.length > 0
}

function differingLines(test: DecidedTest, paint: Paint): readonly string[] {
  const answers = test.said.flatMap((said) => answerTexts(said))
  const rows = [
    ['asked', askedText(test)],
    ['expected', expectedText(test.expected)],
    ['got', test.differs.map(say).join('; ')],
    ...(answers.length === 0 ? ['no rule covers it'] : answers).map((text) => ['', text]),
  ]
  return [
    `${paint('bad', 'DIFFERS')}  ${paint('bold', say(test.name))}`,
    `  ${say(test.file)}:${test.line}`,
    ...rows.flatMap(([label = '', text = '']) => {
      const [first = '', ...rest] = wrapped(text, ' '.repeat(14), ' '.repeat(12))
      return [`  ${paint('faint', label.padEnd(8))}  ${first.trimStart()}`, ...rest]
    }),
  ]
}

function askedText({ stage, subject, tool }: DecidedTest): string {
  const shown = typeof subject === 'string' ? `"${subject}"` : canonicalJson(subject)
  const text = terminalLine(shown, maxSubject)
  if (tool === undefined) return `${stage} ${text}`
  return stage === 'result' ? `what ${say(tool)} returns: ${text}` : `${say(tool)} ${text}`
}

function expectedText({ alert, decision, engine, rule }: ExpectedDecision): string {
  const by = [
    ...(rule === undefined ? [] : [`rule ${say(rule)}`]),
    ...(engine === undefined ? [] : [`engine ${engine}`]),
  ]
  const told = alert === undefined ? '' : alert ? ', with an alert' : ', without an alert'
  return `${decision}${by.length === 0 ? '' : ` by ${by.join(' of ')}`}${told}`
}

/** One line a control, and one for each of its rules where there are several. */
function answerTexts(said: SaidByControl): readonly string[] {
  const { alert, decision, modified, rules } = said
  const head = `${decision} by ${engineName(said)}${alert === true ? ', with an alert' : ''}`
  const form = modified === undefined ? [] : [`as ${valueText(modified)}`]
  const [only, ...more] = rules
  if (only === undefined) return [head, ...form]
  if (more.length === 0) return [`${head}: ${ruleText(only, decision, say)}`, ...form]
  return [head, ...rules.map((rule) => `- ${ruleText(rule, decision, say)}`), ...form]
}

function valueText(value: JsonValue): string {
  return terminalLine(canonicalJson(value), maxSubject)
}

function tableLines(tests: readonly DecidedTest[], paint: Paint): readonly string[] {
  const head = ['', 'test', 'decided', 'by'].map((text) => cell(text, 'faint'))
  const rows = tests.map((test) => [
    differs(test) ? cell('DIFFERS', 'bad') : cell('ok', 'good'),
    cell(say(test.name)),
    cell(test.decided, outcomeTones[test.decided]),
    cell(decidedBy(test)),
  ])
  const columns = { align: 'llll', indent: 2 }
  return alignColumns(wrapLastColumn([head, ...rows], columns), { ...columns, paint })
}

/** The rules that made the decision what it is. */
function decidedBy({ decided, said }: DecidedTest): string {
  const speaking = said.filter(({ decision }) => decision === decided)
  const wanted = decided === 'error' ? 'deny' : decided
  const names = speaking.map((one) => {
    const ids = one.rules.filter(({ decision }) => decision === wanted).map(({ id }) => say(id))
    const who = one.engine === undefined ? one.source : engineName(one)
    return ids.length === 0 ? who : `${who} ${ids.join(', ')}`
  })
  return names.length === 0 ? 'no rule covers it' : names.join('; ')
}

function summaryLine(tests: readonly DecidedTest[], paint: Paint): string {
  const differing = tests.filter(differs).length
  const agree = tests.length - differing
  if (differing === 0) {
    const all = tests.length === 1 ? '' : 'all '
    return paint('good', `${all}${plural(tests.length, 'policy test')} as expected`)
  }
  const words = differing === 1 ? '1 differs' : `${differing} differ`
  return paint('bad', `${agree} of ${plural(tests.length, 'policy test')} as expected; ${words}`)
}
