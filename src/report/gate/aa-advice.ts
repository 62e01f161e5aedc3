import type { GateAa } from '../../schema/gate-check.ts'
import { shellWord } from '../../text/shell-word.ts'
import { percent, whole } from '../format.ts'
import { inReadingOrder, metricLabel } from '../metric-words.ts'
import { alignColumns, cell, wrapped } from '../terminal/columns.ts'
import type { Paint } from '../terminal/paint.ts'
import type { GateCheckContext } from './reporter.ts'

/** From here on cases are cheaper than trials of the same ones. */
const mostSensible = 50

/** What follows from it: the reason in words, lines to paste, and the next command. */
export function gateAaAdvice(
  document: GateAa,
  context: GateCheckContext,
  paint: Paint,
): readonly (readonly string[])[] {
  return [
    [...unitWords(document), ...trialWords(document)].flatMap((text) =>
      wrapped(text, '    ', '  '),
    ),
    pasteLines(document, paint),
    nextLines(document, context, paint),
  ]
}

function unitWords({ copies, recommended, status, unit, verdict }: GateAa): readonly string[] {
  if (unit === 'deterministic') {
    return [
      'This agent does the same in every trial, so each difference is a fact: no unit is needed.',
    ]
  }
  if (recommended.unit === 'case') {
    const why =
      copies.sharedSeeds > 0
        ? 'Trials that share a seed are copies of one another'
        : 'What the trials of one half have in common is more than chance explains'
    return [`${why}: count whole cases, not trials.`]
  }
  if (status !== 'alarm') return []
  const chance = `Chance alone does this to at most ${percent(verdict.alpha)} of unchanged agents.`
  return [`${chance} Ask again with another --seed: twice in a row is no chance.`]
}

function trialWords({ current, recommended, verdict }: GateAa): readonly string[] {
  const order = inReadingOrder(verdict.metrics).map(({ id }) => id)
  const needs = order.flatMap((id) => recommended.needs.find((need) => need.id === id) ?? [])
  const inCases = needs.flatMap(({ cases, id }) =>
    cases === undefined ? [] : [`${metricLabel(id)} ${whole(cases)}`],
  )
  const inTrials = needs.flatMap(({ id, trials }) =>
    trials === undefined ? [] : [`${metricLabel(id)} ${whole(trials)}`],
  )
  const { baselineFactor, trials } = recommended
  return [
    ...(inCases.length === 0
      ? []
      : [`Cases that let an unchanged agent pass four times out of five: ${inCases.join(', ')}.`]),
    ...(trials === undefined
      ? []
      : [
          `Trials of each case that let an unchanged agent pass four times out of five: ` +
            `${inTrials.join(', ')}. ${setWords(trials, current.trials)}, and ${baselineFactor} times as many for the baseline.` +
            (trials > mostSensible ? ' That is more than trials should do: add cases.' : ''),
        ]),
  ]
}

function setWords(needed: number, current: number): string {
  return needed <= current
    ? `${current} are set, which is enough`
    : `${current} are set, ${needed} are needed`
}

function isWorthMore(needed = 0, current: number): boolean {
  return needed > current && needed <= mostSensible
}

/** Only what differs from what the eval set says. */
function pasteLines(document: GateAa, paint: Paint): readonly string[] {
  const { configuredUnit, current, recommended, unit } = document
  const lines = [
    ...(recommended.unit === 'case' && unit === 'trial' && configuredUnit !== 'case'
      ? ['gate: { unit: case }']
      : []),
    ...(isWorthMore(recommended.trials, current.trials)
      ? [`defaults: { trials: ${recommended.trials ?? current.trials} }`]
      : []),
  ]
  if (lines.length === 0) return []
  return ['  in evalset.yaml', ...lines.map((line) => `    ${paint('bold', line)}`)]
}

function nextLines(
  document: GateAa,
  { commandPrefix, evalSetName }: GateCheckContext,
  paint: Paint,
): readonly string[] {
  const { current, recommended, seed, status } = document
  const name = shellWord(evalSetName)
  const again = `${commandPrefix} gate aa ${name}`
  const { trials } = recommended
  const wanted = isWorthMore(trials, current.trials) ? (trials ?? 0) : current.trials
  const baseline = Math.ceil(wanted * recommended.baselineFactor)
  const commands =
    status === 'alarm'
      ? [['ask again', `${again} --seed ${seed + 1}`]]
      : [
          ['does it catch anything', `${commandPrefix} gate self-test ${name}`],
          ['measure a baseline', `${commandPrefix} run ${name} --no-gate -n ${baseline}`],
        ]
  return alignColumns(
    commands.map(([purpose = '', command = '']) => [cell(purpose), cell(command, 'bold')]),
    { align: 'll', paint, indent: 2 },
  )
}
