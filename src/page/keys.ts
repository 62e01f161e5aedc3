import type { KeyList } from './list-keys.ts'

/** What keys do, as the view that is open defines it. */
export interface KeyActions {
  readonly list: () => KeyList | undefined
  readonly focusFilter: () => void
  readonly close: () => void
  readonly difference: () => void
  readonly help: () => void
}

/** The keys of the page, for its help. */
export const keyHelp: readonly (readonly [string, string])[] = [
  ['/', 'filter the cases'],
  ['j or ↓', 'next row or step'],
  ['k or ↑', 'row or step before'],
  ['Home, End', 'first or last of the list'],
  ['Enter', 'open the row; unfold the step'],
  ['d', 'two trials: go to the first difference'],
  ['Esc', 'close: back to the case, then to the overview'],
  ['?', 'these keys'],
]

/** Listens to the keys of the page; what is typed into a field, or with Ctrl and the like, is not ours. */
export function listenToKeys(actions: KeyActions): void {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    if (document.querySelector('dialog[open]') !== null) return
    const act = isField(event.target) ? inField(event, actions) : onPage(event, actions)
    if (act === undefined) return
    event.preventDefault()
    act()
  })
}

type Act = (() => void) | undefined

function isField(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches('input, select, textarea')
}

/** Out of the field that filters, down into the rows that it left. */
function inField({ key, target }: KeyboardEvent, { list }: KeyActions): Act {
  const isSearch = target instanceof Element && target.matches('[type="search"]')
  if (isSearch && (key === 'Enter' || key === 'ArrowDown')) return () => list()?.move(0)
  if (key === 'Escape' && target instanceof HTMLElement) {
    return () => {
      target.blur()
    }
  }
  return undefined
}

function onPage(event: KeyboardEvent, actions: KeyActions): Act {
  const { key } = event
  const plain: Readonly<Record<string, Act>> = {
    '/': actions.focusFilter,
    '?': actions.help,
    Escape: actions.close,
    d: actions.difference,
    j: () => actions.list()?.move(1),
    k: () => actions.list()?.move(-1),
  }
  return Object.hasOwn(plain, key) ? plain[key] : inList(event, actions.list())
}

/** Outside a list these keys scroll the page, as everywhere. */
function inList({ key, target }: KeyboardEvent, list: KeyList | undefined): Act {
  if (list === undefined || !(target instanceof Node) || !list.node.contains(target))
    return undefined
  const moves: Readonly<Record<string, Act>> = {
    ArrowDown: () => {
      list.move(1)
    },
    ArrowUp: () => {
      list.move(-1)
    },
    Home: () => {
      list.toEnd('first')
    },
    End: () => {
      list.toEnd('last')
    },
    Enter: unfold(target),
  }
  return Object.hasOwn(moves, key) ? moves[key] : undefined
}

/** A link opens by itself; a step shows or hides its data. */
function unfold(target: Node): Act {
  if (!(target instanceof HTMLLIElement)) return undefined
  const folded = target.querySelector('details')
  if (folded === null) return undefined
  return () => {
    folded.open = !folded.open
  }
}
