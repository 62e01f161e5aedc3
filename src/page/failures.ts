import type { PageData } from '../schema/page-data.ts'
import { type Child, el } from './dom.ts'
import { routeHash } from './route.ts'
import { type Section, section } from './section.ts'

/** So many cases of a kind are seen at once. */
const seen = 5

type Bucket = PageData['failures'][number]

/** What broke, by kind of failure; what the baseline fails by as well stands behind it, folded. */
export function failuresSection(): Section {
  return section({
    id: 'failures',
    name: 'Failures',
    heading: 'Failures by kind',
    pick: (data: PageData) => data.failures,
    draw: (buckets) => buckets.map(drawBucket),
  })
}

function drawBucket({ bucket, failures }: Bucket): HTMLElement {
  const fresh = caseLines(failures.filter(({ isKnown }) => isKnown !== true))
  const known = caseLines(failures.filter(({ isKnown }) => isKnown === true))
  return el(
    'div',
    { class: 'group' },
    el('h3', {}, bucket),
    el(
      'div',
      { class: 'failures' },
      el('ul', {}, ...fresh.slice(0, seen)),
      folded(fresh.slice(seen), (count) => `${cases(count)} more`),
      folded(
        known,
        (count) => `${cases(count)} ${count === 1 ? 'fails' : 'fail'} as in the baseline`,
      ),
    ),
  )
}

function folded(lines: readonly HTMLElement[], words: (count: number) => string): Child {
  if (lines.length === 0) return undefined
  return el('details', {}, el('summary', {}, words(lines.length)), el('ul', {}, ...lines))
}

function cases(count: number): string {
  return `${count} case${count === 1 ? '' : 's'}`
}

function caseLines(failures: Bucket['failures']): readonly HTMLElement[] {
  return [...byCase(failures)].map(([id, all]) => drawCase(id, all))
}

/** One case may fail by several checks, which stand together. */
function byCase(failures: Bucket['failures']): ReadonlyMap<string, Bucket['failures']> {
  const found = new Map<string, Bucket['failures']>()
  for (const failure of failures)
    found.set(failure.case, [...(found.get(failure.case) ?? []), failure])
  return found
}

function drawCase(id: string, failures: Bucket['failures']): HTMLElement {
  const reasons = failures.map(({ count, reason }) =>
    el('li', {}, el('span', { class: 'times' }, `${count}×`), el('span', {}, reason)),
  )
  return el('li', {}, el('a', { href: routeHash({ case: id }) }, id), el('ul', {}, ...reasons))
}
