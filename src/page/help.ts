import { button, el } from './dom.ts'
import { keyHelp } from './keys.ts'

/** The list of keys, as a dialog that Esc closes. */
export function helpDialog(): { readonly node: HTMLElement; readonly open: () => void } {
  const rows = keyHelp.map(([key, what]) =>
    el('div', {}, el('dt', {}, el('kbd', {}, key)), el('dd', {}, what)),
  )
  const title = el('h2', { id: 'keys-name' }, 'Keys')
  const close = button('Close', {}, () => {
    node.close()
  })
  const node = el('dialog', { 'aria-labelledby': 'keys-name' }, title, el('dl', {}, ...rows), close)
  return {
    node,
    open: () => {
      node.showModal()
    },
  }
}
