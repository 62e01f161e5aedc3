import { button, el } from './dom.ts'
import type { Section } from './section.ts'

/** What stands above every view: places of the overview, state of a run, theme and keys. */
export interface Bar {
  readonly node: HTMLElement
  readonly place: (sections: readonly Section[]) => void
  readonly tell: (words: string | undefined) => void
}

export function makeBar(theme: HTMLElement, help: () => void): Bar {
  const places = el('nav', { 'aria-label': 'Sections' })
  const state = el('span', { class: 'state', role: 'status' })
  const keys = button('?', { 'aria-label': 'Keys', 'aria-keyshortcuts': '?' }, help)
  const node = el('header', { class: 'bar' }, places, state, theme, keys)
  return {
    node,
    place: (sections) => {
      const links = sections.map(({ id, name }) => el('a', { href: `#${id}` }, name))
      if (places.textContent === links.map((link) => link.textContent).join('')) return
      places.replaceChildren(...links)
    },
    tell: (words) => {
      if (state.textContent !== (words ?? '')) state.textContent = words ?? ''
    },
  }
}
