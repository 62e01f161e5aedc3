import type { MovedCase } from '../../schema/verdict.ts'
import { pathDiffLines } from '../cases/path-diff.ts'
import { plural } from '../format.ts'
import { sayInTerminal as say } from '../say.ts'

const indent = '        '
/** Different pairs of paths that are compared; each may be long. */
const maxPairs = 50
const maxLines = 12

/** How the usual way through the cases of a group changed: the change that most of them share. */
export function pathLines(cases: readonly MovedCase[]): readonly string[] {
  const [usual] = pathChanges(cases).toSorted((a, b) => b.cases.length - a.cases.length)
  if (usual === undefined) return []
  const seen = (arm: 'candidatePath' | 'baselinePath'): string => {
    const trials = usual.cases.reduce((sum, one) => sum + (one[arm]?.count ?? 0), 0)
    return plural(trials, 'trial')
  }
  const where = cases.length === 1 ? '' : ` of ${usual.cases.length} of them`
  const title = `tool path${where}, + now (${seen('candidatePath')}), - before (${seen('baselinePath')})`
  const rest = usual.lines.length - maxLines
  const shown = rest > 1 ? usual.lines.slice(0, maxLines) : usual.lines
  const more = rest > 1 ? [`  ... ${plural(rest, 'line')} more`] : []
  return [title, ...shown, ...more].map((line) => indent + line)
}

interface PathChange {
  readonly lines: readonly string[]
  readonly cases: readonly MovedCase[]
}

/** Cases in which the same steps came and went, together; without those that go the same way. */
function pathChanges(cases: readonly MovedCase[]): readonly PathChange[] {
  const pairs = new Map<string, MovedCase[]>()
  for (const one of cases) {
    const key = JSON.stringify([one.baselinePath?.path, one.candidatePath?.path])
    pairs.set(key, [...(pairs.get(key) ?? []), one])
  }
  const changes = new Map<string, PathChange>()
  for (const alike of [...pairs.values()].slice(0, maxPairs)) {
    const lines = linesOf(alike[0])
    if (lines.every((line) => line.startsWith(' '))) continue
    const key = lines.join('\n')
    changes.set(key, { lines, cases: [...(changes.get(key)?.cases ?? []), ...alike] })
  }
  return [...changes.values()]
}

function linesOf(one: MovedCase | undefined): readonly string[] {
  if (one?.baselinePath === undefined || one.candidatePath === undefined) return []
  return pathDiffLines(one.baselinePath.path, one.candidatePath.path, say)
}
