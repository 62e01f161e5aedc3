import { all, type Child } from './dom.ts'

/**
 * Draws the inside of a node anew and keeps the reader's place: what was unfolded stays so, and what
 * had the focus has it again, as far as the same thing stands in the same place.
 */
function redraw(host: HTMLElement, children: readonly Child[]): void {
  const opened = openDetails(host)
  const focused = host.contains(document.activeElement) ? pathTo(document.activeElement, host) : []
  host.replaceChildren(...children.filter((child) => child !== undefined))
  all(host, 'details').forEach((details, at) => {
    if (opened.has(at)) details.setAttribute('open', '')
  })
  const again = focused.length === 0 ? undefined : follow(focused, host)
  if (again instanceof HTMLElement) again.focus({ preventScroll: true })
}

/**
 * A part of the page that follows the data: drawn at first, and again only when what it shows has
 * changed. Where there is nothing to show, it is hidden.
 *
 * @param pick - what it shows; compared as JSON
 */
export function followData<Data, Part>(
  host: HTMLElement,
  part: { readonly pick: (data: Data) => Part; readonly draw: (part: Part) => readonly Child[] },
): (data: Data) => void {
  // JSON knows no undefined, so nothing to show is an empty text; at first nothing is drawn at all.
  let shown: string | undefined
  return (data) => {
    const picked = part.pick(data)
    const text = picked === undefined ? '' : JSON.stringify(picked)
    if (text === shown) return
    shown = text
    const children = part.draw(picked)
    host.toggleAttribute('hidden', children.length === 0)
    redraw(host, children)
  }
}

function openDetails(host: HTMLElement): ReadonlySet<number> {
  const open = all(host, 'details').map((details, at) => (details.hasAttribute('open') ? at : -1))
  return new Set(open)
}

function pathTo(node: Element | null, host: HTMLElement): readonly number[] {
  const path: number[] = []
  for (let at = node; at !== null && at !== host; at = at.parentElement) {
    path.unshift([...(at.parentElement?.children ?? [])].indexOf(at))
  }
  return path
}

function follow(path: readonly number[], host: HTMLElement): Element | undefined {
  let at: Element | undefined = host
  for (const index of path) at = at?.children[index]
  return at
}
