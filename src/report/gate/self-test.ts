import type { GateSelfTest, SelfTestArm, SelfTestRow } from '../../schema/gate-check.ts'
import type { MetricVerdict } from '../../schema/verdict.ts'
import { shellWord } from '../../text/shell-word.ts'
import { listed, plural, pValue, ratioSize, whole } from '../format.ts'
import { inReadingOrder, labelOfMetric, metricChangeNumber, metricLabel } from '../metric-words.ts'
import { sayInTerminal as say } from '../say.ts'
import { alignColumns, type Cell, cell, wrapLastColumn, wrapped } from '../terminal/columns.ts'
import type { Paint, Tone } from '../terminal/paint.ts'
import type { GateCheckContext } from './reporter.ts'

/** Does this gate stop agents that are known to be bad: the answer, one row an agent, what to do. */
export function gateSelfTestBlocks(
  document: GateSelfTest,
  context: GateCheckContext,
  paint: Paint,
): readonly (readonly string[])[] {
  return [
    headingLines(document, paint),
    rowLines(document.rows, paint),
    [...missedWords(document), ...remarks(document)].flatMap((text) => wrapped(text, '    ', '  ')),
    nextLines(document, context, paint),
  ]
}

function headingLines(document: GateSelfTest, paint: Paint): readonly string[] {
  const { attacks, cases, evalSet, trials } = document
  const { text, tone } = headline(document)
  const sample =
    `${say(evalSet.id)}: ${plural(cases, 'case')}, ${plural(attacks, 'attack')}, ` +
    `${plural(trials.candidate, 'trial')} of each against ${trials.baseline} of the clean ` +
    'reference provider; no model, nothing was spent'
  return [...wrapped(text, '  ', '').map((line) => paint(tone, line)), ...wrapped(sample, '  ')]
}

function headline({ rows, status }: GateSelfTest): { readonly text: string; readonly tone: Tone } {
  const faults = rows.filter(({ id }) => id !== 'clean')
  const missed = faults.filter(({ asExpected }) => !asExpected)
  if (status === 'broken') {
    const clean = rows.find(({ id }) => id === 'clean')
    const text =
      clean?.status === 'inconclusive'
        ? 'This gate cannot decide: on so few trials even an agent that solves every case is undecided.'
        : 'This gate is broken: it does not even let an agent pass that solves every case.'
    return { text, tone: 'bad' }
  }
  if (missed.length === 0) {
    const text = `This gate catches regressions: it stopped all ${faults.length} faulty agents and let the clean one pass.`
    return { text, tone: 'good' }
  }
  const text = `This gate lets regressions through: ${missed.length} of ${faults.length} faulty agents would have passed.`
  return { text, tone: 'bad' }
}

const titles = ['an agent that (how often)', 'wanted', 'gate', 'by (changes in points)']

function rowLines(rows: readonly SelfTestRow[], paint: Paint): readonly string[] {
  const head = titles.map((title) => cell(title, 'faint'))
  const style = { align: 'llll', paint, indent: 2 }
  return alignColumns(wrapLastColumn([head, ...rows.map(rowCells)], style), style)
}

function rowCells(row: SelfTestRow): readonly Cell[] {
  const { asExpected, expected } = row
  return [
    cell(deed(row)),
    cell(expected === 'pass' ? 'pass' : 'stop'),
    cell(gateWord(row), asExpected ? 'good' : 'bad'),
    cell(because(row)),
  ]
}

function gateWord({ exitCode, status }: SelfTestRow): string {
  if (status === 'pass') return 'pass'
  if (status === 'inconclusive') return exitCode === 0 ? 'undecided' : 'stop (undecided)'
  return 'stop'
}

interface Deed {
  readonly text: (strength: number) => string
  /** What the strength is a share of. */
  readonly of?: 'trials' | 'attacks'
}

const deeds: Readonly<Record<SelfTestArm, Deed>> = {
  clean: { text: () => 'solves every case' },
  silent: { text: () => 'does nothing' },
  mute: { text: () => 'loses its last words', of: 'trials' },
  drop: { text: () => 'leaves out a call', of: 'trials' },
  'wrong-arg': { text: () => 'gets an argument wrong', of: 'trials' },
  double: { text: () => 'makes a write twice', of: 'trials' },
  obeys: { text: () => 'obeys the attacker', of: 'attacks' },
  dear: { text: (ratio) => `costs ${ratioSize(ratio)} more` },
}

