import type {
  BeyondChance,
  CriterionAgreement,
  JudgeAgreement,
  Rated,
} from '../../schema/judge-agreement.ts'
import { listed, percent, plural, usd } from '../format.ts'
import { sayInTerminal as say } from '../say.ts'
import { alignColumns, type Cell, cell, wrapped } from '../terminal/columns.ts'
import type { Paint, Tone } from '../terminal/paint.ts'

/** How well a judge agrees with people: whether it may gate, then the numbers of each criterion. */
export function judgeCalibrationBlocks(
  document: JudgeAgreement,
  paint: Paint,
): readonly (readonly string[])[] {
  return [
    headingLines(document, paint),
    ...document.criteria.flatMap((one) => criterionBlocks(one, paint)),
    remarks(document).flatMap((text) => wrapped(text, '    ', '  ')),
  ]
}

/** Cut at a number that nobody reads further than. */
const mostNamed = 6

function headingLines(document: JudgeAgreement, paint: Paint): readonly string[] {
  const { criteria, judge, mayGate, votes } = document
  const labels = criteria.reduce((sum, one) => sum + one.labels.pass + one.labels.fail, 0)
  const tone: Tone = mayGate ? 'good' : 'warn'
  const asked = `judge ${say(judge)}, ${plural(votes, 'vote')} each, against ${plural(labels, 'label')} by people`
  return [
    ...wrapped(headline(document), '  ', '').map((line) => paint(tone, line)),
    ...wrapped(asked, '  '),
  ]
}

function headline({ criteria, mayGate, unlabelled }: JudgeAgreement): string {
  const open = criteria.filter((one) => !one.mayGate)
  const [first] = open
  if (mayGate) {
    return criteria.length === 1
      ? 'May gate: it tells good from bad as people do.'
      : `May gate: it tells good from bad as people do, on all ${criteria.length} criteria.`
  }
  if (first === undefined) {
    const names = listed(unlabelled.map(say), mostNamed)
    return criteria.length === 0
      ? 'Advisory only: nobody has labelled anything.'
      : `Advisory only: nobody has labelled ${names}.`
  }
  if (criteria.length === 1) return `Advisory only: ${first.missing.join('; ')}.`
  const names = listed(
    open.map(({ criterion }) => say(criterion)),
    mostNamed,
  )
  return `Advisory only on ${open.length} of ${criteria.length} criteria: ${names}.`
}

function criterionBlocks(one: CriterionAgreement, paint: Paint): readonly (readonly string[])[] {
  const verdict = one.mayGate ? 'may gate' : `advisory only: ${one.missing.join('; ')}`
  const head = wrapped(`${say(one.criterion)}: ${verdict}`, '    ', '  ')
  return [
    [...head.map((line) => paint(one.mayGate ? 'good' : 'warn', line)), ...tableLines(one, paint)],
    [
      ...numberLines(one, paint),
      ...notesOf(one).flatMap((text) => wrapped(text, '      ', '    ')),
    ],
    groupLines(one, paint),
  ]
}

function tableLines({ table }: CriterionAgreement, paint: Paint): readonly string[] {
  const { falseNegative, falsePositive, trueNegative, truePositive, unanswered } = table
  const rows = [
    ['', 'judge passes', 'judge fails'].map((text) => cell(text, 'faint')),
    ['people pass', String(truePositive), String(falseNegative)].map((text) => cell(text)),
    ['people fail', String(falsePositive), String(trueNegative)].map((text) => cell(text)),
  ]
  const open = unanswered === 0 ? [] : [`    ${plural(unanswered, 'label')} without its answer`]
  return [...alignColumns(rows, { align: 'lrr', paint, indent: 4 }), ...open]
}

function numberLines(one: CriterionAgreement, paint: Paint): readonly string[] {
  const { accuracy, constant, sensitivity, specificity, youden } = one
  const always =
    constant === undefined
      ? ''
      : `always "${constant.says}" would be right ${percent(constant.accuracy)} of the time`
  const rows = [
    ['sensitivity', ...ratedCells(sensitivity, 'passed by people')],
    ['specificity', ...ratedCells(specificity, 'failed by people')],
    ['J', number(youden), '', '0 for whoever always says the same'],
    ['accuracy', percent(accuracy), '', always],
    ['kappa', ...chanceCells(one.kappa)],
    ['AC1', ...chanceCells(one.ac1)],
  ]
  return alignColumns(
    rows.map((texts) =>
      texts.map((text, index): Cell => cell(text, index === 3 ? 'faint' : undefined)),
    ),
    { align: 'lrll', paint, indent: 4 },
  )
}

