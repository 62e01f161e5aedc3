import type { MovedCase, Verdict } from '../../schema/verdict.ts'
import { markdownFence } from '../../text/sanitise-markdown.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import { movedLabel, worstFirst } from '../cases/moved-cases.ts'
import { pathDiffLines } from '../cases/path-diff.ts'
import { listed, plural } from '../format.ts'
import { sayId, sayInSummary } from './names.ts'
import { details } from './table.ts'

/** Cases that are named beside a path that they share. */
const maxNames = 5
const maxTool = 120
const maxText = 4000
/** Different pairs of paths that are compared for each difference that is shown. */
const pairsEach = 100

/** A difference that several cases share. */
interface PathChange {
  readonly lines: readonly string[]
  readonly cases: readonly MovedCase[]
}

/**
 * How the usual way through a case changed, with how often it was seen. Cases in which the same steps
 * came and went share one. They are closed at first.
 *
 * @param most - differences shown
 */
export function pathSections(verdict: Verdict, most: number): string {
  const changes = pathChanges(verdict, most * pairsEach)
  return changes.slice(0, most).map(block).join('\n\n')
}

function pathChanges(verdict: Verdict, maxPairs: number): readonly PathChange[] {
  const changes = new Map<string, { lines: readonly string[]; cases: MovedCase[] }>()
  for (const alike of samePaths(verdict).slice(0, maxPairs)) {
    const lines = linesOf(alike[0])
    if (lines.every((line) => line.startsWith(' '))) continue
    const key = lines.join('\n')
    const known = changes.get(key)
    if (known === undefined) changes.set(key, { lines, cases: [...alike] })
    else known.cases.push(...alike)
  }
  return [...changes.values()]
}

/** Cases that got worse, those together whose paths are equal in both arms. */
function samePaths(verdict: Verdict): readonly (readonly [MovedCase, ...MovedCase[]])[] {
  const pairs = new Map<string, [MovedCase, ...MovedCase[]]>()
  for (const one of worstFirst(verdict)) {
    if (one.direction !== 'worse' || !isTold(one, verdict) || !isUsual(one)) continue
    const key = JSON.stringify([one.baselinePath?.path, one.candidatePath?.path])
    const known = pairs.get(key)
    if (known === undefined) pairs.set(key, [one])
    else known.push(one)
  }
  return [...pairs.values()]
}

/** Of a regression the cases that explain it: what only moved stands in no table beside them. */
function isTold(one: MovedCase, verdict: Verdict): boolean {
  return verdict.status !== 'regression' || movedLabel(one, verdict) === 'FAIL'
}

/** A way that most trials did not go is nobody's usual one. */
function isUsual(one: MovedCase): boolean {
  return (['baseline', 'candidate'] as const).every(
    (arm) => 2 * (one[`${arm}Path`]?.count ?? 0) >= one[`${arm}Scored`],
  )
}

function linesOf({ baselinePath: before, candidatePath: after }: MovedCase): readonly string[] {
  if (before === undefined || after === undefined) return []
  return pathDiffLines(before.path, after.path, sayStep)
}

function block({ cases, lines }: PathChange): string {
  const [first] = cases
  const others = cases.slice(1).map(({ id }) => sayId(id))
  const isOne = others.length === 0
  const where = isOne ? '' : `, in this and ${plural(others.length, 'more case')}`
  const alike = isOne ? '' : ` The same in: ${listed(others, maxNames)}.`
  const now = `now in ${seen(cases, 'candidate')} (\`+\`)`
  const before = `in the baseline in ${seen(cases, 'baseline')} (\`-\`)`
  const diff = markdownFence(lines.join('\n'), { language: 'diff', maxLength: maxText })
  const id = first?.id ?? ''
  const text = `Usual tool path of ${sayId(id)}${where}: ${now}, ${before}.${alike}\n\n${diff}`
  const more = isOne ? '' : ` and ${plural(others.length, 'more case')}`
  return details(`tool path of ${sayInSummary(id)}${more}`, text)
}

/** `65 of 65 trials`. */
function seen(cases: readonly MovedCase[], arm: 'baseline' | 'candidate'): string {
  const times = cases.reduce((sum, one) => sum + (one[`${arm}Path`]?.count ?? 0), 0)
  const trials = cases.reduce((sum, one) => sum + one[`${arm}Scored`], 0)
  return times > trials ? plural(times, 'trial') : `${times} of ${plural(trials, 'trial')}`
}

/** A path marks calls that did not run: `payments.issue_refund!blocked`. */
function sayStep(tool: string): string {
  return terminalLine(tool, maxTool).replace(/!([a-z_]+)$/, ' ($1)')
}
