import type { Baseline } from '../schema/baseline.ts'
import type { CaseStats } from '../schema/case-stats.ts'
import { attackText, baselineTitle, passedText, shownCases } from './baseline-words.ts'
import { listed, plural, usd } from './format.ts'
import type { RenderStyle } from './reporter.ts'
import { sayInTerminal as say } from './say.ts'
import { alignColumns, cell, wrapped } from './terminal/columns.ts'
import { painter } from './terminal/paint.ts'

/** A baseline for people: what it stands for, then one line per case. */
export function renderBaseline(
  baseline: Baseline,
  { colour }: RenderStyle = { colour: false },
): string {
  const head = ['case', 'passed', 'rules', 'attack', 'cost', 'usual tool path']
  const rows = shownCases(baseline).map((one) => [
    say(one.id),
    passedText(one),
    one.violationTrials === 0 ? '' : `${one.violationTrials} broken`,
    attackText(one),
    one.costUsd === undefined || one.costUsd.n === 0 ? '' : usd(one.costUsd.sum / one.costUsd.n),
    pathText(one),
  ])
  const table = alignColumns(
    [
      head.map((title) => cell(title, 'faint')),
      ...rows.map((row) => row.map((text) => cell(text))),
    ],
    { align: 'lrrrrl', paint: painter(colour), indent: 2 },
  )
  return `${[...wrapped(baselineTitle(baseline), '  ', ''), '', ...table].join('\n')}\n`
}

/** That a baseline was written, and from which runs. */
export function renderBaselineUpdate(file: string, runs: readonly string[]): string {
  const text = `${say(file)} now stands for ${runs.map(say).join(', ')}; commit it to accept it`
  return `${wrapped(text, '  ', '').join('\n')}\n`
}

/** What measuring a baseline anew moved, as far as it is more than chance: most rows move by that. */
export function renderMovedRows({ better, compared, worse }: MovedRows): string {
  if (compared === 0) return 'no case can be compared with the baseline before\n'
  const count = worse.length + better.length
  const text = `${count === 0 ? 'none' : count} of ${plural(compared, 'case')} moved by more than chance`
  const moved = [
    ...(worse.length === 0 ? [] : [`worse: ${listed(worse.map(say), mostNamed)}`]),
    ...(better.length === 0 ? [] : [`better: ${listed(better.map(say), mostNamed)}`]),
  ]
  if (moved.length === 0) return `${text}\n`
  const lines = moved.flatMap((line) => wrapped(line, '    ', '  '))
  return [`${text}:`, ...lines, ''].join('\n')
}

/** Ids of cases in one line. */
const mostNamed = 10

interface MovedRows {
  /** Cases that are the same in both baselines and were scored in both. */
  readonly compared: number
  readonly worse: readonly string[]
  readonly better: readonly string[]
}

function pathText({ paths }: CaseStats): string {
  const [usual] = paths
  return usual === undefined ? '' : say(usual.path.join(' > '))
}