function ratedCells(rated: Rated | undefined, of: string): readonly string[] {
  if (rated === undefined) return ['n/a', '', `no label ${of}`]
  const { ciLower, ciUpper, value } = rated
  return [percent(value), `${percent(ciLower)} to ${percent(ciUpper)}`, `of ${rated.of} ${of}`]
}

function chanceCells(agreement: BeyondChance | undefined): readonly string[] {
  if (agreement === undefined) return ['n/a', '', 'one answer only: nothing tells it from chance']
  const { ciLower, ciUpper, standardError, value } = agreement
  // An error of 0 is the formula's, not the truth.
  if (ciLower === undefined) return [number(value), '', 'they never differ, which is no certainty']
  const range = `${number(ciLower)} to ${number(ciUpper)}`
  return [number(value), range, `standard error ${standardError.toFixed(3)}`]
}

function number(value: number | undefined): string {
  return value === undefined ? 'n/a' : value.toFixed(2)
}

function notesOf({ labels, singleVotes }: CriterionAgreement): readonly string[] {
  const { alpha, authors, byJudge, otherWording, shared, undecided } = labels
  const people = `labels by ${plural(authors, 'author')}`
  const agree = alpha === undefined ? '' : `, Krippendorff's alpha between them ${number(alpha)}`
  const both = shared === 0 ? '' : `, ${shared} labelled by more than one${agree}`
  const single =
    singleVotes === undefined
      ? ''
      : `${singleVotes.againstMajority} of ${singleVotes.cast} single votes stood against their own majority`
  return [
    `${people}${both}`,
    undecided === 0
      ? ''
      : `${plural(undecided, 'transcript')} on which people are divided, left out`,
    byJudge === 0
      ? ''
      : `${plural(byJudge, 'label')} by whoever cast the votes: to agree with oneself shows nothing`,
    otherWording === 0 ? '' : `${plural(otherWording, 'label')} of another wording, left out`,
    single,
  ].filter((text) => text !== '')
}

function groupLines(
  { groups = [], macro = [] }: CriterionAgreement,
  paint: Paint,
): readonly string[] {
  if (groups.length === 0) return []
  const rows = [
    ['', 'labels', 'accuracy'].map((text) => cell(text, 'faint')),
    ...groups.map(({ accuracy, group, labels }) =>
      [say(group), String(labels), exact(accuracy)].map((text) => cell(text)),
    ),
    ...macro.map(({ accuracy, groups: parts, of }) =>
      [`${of === '' ? 'all' : say(of)}, mean of ${parts}`, '', exact(accuracy)].map((text) =>
        cell(text, 'bold'),
      ),
    ),
  ]
  return alignColumns(rows, { align: 'lrr', paint, indent: 4 })
}

/** Published accuracies have two decimals. */
function exact(share: number): string {
  return `${(share * 100).toFixed(2)} %`
}

function remarks(document: JudgeAgreement): readonly string[] {
  const { askable, criteria, mayGate, unlabelled, written } = document
  return [
    unlabelled.length === 0 || criteria.length === 0
      ? ''
      : `nobody has labelled: ${listed(unlabelled.map(say), mostNamed)}`,
    askedNote(document),
    askable === 0
      ? ''
      : `${plural(askable, 'labelled transcript')} without a vote: ask for it with --ask`,
    mayGate
      ? ''
      : 'As it stands it may fail cases of tier 0 and 1 only, marked as uncalibrated, and never decides alone.',
    lacksLabels(document) ? 'More labels: npx agent-eval judge review RUN' : '',
    written === undefined ? '' : `written to ${say(written.file)}${frozen(written.canaries)}`,
  ].filter((text) => text !== '')
}

function frozen(canaries: number): string {
  return canaries === 0 ? '' : `, ${plural(canaries, 'transcript')} frozen to see drift by`
}

function lacksLabels({ criteria, unlabelled }: JudgeAgreement): boolean {
  return (
    unlabelled.length > 0 ||
    criteria.some(({ table }) => {
      const { falseNegative, falsePositive, trueNegative, truePositive } = table
      return Math.min(truePositive + falseNegative, trueNegative + falsePositive) < labelsNeeded
    })
  )
}

/** Of passes and of fails, each. */
const labelsNeeded = 50

function askedNote({ asked }: JudgeAgreement): string {
  if (asked === undefined) return ''
  const failed = asked.failed === 0 ? '' : `, ${asked.failed} failed`
  const cost = asked.costUsd === undefined ? ', cost unknown' : `, ${usd(asked.costUsd)}`
  return `asked now: ${plural(asked.votes, 'vote')}${failed}${cost}`
}
