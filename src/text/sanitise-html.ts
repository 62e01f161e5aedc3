import { stripControl } from './strip-control.ts'

/** Foreign text as HTML text or as the value of a quoted attribute; never as a URL or a script. */
export function sanitiseHtml(text: string): string {
  return stripControl(text).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`)
}
