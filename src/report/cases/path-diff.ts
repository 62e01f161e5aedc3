import { plural } from '../format.ts'
import type { Say } from '../say.ts'

export interface PathStep {
  readonly kind: 'same' | 'removed' | 'added'
  readonly tool: string
}

/** Longest table of a comparison, in cells; beyond it the middles are shown one after the other. */
const maxCells = 1_000_000
const maxLines = 24
const sign = { same: ' ', removed: '-', added: '+' } as const

/**
 * What was taken out of a path and what was put in, along a longest common subsequence.
 *
 * Paths whose differing middles are very long (more than a million pairs of steps) come out as
 * everything removed, then everything added.
 */
export function diffPaths(
  before: readonly string[],
  after: readonly string[],
): readonly PathStep[] {
  const head = commonLength(before, after)
  const tail = commonLength(before.slice(head).reverse(), after.slice(head).reverse())
  const same = steps('same')
  return [
    ...before.slice(0, head).map(same),
    ...diffMiddles(
      before.slice(head, before.length - tail),
      after.slice(head, after.length - tail),
    ),
    ...before.slice(before.length - tail).map(same),
  ]
}

/**
 * The difference as lines for a `diff` block. Repeated steps become one line with their number,
 * long unchanged stretches are left out, and so is what passes 24 lines; both say how much.
 */
export function pathDiffLines(
  before: readonly string[],
  after: readonly string[],
  say: Say,
): readonly string[] {
  const lines = withoutLongStretches(joinRepeats(diffPaths(before, after))).map((step) =>
    typeof step === 'number'
      ? `  ... ${plural(step, 'step')} alike`
      : `${sign[step.kind]} ${say(step.tool)}${step.times > 1 ? ` (${step.times} times)` : ''}`,
  )
  if (lines.length <= maxLines) return lines
  return [...lines.slice(0, maxLines), `  ... ${plural(lines.length - maxLines, 'line')} more`]
}

function diffMiddles(before: readonly string[], after: readonly string[]): readonly PathStep[] {
  if (before.length * after.length > maxCells) {
    return [...before.map(steps('removed')), ...after.map(steps('added'))]
  }
  const lengths = commonLengths(before, after)
  const result: PathStep[] = []
  let row = 0
  let column = 0
  while (row < before.length || column < after.length) {
    const kind = nextKind({ before, after, lengths }, row, column)
    result.push({ kind, tool: (kind === 'added' ? after[column] : before[row]) ?? '' })
    row += kind === 'added' ? 0 : 1
    column += kind === 'removed' ? 0 : 1
  }
  return result
}

interface Middles {
  readonly before: readonly string[]
  readonly after: readonly string[]
  readonly lengths: readonly (readonly number[])[]
}

/** One step on the way that keeps most in common; what goes comes before what is new. */
function nextKind(
  { before, after, lengths }: Middles,
  row: number,
  column: number,
): PathStep['kind'] {
  if (row === before.length) return 'added'
  if (column === after.length) return 'removed'
  if (before[row] === after[column]) return 'same'
  const without = lengths[row + 1]?.[column] ?? 0
  return without >= (lengths[row]?.[column + 1] ?? 0) ? 'removed' : 'added'
}

/** Length of the longest common subsequence of what starts at each pair of positions. */
function commonLengths(
  before: readonly string[],
  after: readonly string[],
): readonly (readonly number[])[] {
  let below = after.map(() => 0)
  const rows = [below]
  for (const step of before.toReversed()) {
    const row = after.map(() => 0)
    for (let column = after.length - 1; column >= 0; column -= 1) {
      row[column] =
        after[column] === step
          ? (below[column + 1] ?? 0) + 1
          : Math.max(row[column + 1] ?? 0, below[column] ?? 0)
    }
    rows.push(row)
    below = row
  }
  return rows.reverse()
}

interface Repeated extends PathStep {
  readonly times: number
}

function joinRepeats(path: readonly PathStep[]): readonly Repeated[] {
  const joined: Repeated[] = []
  for (const step of path) {
    const last = joined.at(-1)
    if (last?.kind === step.kind && last.tool === step.tool) {
      joined[joined.length - 1] = { ...step, times: last.times + 1 }
    } else {
      joined.push({ ...step, times: 1 })
    }
  }
  return joined
}

/** Unchanged steps further than two lines from a difference become their number. */
function withoutLongStretches(path: readonly Repeated[]): readonly (Repeated | number)[] {
  const isNear = path.map((_, index) =>
    path.slice(Math.max(0, index - 2), index + 3).some(({ kind }) => kind !== 'same'),
  )
  const kept: (Repeated | number)[] = []
  for (const [index, step] of path.entries()) {
    const last = kept.at(-1)
    if (isNear[index] === true) kept.push(step)
    else if (typeof last === 'number') kept[kept.length - 1] = last + step.times
    else kept.push(step.times)
  }
  return kept
}

function commonLength(a: readonly string[], b: readonly string[]): number {
  const end = a.findIndex((step, index) => step !== b[index])
  return end === -1 ? a.length : end
}

function steps(kind: PathStep['kind']): (tool: string) => PathStep {
  return (tool) => ({ kind, tool })
}
