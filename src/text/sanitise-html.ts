import { stripControl } from './strip-control.ts'

/** Markup, and what a CI runner obeys where the document is printed into a log: `::error::`, `##[error]`. */
const special = /[&<>"'`]|:(?=:)|#(?=#)/g

/** Foreign text as HTML text or as the value of a quoted attribute; never as a URL or a script. */
export function sanitiseHtml(text: string): string {
  return stripControl(text).replace(special, (character) => `&#${character.charCodeAt(0)};`)
}
