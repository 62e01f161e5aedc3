import type { PageData } from '../schema/page-data.ts'
import { el } from './dom.ts'
import { factList } from './facts.ts'
import { type Section, section } from './section.ts'

/** What an auditor asks for: versions, hashes, rules, approvals, seeds, prices. */
export function evidenceSection(): Section {
  return section({
    id: 'evidence',
    name: 'Evidence',
    heading: 'Evidence for auditors',
    pick: (data: PageData) => data.evidence,
    draw: (groups) =>
      groups.map(({ facts, title }) =>
        el('div', { class: 'group' }, el('h3', {}, title), factList(facts)),
      ),
  })
}
