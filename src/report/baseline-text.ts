import type { Baseline } from '../schema/baseline.ts'
import type { CaseStats } from '../schema/case-stats.ts'
import { pathDiffLines } from './cases/path-diff.ts'
import { countOf, listed, plural, usd } from './format.ts'
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
  return `${[...wrapped(titleOf(baseline), '  ', ''), '', ...table].join('\n')}\n`
}

/** What would change if one baseline took the place of another; says so where nothing would. */
export function renderBaselineDiff(
  before: Baseline,
  after: Baseline,
  { colour }: RenderStyle = { colour: false },
): string {
  const earlier = shownCases(before)
  const later = shownCases(after)
  const then = new Map(earlier.map((one) => [one.id, one]))
  const now = new Set(later.map(({ id }) => id))
  const added = later.filter(({ id }) => !then.has(id))
  const removed = earlier.filter(({ id }) => !now.has(id))
  const changes = later.flatMap((one) => changesOf(then.get(one.id), one))
  const rows = [
    ...changes.map(({ id, what, was, is }) => ['changed', id, what, was, is]),
    ...added.map((one) => ['added', say(one.id), 'passed', 'none', passedText(one)]),
    ...removed.map((one) => ['removed', say(one.id), 'passed', passedText(one), 'none']),
  ]
  const head = ['', 'case', '', 'then', 'now'].map((text) => cell(text, 'faint'))
  const table = alignColumns([head, ...rows.map((row) => row.map((text) => cell(text)))], {
    align: 'lllll',
    paint: painter(colour),
    indent: 2,
  })
  const paths = later.flatMap((one) => pathLines(then.get(one.id), one))
  const title = [
    ...wrapped(`now   ${titleOf(after)}`, '      ', ''),
    ...wrapped(`then  ${titleOf(before)}`, '      ', ''),
    ...wrapped(inputsText(before, after), '  ', ''),
  ]
  const cases = rows.length === 0 ? ['no count differs'] : table
  const text = [title, cases, paths].filter((lines) => lines.length > 0)
  return `${text.map((lines) => lines.join('\n')).join('\n\n')}\n`
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

/** `baseline update` refuses a holdout; a file from elsewhere may hold one and still names no case. */
function shownCases({ cases }: Baseline): readonly CaseStats[] {
  return cases.filter((one) => one.split !== 'holdout')
}

interface Change {
  readonly id: string
  readonly what: string
  readonly was: string
  readonly is: string
}

function changesOf(was: CaseStats | undefined, is: CaseStats): readonly Change[] {
  if (was === undefined) return []
  const compared = [
    {
      what: 'definition',
      was: was.definitionHash.slice(0, 12),
      is: is.definitionHash.slice(0, 12),
    },
    { what: 'passed', was: passedText(was), is: passedText(is) },
    { what: 'attack', was: attackText(was) || 'none', is: attackText(is) || 'none' },
    { what: 'rules broken', was: violationText(was), is: violationText(is) },
  ]
  return compared
    .filter((pair) => pair.was !== pair.is)
    .map((pair) => ({ id: say(is.id), what: pair.what, was: say(pair.was), is: say(pair.is) }))
}

/** How the usual way through a case changed. */
function pathLines(was: CaseStats | undefined, is: CaseStats): readonly string[] {
  const [before] = was?.paths ?? []
  const [after] = is.paths
  if (before === undefined || after === undefined) return []
  const lines = pathDiffLines(before.path, after.path, say)
  if (lines.every((line) => line.startsWith(' '))) return []
  return [`  usual tool path of ${say(is.id)}`, ...lines.map((line) => `    ${line}`)]
}

function titleOf({ provenance, cases }: Baseline): string {
  const { evalSet, candidate, agentBehind } = provenance
  const models = Object.values(candidate.models).map(say).join(', ')
  const behind = agentBehind === 'model' ? models : `${agentBehind}, not a model`
  const set = `${say(evalSet.id)} ${say(evalSet.version)}`
  return `${set}, candidate ${say(candidate.name)} (${behind}), ${plural(cases.length, 'case')}`
}

function inputsText({ provenance: before }: Baseline, { provenance: after }: Baseline): string {
  const ofAgent = differing([
    { name: 'prompt', was: before.candidate.promptHash, is: after.candidate.promptHash },
    { name: 'policy', was: before.candidate.policyHash, is: after.candidate.policyHash },
    { name: 'tools', was: before.candidate.toolsHash, is: after.candidate.toolsHash },
    { name: 'budgets', was: before.candidate.budgetsHash, is: after.candidate.budgetsHash },
    { name: 'models', was: modelsText(before), is: modelsText(after) },
  ])
  const isUnnamed = ofAgent.length === 0 && before.candidate.hash !== after.candidate.hash
  const changed = [
    ...(isUnnamed ? ['other settings of the agent'] : ofAgent),
    ...differing([
      { name: 'what answered for the agent', was: before.agentBehind, is: after.agentBehind },
      { name: 'eval set', was: before.evalSet.hash, is: after.evalSet.hash },
      { name: 'agent-eval', was: before.tool, is: after.tool },
    ]),
  ]
  return changed.length === 0 ? 'same inputs' : `inputs that differ: ${changed.join(', ')}`
}

interface Input {
  readonly name: string
  readonly was: string
  readonly is: string
}

function differing(inputs: readonly Input[]): readonly string[] {
  return inputs.filter(({ was, is }) => was !== is).map(({ name }) => name)
}

function modelsText({ candidate }: Baseline['provenance']): string {
  const tiers = Object.entries(candidate.models).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify(tiers)
}

function passedText({ passed, scored, invalid }: CaseStats): string {
  return countOf(passed, scored) + (invalid === 0 ? '' : ` (${invalid} lost)`)
}

function attackText({ attacked, attackSuccesses }: CaseStats): string {
  return attacked === 0 ? '' : `${countOf(attackSuccesses, attacked)} won`
}

function violationText({ violationTrials, violationsByRule }: CaseStats): string {
  if (violationTrials === 0) return '0'
  return `${violationTrials} (${Object.keys(violationsByRule).sort().join(', ')})`
}

function pathText({ paths }: CaseStats): string {
  const [usual] = paths
  return usual === undefined ? '' : say(usual.path.join(' > '))
}
