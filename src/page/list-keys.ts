import { all } from './dom.ts'

/** A list in which keys move: one stop for Tab, and from there on arrows, or j and k. */
export interface KeyList {
  readonly node: HTMLElement
  /** Moves the focus by so many entries; where none has it, to the entry that Tab would reach. */
  readonly move: (by: number) => void
  readonly toEnd: (end: 'first' | 'last') => void
}

/** Makes the entries of a list reachable as one stop; for lists that are drawn as a whole. */
export function keyList(node: HTMLElement, selector: string): KeyList {
  const items = (): readonly HTMLElement[] => all(node, selector).filter(isShown)
  const focus = (item: HTMLElement | undefined): void => {
    if (item === undefined) return
    onlyStop(items(), item)
    item.focus({ preventScroll: true })
    item.scrollIntoView({ block: 'nearest' })
  }
  onlyStop(items(), items()[0])
  node.addEventListener('focusin', ({ target }) => {
    const item = items().find((one) => one === target)
    if (item !== undefined) onlyStop(items(), item)
  })
  return {
    node,
    move: (by) => {
      const list = items()
      const at = list.findIndex((item) => item.contains(document.activeElement))
      const stop = list.find((item) => item.tabIndex === 0)
      focus(at === -1 ? stop : list[Math.min(list.length - 1, Math.max(0, at + by))])
    },
    toEnd: (end) => {
      focus(end === 'first' ? items()[0] : items().at(-1))
    },
  }
}

function onlyStop(items: readonly HTMLElement[], stop: HTMLElement | undefined): void {
  for (const item of items) item.tabIndex = item === stop ? 0 : -1
}

function isShown(item: HTMLElement): boolean {
  return item.offsetParent !== null
}
