import { all } from './dom.ts'

/** Paper cannot be unfolded: while it is printed, everything is open, and afterwards as it was. */
export function unfoldForPrint(page: HTMLElement): void {
  let unfolded: readonly HTMLElement[] = []
  addEventListener('beforeprint', () => {
    unfolded = all(page, 'details:not([open])')
    for (const details of unfolded) details.setAttribute('open', '')
  })
  addEventListener('afterprint', () => {
    for (const details of unfolded) details.removeAttribute('open')
    unfolded = []
  })
}
