import type { PageData, PageFact } from '../schema/page-data.ts'
import { el } from './dom.ts'
import { factList } from './facts.ts'
import { type Section, section } from './section.ts'

/** From here on, in characters, half the width is too narrow. */
const longValue = 120

/** What an auditor asks for: versions, hashes, rules, approvals, seeds, prices. */
export function evidenceSection(): Section {
  return section({
    id: 'evidence',
    name: 'Evidence',
    heading: 'Evidence for auditors',
    pick: (data: PageData) => data.evidence,
    draw: (groups) =>
      groups.map(({ facts, title }) =>
        el('div', { class: 'group' }, el('h3', {}, title), evidenceList(facts)),
      ),
  })
}

/** Hashes, names and numbers stand in letters of one width; a long sentence takes the whole width. */
function evidenceList(facts: readonly PageFact[]): HTMLElement {
  const list = factList(facts)
  facts.forEach(({ value }, at) => {
    const line = list.children[at]
    line?.classList.toggle('exact', !value.includes(' '))
    line?.classList.toggle('long', value.length > longValue)
  })
  return list
}
