import type { PageCase } from '../schema/page-data.ts'
import { el } from './dom.ts'
import { type CaseFilter, filterChoices, noFilter } from './filter-cases.ts'

/** The controls above the case table. */
export interface CaseControls {
  readonly node: HTMLElement
  readonly search: HTMLInputElement
  /** Offers what the cases can be filtered by; what the reader chose stays chosen. */
  readonly offer: (cases: readonly PageCase[]) => void
  readonly filter: () => CaseFilter
  readonly clear: () => void
}

/** @param changed - called on each key stroke and choice */
export function caseControls(changed: () => void): CaseControls {
  const search = el('input', {
    type: 'search',
    placeholder: 'Filter cases',
    'aria-label': 'Filter cases by text',
    'aria-keyshortcuts': '/',
    autocomplete: 'off',
    spellcheck: 'false',
  })
  const layer = el('select', { 'aria-label': 'Layer' })
  const slice = el('select', { 'aria-label': 'Slice' })
  const label = el('select', { 'aria-label': 'Label' })
  const onlyMoved = el('input', { type: 'checkbox' })
  const moved = el('label', { class: 'check' }, onlyMoved, 'only moved')
  const node = el('div', { class: 'controls', role: 'search' }, search, layer, slice, label, moved)
  node.addEventListener('input', changed)
  return {
    node,
    search,
    offer: (cases) => {
      const { labels, layers, slices } = filterChoices(cases)
      offerIn(layer, 'all layers', layers)
      offerIn(slice, 'all slices', slices)
      offerIn(label, 'all labels', labels)
      moved.hidden = !cases.some((row) => row.moved !== undefined)
      if (moved.hidden) onlyMoved.checked = false
    },
    filter: () => ({
      text: search.value,
      layer: layer.value,
      slice: slice.value,
      label: label.value,
      onlyMoved: onlyMoved.checked,
    }),
    clear: () => {
      search.value = noFilter.text
      for (const list of [layer, slice, label]) list.value = ''
      onlyMoved.checked = noFilter.onlyMoved
      changed()
    },
  }
}

function offerIn(list: HTMLSelectElement, everything: string, choices: readonly string[]): void {
  const chosen = list.value
  const offered = [...list.options].slice(1).map(({ value }) => value)
  list.hidden = choices.length < 2
  if (list.options.length > 0 && offered.join('\n') === choices.join('\n')) return
  list.replaceChildren(
    el('option', { value: '' }, everything),
    ...choices.map((choice) => el('option', { value: choice }, choice)),
  )
  list.value = choices.includes(chosen) ? chosen : ''
}
