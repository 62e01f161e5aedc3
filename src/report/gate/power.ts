import type { GatePower, MetricPlan, TrialPlanRow } from '../../schema/gate-check.ts'
import { shellWord } from '../../text/shell-word.ts'
import { listed, percent, plural, pointsSize, usd, whole } from '../format.ts'
import { metricLabel } from '../metric-words.ts'
import { sayInTerminal as say } from '../say.ts'
import { alignColumns, type Cell, cell, wrapped } from '../terminal/columns.ts'
import type { Paint, Tone } from '../terminal/paint.ts'
import type { GateCheckContext } from './reporter.ts'

/** What this gate could show before anything is spent: the answer, a table over trials, what to run. */
export function gatePowerBlocks(
  document: GatePower,
  context: GateCheckContext,
  paint: Paint,
): readonly (readonly string[])[] {
  return [
    headingLines(document, paint),
    tableLines(document, paint),
    remarks(document).flatMap((text) => wrapped(text, '    ', '  ')),
    nextLines(document, context, paint),
  ]
}

/** As often as planning asks for. */
const usualPower = 0.8

function headingLines(document: GatePower, paint: Paint): readonly string[] {
  const { text, tone } = headline(document)
  return [
    ...wrapped(text, '  ', '').map((line) => paint(tone, line)),
    ...wrapped(basis(document), '  '),
  ]
}

interface Headline {
  readonly text: string
  readonly tone: Tone
}

