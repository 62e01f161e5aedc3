import type { PageData } from '../schema/page-data.ts'
import { type Child, el } from './dom.ts'
import { followData } from './redraw.ts'

/** A part of the overview, with its place in the bar above. */
export interface Section {
  readonly id: string
  /** In the bar. */
  readonly name: string
  readonly node: HTMLElement
  readonly update: (data: PageData) => void
}

/** What a section that follows the data is made of; drawn without children, it is not there. */
export interface SectionParts<Part> {
  readonly id: string
  readonly name: string
  /** Above it, where it differs from the name in the bar. */
  readonly heading?: string
  readonly pick: (data: PageData) => Part
  readonly draw: (part: Part) => readonly Child[]
}

/** A section that is drawn anew when its part of the data changes. */
export function section<Part>({ draw, heading, id, name, pick }: SectionParts<Part>): Section {
  const body = el('div', { class: 'body' })
  const title = el('h2', { id: `${id}-name` }, heading ?? name)
  const node = el('section', { id, 'aria-labelledby': `${id}-name` }, title, body)
  const follow = followData(body, { pick, draw })
  const update = (data: PageData): void => {
    follow(data)
    node.hidden = body.hidden
  }
  return { id, name, node, update }
}
