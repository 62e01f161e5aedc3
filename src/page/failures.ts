import type { PageData } from '../schema/page-data.ts'
import { el } from './dom.ts'
import { routeHash } from './route.ts'
import { type Section, section } from './section.ts'

/** So many cases of a kind are seen at once. */
const seen = 5

type Bucket = PageData['failures'][number]

/** What broke, by kind of failure. */
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
  const lines = [...byCase(failures)].map(([id, all]) => drawCase(id, all))
  const rest = lines.slice(seen)
  const more =
    rest.length === 0
      ? undefined
      : el('details', {}, el('summary', {}, `${rest.length} more cases`), el('ul', {}, ...rest))
  return el(
    'div',
    { class: 'group' },
    el('h3', {}, bucket),
    el('div', { class: 'failures' }, el('ul', {}, ...lines.slice(0, seen)), more),
  )
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
