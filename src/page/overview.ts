import type { PageData } from '../schema/page-data.ts'
import type { Outside } from './browser.ts'
import { type CaseTable, caseTable } from './case-table.ts'
import { commandsSection } from './commands.ts'
import { distributionsSection } from './distributions.ts'
import { el } from './dom.ts'
import { evidenceSection } from './evidence.ts'
import { failuresSection } from './failures.ts'
import { headSection } from './head.ts'
import { historySection } from './history.ts'
import { metricsSection } from './metrics.ts'
import { notesSection } from './notes.ts'
import type { Section } from './section.ts'

/** The page before a case is opened. */
export interface Overview {
  readonly node: HTMLElement
  readonly cases: CaseTable
  readonly update: (data: PageData) => void
  /** Sections that have something to show, in their order. */
  readonly shown: () => readonly Section[]
}

/** All sections, in the order of reading. */
export function makeOverview(outside: Pick<Outside, 'copy' | 'later'>): Overview {
  const cases = caseTable()
  const sections: readonly Section[] = [
    headSection(),
    metricsSection(),
    notesSection(),
    failuresSection(),
    cases,
    distributionsSection(),
    commandsSection(outside),
    historySection(),
    evidenceSection(),
  ]
  const leftOut = el('p', { class: 'left-out' })
  cases.node.append(leftOut)
  const node = el('div', { class: 'overview' }, ...sections.map((section) => section.node))
  return {
    node,
    cases,
    shown: () => sections.filter((section) => !section.node.hidden),
    update: (data) => {
      leftOut.textContent = data.leftOut ?? ''
      for (const section of sections) section.update(data)
    },
  }
}