function headline(document: GatePower): Headline {
  const { basis: from, metrics, plans, trials } = document
  const chance = chanceAt(plans, trials)
  if (chance === undefined) {
    const text =
      from.kind === 'baseline' && from.cases === 0
        ? `${say(from.from)} holds none of these cases as they are now: make it anew, or plan with --assume-tsr.`
        : 'This gate has no rate to plan for.'
    return { text, tone: 'warn' }
  }
  const each = `${plural(trials, 'trial')} of each case`
  const passes = `an unchanged agent passes ${roughly(chance)} of the time`
  if (chance < usualPower) {
    return { text: `${each}: too few, ${passes}. ${insteadWords(metrics)}`.trim(), tone: 'warn' }
  }
  const main = metrics.find(({ safety }) => !safety)
  const reach = main?.reach.find((one) => one.trials === trials)
  const finds =
    main === undefined || reach === undefined
      ? ''
      : `drops from ${pointsSize(reach.mde)} points on are found in ${metricLabel(main.id)} in four of five runs, and `
  return { text: `${each}: enough. ${capital(finds + passes)}.`, tone: 'good' }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** The metric that needs most decides. */
function insteadWords(metrics: readonly MetricPlan[]): string {
  const needs = metrics.flatMap(({ trialsNeeded }) => trialsNeeded ?? [])
  if (needs.length === 0) return ''
  const most = Math.max(...needs)
  return `About ${whole(most)} would do; so would more cases.`
}

function chanceAt(plans: readonly TrialPlanRow[], trials: number): number | undefined {
  return plans.find((plan) => plan.trials === trials)?.passChance
}

function basis({ basis: from, cases, evalSet }: GatePower): string {
  const start = `${say(evalSet.id)}: ${plural(cases, 'case')}`
  if (from.kind === 'assumption') {
    return (
      `${start}; no baseline, so this is assumed: ${percent(from.tsr)} of tasks done with the usual ` +
      'spread over cases, no attack that succeeds, no rule broken, and a baseline of ' +
      `${from.baselineFactor} trials for each one of the candidate`
    )
  }
  const missing =
    from.missing === 0
      ? ''
      : `; ${plural(from.missing, 'case')} not in it as they are now, so not compared`
  return `${start}, planned from ${say(from.from)} with ${from.trials} trials of each${missing}`
}

function tableLines(document: GatePower, paint: Paint): readonly string[] {
  const { metrics, plans, trials } = document
  const head = [
    'trials of each case',
    ...plans.map((plan) => `${plan.trials}${plan.trials === trials ? '*' : ''}`),
    'allowed',
    'needs',
  ].map((text) => cell(text, 'faint'))
  const rows = [head, ...metrics.flatMap(metricRows), ...planRows(plans)]
  return [
    '  smallest drop in points that is found four times out of five',
    ...alignColumns(rows, { align: `l${'r'.repeat(plans.length + 2)}`, paint, indent: 2 }),
  ]
}

function metricRows(metric: MetricPlan): readonly (readonly Cell[])[] {
  const { id, margin, reach, trialsNeeded } = metric
  const row = [
    cell(metricLabel(id)),
    ...reach.map(({ mde }) =>
      cell(mde > 1 ? 'none' : pointsSize(mde), mde > margin ? 'faint' : undefined),
    ),
    cell(pointsSize(margin)),
    cell(trialsNeeded === undefined ? '' : whole(trialsNeeded)),
  ]
  if (reach.every(({ hides }) => hides === undefined)) return [row]
  const hidden = reach.map(({ hides }) =>
    cell(hides === undefined ? '' : pointsSize(hides), 'warn'),
  )
  return [row, [cell('  could hide unseen'), ...hidden]]
}

function planRows(plans: readonly TrialPlanRow[]): readonly (readonly Cell[])[] {
  const row = (label: string, value: (plan: TrialPlanRow) => string): readonly Cell[] => [
    cell(label),
    ...plans.map((plan) => cell(value(plan))),
  ]
  return [
    ...(plans.some(({ passChance }) => passChance !== undefined)
      ? [row('unchanged passes', ({ passChance }) => roughly(passChance))]
      : []),
    ...(plans.some(({ costUsd }) => costUsd !== undefined)
      ? [row('cost', ({ costUsd }) => roughUsd(costUsd))]
      : []),
    ...(plans.some(({ durationMs }) => durationMs !== undefined)
      ? [row('time', ({ durationMs }) => roughTime(durationMs))]
      : []),
  ]
}

/** An approximation has no decimals. */
function roughly(share: number | undefined): string {
  if (share === undefined) return ''
  if (share > 0.99) return '>99 %'
  return share < 0.01 ? '<1 %' : `${(share * 100).toFixed(0)} %`
}

function roughUsd(amount: number | undefined): string {
  return amount === undefined || amount < 10 ? usd(amount) : `$${whole(amount)}`
}

function roughTime(ms: number | undefined): string {
  if (ms === undefined) return ''
  const minutes = Math.ceil(ms / 60_000)
  if (minutes < 60) return `${minutes}m`
  return `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, '0')}`
}

function remarks(document: GatePower): readonly string[] {
  const { basis: from, concurrency, metrics, notPlanned, plans, twins, unit, unpriced } = document
  const isPriced = plans.some(({ costUsd }) => costUsd !== undefined)
  const hides = metrics.some(({ reach }) => reach.some((one) => one.hides !== undefined))
  const stuck = metrics.filter(({ trialsNeeded }) => trialsNeeded === undefined)
  return [
    '* as set or asked for. "needs" is for an unchanged agent to pass four times out of five. Chances are normal approximations.',
    ...(unit === 'case'
      ? ['Whole cases are the unit here: beyond some trials, only more cases help.']
      : []),
    ...(unit === 'trial' && stuck.length > 0 && from.kind === 'baseline'
      ? [`The baseline itself needs more trials for ${labels(stuck)}.`]
      : []),
    ...(hides
      ? ['Could hide unseen: so much worse could it be without one event being seen (unproven).']
      : []),
    isPriced
      ? priceWords({ concurrency, from, twins, unpriced })
      : 'What it costs and how long it takes is not known.',
    ...(notPlanned.length === 0
      ? []
      : [
          `Not planned for, because a baseline holds no spread of it: ${listed(notPlanned.map(metricLabel), 5)}. gate aa measures it.`,
        ]),
  ]
}

function labels(metrics: readonly MetricPlan[]): string {
  return listed(
    metrics.map(({ id }) => metricLabel(id)),
    5,
  )
}

function priceWords({
  concurrency,
  from,
  twins,
  unpriced,
}: Pick<GatePower, 'concurrency' | 'twins' | 'unpriced'> & {
  readonly from: GatePower['basis']
}): string {
  const source =
    from.kind === 'baseline' && from.behind === 'reference'
      ? 'what the reference provider declares (it is free itself)'
      : 'what they were in the baseline'
  const withTwins = twins === 0 ? '' : `with ${plural(twins, 'benign twin')} and `
  const unknown =
    unpriced === 0 ? '' : `; ${plural(unpriced, 'case')} without a known price not included`
  return `Cost and time are ${source}, ${withTwins}${concurrency} trials at once${unknown}.`
}

function nextLines(
  { basis: from, plans, trials }: GatePower,
  { commandPrefix, evalSetName }: GateCheckContext,
  paint: Paint,
): readonly string[] {
  const name = shellWord(evalSetName)
  const enough = plans.find((plan) => plan.trials >= trials && (plan.passChance ?? 0) >= usualPower)
  const wanted = enough?.trials ?? trials
  const rows =
    from.kind === 'assumption'
      ? [
          [
            'make a baseline',
            `${commandPrefix} run ${name} --no-gate -n ${Math.ceil(wanted * from.baselineFactor)}`,
          ],
          ['keep it', `${commandPrefix} baseline update --evalset ${name}`],
        ]
      : [['run it', `${commandPrefix} run ${name} -n ${wanted}`]]
  return alignColumns(
    rows.map(([purpose = '', command = '']) => [cell(purpose), cell(command, 'bold')]),
    { align: 'll', paint, indent: 2 },
  )
}
