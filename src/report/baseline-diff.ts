import type { Baseline } from '../schema/baseline.ts'
import type { CaseStats } from '../schema/case-stats.ts'
import { type CaseChange, changesOf } from './baseline-changes.ts'
import { baselineTitle, passedText, shownCases } from './baseline-words.ts'
import { pathDiffLines } from './cases/path-diff.ts'
import { plural, whole } from './format.ts'
import type { RenderStyle } from './reporter.ts'
import { sayInTerminal as say } from './say.ts'
import { alignColumns, cell, wrapped } from './terminal/columns.ts'
import { painter } from './terminal/paint.ts'

interface DiffStyle extends RenderStyle {
  /** Where the two come from: the runs, and the committed file. */
  readonly now?: string
  readonly then?: string
}

/**
 * What would change if one baseline took the place of another: a summary, then the cases whose rates or
 * facts differ. Cases that were tried more or less often and did alike are only counted.
 */
export function renderBaselineDiff(
  before: Baseline,
  after: Baseline,
  style: DiffStyle = { colour: false },
): string {
  const cases = pairsOf(before, after)
  const differing = cases.both.filter(({ changes }) => changes.length > 0)
  const title = [
    ...wrapped(`now   ${named(style.now, after)}`, '      ', ''),
    ...wrapped(`then  ${named(style.then, before)}`, '      ', ''),
    ...wrapped(inputsText(before, after), '  ', ''),
  ]
  const text = [
    wrapped(summary(cases), '  ', ''),
    title,
    tableLines(cases, style),
    differing.flatMap(pathLines),
  ].filter((lines) => lines.length > 0)
  return `${text.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

interface Pair {
  readonly was: CaseStats
  readonly is: CaseStats
  readonly changes: readonly CaseChange[]
}

interface Pairs {
  readonly both: readonly Pair[]
  readonly added: readonly CaseStats[]
  readonly removed: readonly CaseStats[]
}

function pairsOf(before: Baseline, after: Baseline): Pairs {
  const earlier = shownCases(before)
  const later = shownCases(after)
  const then = new Map(earlier.map((one) => [one.id, one]))
  const now = new Set(later.map(({ id }) => id))
  return {
    both: later.flatMap((is) => {
      const was = then.get(is.id)
      return was === undefined ? [] : [{ was, is, changes: changesOf(was, is) }]
    }),
    added: later.filter(({ id }) => !then.has(id)),
    removed: earlier.filter(({ id }) => !now.has(id)),
  }
}

/** `6 cases pass less, 20 break a rule more often, 402 alike (5 trials instead of 15)`. */
function summary({ added, both, removed }: Pairs): string {
  const alike = both.filter(({ changes }) => changes.length === 0)
  const kinds = new Map<string, number>()
  for (const { kind } of both.flatMap(({ changes }) => changes)) {
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  }
  const counts = [
    ...order.map((kind) => [kinds.get(kind) ?? 0, kind] as const),
    [added.length, 'new'] as const,
    [removed.length, 'gone'] as const,
    [alike.length, `alike${trialsNote(alike)}`] as const,
  ].filter(([count]) => count > 0)
  if (counts.length === 0) return 'neither has a case'
  return counts
    .map(([count, words], index) => {
      const of = index === 0 ? plural(count, 'case') : whole(count)
      return `${of} ${count === 1 ? ofOne(words) : words}`
    })
    .join(', ')
}

/** `1 case passes less`. */
function ofOne(words: string): string {
  return words.replace(/^(pass|break|yield)/, (verb) => (verb === 'pass' ? 'passes' : `${verb}s`))
}

const order: readonly CaseChange['kind'][] = [
  'pass less',
  'break a rule more often',
  'break other rules',
  'yield to attacks more often',
  'lost more trials',
  'with another definition',
  'measured on one side only',
  'pass more',
  'break a rule less often',
  'yield to attacks less often',
  'lost fewer trials',
]

function trialsNote(alike: readonly Pair[]): string {
  const others = alike.filter(({ is, was }) => is.scored !== was.scored)
  const [first] = others
  if (first === undefined) return ''
  const isSame = alike.every(
    ({ is, was }) => is.scored === first.is.scored && was.scored === first.was.scored,
  )
  return isSame
    ? ` (${plural(first.is.scored, 'trial')} instead of ${whole(first.was.scored)})`
    : ` (${whole(others.length)} of them with another number of trials)`
}

function tableLines({ added, both, removed }: Pairs, { colour }: DiffStyle): readonly string[] {
  const rows = [
    ...both.flatMap(({ changes, is: { id } }) =>
      changes.map(({ is, was, what }) => ['changed', say(id), what, say(was), say(is)]),
    ),
    ...added.map((one) => ['added', say(one.id), 'passed', 'none', passedText(one)]),
    ...removed.map((one) => ['removed', say(one.id), 'passed', passedText(one), 'none']),
  ]
  if (rows.length === 0) return ['no rate differs']
  const head = ['', 'case', '', 'then', 'now'].map((text) => cell(text, 'faint'))
  return alignColumns([head, ...rows.map((row) => row.map((text) => cell(text)))], {
    align: 'lllll',
    paint: painter(colour),
    indent: 2,
  })
}

/** How the usual way through a case changed. */
function pathLines({ is, was }: Pair): readonly string[] {
  const [before] = was.paths
  const [after] = is.paths
  if (before === undefined || after === undefined) return []
  const lines = pathDiffLines(before.path, after.path, say)
  if (lines.every((line) => line.startsWith(' '))) return []
  return [`  usual tool path of ${say(is.id)}`, ...lines.map((line) => `    ${line}`)]
}

function named(name: string | undefined, one: Baseline): string {
  return name === undefined ? baselineTitle(one) : `${say(name)}: ${baselineTitle(one)}`
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