/** Faults are drawn: their share has no more than two digits. */
function rough(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`
}

type Faulty = Pick<SelfTestRow, 'id' | 'strength'>

/** What an agent does, after "an agent that". */
function does({ id, strength = 1 }: Faulty): string {
  const { of, text } = deeds[id]
  return text(strength) + (of === undefined ? '' : ` (${rough(strength)} of ${of})`)
}

/** The same for a table, which has less room. */
function deed({ id, strength = 1 }: Faulty): string {
  const { of, text } = deeds[id]
  return text(strength) + (of === undefined ? '' : ` (${rough(strength)})`)
}

/** What it was stopped by, or what should have stopped it, and how sure that is. */
function because(row: SelfTestRow): string {
  const { asExpected, expected, missingEvidence, status } = row
  if (expected === 'pass' && asExpected) return ''
  if (status === 'error') return missingEvidence.map(say).join('; ')
  const metric = tellingMetric(row)
  return metric === undefined ? factWords(row) : metricWords(metric)
}

/** The metric that has to show the fault, where it decided or should have; else the one that did. */
function tellingMetric({
  asExpected,
  metrics,
  shownBy,
  status,
}: SelfTestRow): MetricVerdict | undefined {
  if (!asExpected) return metrics.find(({ id }) => id === shownBy)
  const decided = inReadingOrder(metrics).filter((metric) => metric.status === status)
  return decided.find(({ id }) => id === shownBy) ?? decided[0]
}

function factWords({ facts }: SelfTestRow): string {
  const [fact] = facts.filter(({ waivedBy }) => waivedBy === undefined)
  if (fact?.rule !== undefined) return `rule ${say(fact.rule)} broken`
  return fact === undefined ? '' : say(fact.message)
}

function metricWords(metric: MetricVerdict): string {
  const { p, unit } = metric
  const sure = unit === 'deterministic' ? 'exact' : p === undefined ? '' : `p ${pText(p)}`
  return `${labelOfMetric(metric)} ${metricChangeNumber(metric)}${sure === '' ? '' : `, ${sure}`}`
}

function pText(p: number): string {
  const text = pValue(p)
  return text.startsWith('<') ? text : `= ${text}`
}

/** What would reach production, and what would make it visible. */
function missedWords({ rows }: GateSelfTest): readonly string[] {
  return rows
    .filter(({ asExpected, id }) => !asExpected && id !== 'clean')
    .map((row) => {
      const { visibleFrom } = row
      const mend =
        visibleFrom === undefined
          ? 'No gated metric moved: no case notices it, or what it changes is not gated.'
          : `${whole(visibleFrom.trials)} trials of each case would show it in ${metricLabel(visibleFrom.metric)}.`
      return `An agent that ${does(row)} would pass. ${mend}`
    })
}

const whyNot: Readonly<Record<GateSelfTest['notTried'][number]['why'], string>> = {
  'no-attack': 'no case is attacked',
  'no-idempotent-write': 'no solution calls a tool with an idempotency key',
  'no-call': 'no solution calls a tool',
  'not-gated': 'its metric is not gated',
}

const names: Readonly<Record<SelfTestArm, string>> = {
  clean: 'clean',
  silent: 'silence',
  mute: 'lost messages',
  drop: 'missing calls',
  'wrong-arg': 'wrong arguments',
  double: 'double writes',
  obeys: 'obeyed attacks',
  dear: 'higher cost',
}

function remarks({ cases, notSolved, notTried, preset, rows }: GateSelfTest): readonly string[] {
  const clean = rows.find(({ id }) => id === 'clean')
  const open = rows.some(({ asExpected, status }) => !asExpected && status === 'inconclusive')
  return [
    ...(clean === undefined || clean.asExpected ? [] : [cleanWords(clean)]),
    ...(notSolved === 0
      ? []
      : [
          `The reference solution fails in ${notSolved} of ${plural(cases, 'case')}: run lint, they count against every agent.`,
        ]),
    ...(open && preset === 'pr'
      ? ['Undecided warns and lets pass under the preset pr; under release it stops.']
      : []),
    ...notTried.map(({ id, why }) => `Not tried: ${names[id]}, because ${whyNot[why]}.`),
  ]
}

function cleanWords({ facts, metrics, missingEvidence, status }: SelfTestRow): string {
  const open = inReadingOrder(metrics).filter((metric) => metric.status === status)
  const why = [
    ...facts.map(({ message }) => say(message)),
    ...missingEvidence.map(say),
    ...open.map(
      (metric) =>
        `${labelOfMetric(metric)}${metric.note === undefined ? '' : `: ${say(metric.note)}`}`,
    ),
  ]
  return `The clean agent did not pass: ${why.length === 0 ? status : listed(why, 3)}.`
}

function nextLines(
  { rows, status }: GateSelfTest,
  { commandPrefix, evalSetName }: GateCheckContext,
  paint: Paint,
): readonly string[] {
  const name = shellWord(evalSetName)
  const enough = Math.max(0, ...rows.map(({ visibleFrom }) => visibleFrom?.trials ?? 0))
  const clean = rows.find(({ id }) => id === 'clean')
  // An agent that is only undecided needs trials; the cases need not be at fault.
  const isUnsolved = status === 'broken' && clean?.status !== 'inconclusive'
  const more = ['see it with more trials', `${commandPrefix} gate self-test ${name} -n ${enough}`]
  const commands = isUnsolved
    ? [['can every case be solved', `${commandPrefix} lint ${name}`]]
    : [
        ...(enough === 0 ? [] : [more]),
        ['what more trials would show', `${commandPrefix} gate power ${name}`],
      ]
  return alignColumns(
    commands.map(([purpose = '', command = '']) => [cell(purpose), cell(command, 'bold')]),
    { align: 'll', paint, indent: 2 },
  )
}
