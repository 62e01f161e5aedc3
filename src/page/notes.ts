import type { PageData } from '../schema/page-data.ts'
import { foldedFacts } from './facts.ts'
import { type Section, section } from './section.ts'

/** So many are seen at once; the worst come first. */
const seen = 6

/** Facts, missing evidence, changed rules and inputs, warnings. */
export function notesSection(): Section {
  return section({
    id: 'notes',
    name: 'Notes',
    heading: 'What else to know',
    pick: (data: PageData) => data.notes,
    draw: (notes) => (notes.length === 0 ? [] : [foldedFacts(notes, seen)]),
  })
}
