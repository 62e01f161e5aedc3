import type { RequestLine } from './request-lines.ts'

/** Lines of one place that differ: those of before, and those that are there now instead. */
export interface Hunk {
  /** Where they begin: now, or before where nothing is there now. */
  readonly where: string
  readonly removed: readonly RequestLine[]
  readonly added: readonly RequestLine[]
}

/** Above this many pairs of lines the middle of two requests is one hunk: rewritten, not edited. */
const maxPairs = 250_000

type Lines = readonly RequestLine[]

/** The fewest lines that turn one request into the other, by their longest common subsequence. */
export function diffLines(before: Lines, now: Lines): readonly Hunk[] {
  const start = commonStart(before, now)
  const end = commonStart(before.slice(start).reverse(), now.slice(start).reverse())
  const old = before.slice(start, before.length - end)
  const fresh = now.slice(start, now.length - end)
  if (old.length === 0 && fresh.length === 0) return []
  return old.length * fresh.length > maxPairs ? byPlace(old, fresh) : editScript(old, fresh)
}

function commonStart(a: Lines, b: Lines): number {
  const shorter = Math.min(a.length, b.length)
  for (let index = 0; index < shorter; index++) {
    if (a[index]?.same !== b[index]?.same) return index
  }
  return shorter
}

function editScript(old: Lines, fresh: Lines): readonly Hunk[] {
  const common = commonLengths(old, fresh)
  const lengthAt = (i: number, j: number): number => common[i * (fresh.length + 1) + j] ?? 0
  const hunks: Hunk[] = []
  let removed: RequestLine[] = []
  let added: RequestLine[] = []
  const close = (): void => {
    hunks.push(...byPlace(removed, added))
    removed = []
    added = []
  }
  let [i, j] = [0, 0]
  while (i < old.length || j < fresh.length) {
    const [a, b] = [old[i], fresh[j]]
    if (a !== undefined && a.same === b?.same) {
      close()
      i += 1
      j += 1
    } else if (b === undefined || (a !== undefined && lengthAt(i + 1, j) >= lengthAt(i, j + 1))) {
      if (a !== undefined) removed.push(a)
      i += 1
    } else {
      added.push(b)
      j += 1
    }
  }
  close()
  return hunks
}

/** How many lines each pair of ends has in common, as one flat table. */
function commonLengths(old: Lines, fresh: Lines): Uint32Array {
  const width = fresh.length + 1
  const table = new Uint32Array((old.length + 1) * width)
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = fresh.length - 1; j >= 0; j--) {
      const isSame = old[i]?.same === fresh[j]?.same
      const below = table[(i + 1) * width + j] ?? 0
      const right = table[i * width + j + 1] ?? 0
      const diagonal = table[(i + 1) * width + j + 1] ?? 0
      table[i * width + j] = isSame ? diagonal + 1 : Math.max(below, right)
    }
  }
  return table
}

function byPlace(removed: Lines, added: Lines): readonly Hunk[] {
  const places = new Set([...removed, ...added].map(({ place }) => place))
  return [...places].map((place) => {
    const [was, is] = [removed, added].map((all) => all.filter((line) => line.place === place))
    return hunk(was ?? [], is ?? [])
  })
}

function hunk(removed: Lines, added: Lines): Hunk {
  return { where: (added[0] ?? removed[0])?.where ?? '', removed, added }
}
