import { stripControl } from './strip-control.ts'
import { truncate } from './truncate.ts'

/**
 * Foreign text on one line of a terminal: no escape sequences, white space collapsed.
 *
 * In CI the finished output goes through `sanitiseCiLog` as well.
 *
 * @param maxLength - in code points; no limit by default
 */
export function terminalLine(text: string, maxLength: number = Infinity): string {
  return truncate(stripControl(text).replace(/\s+/g, ' ').trim(), maxLength)
}

/** Foreign text over several lines of a terminal; newlines, tabs and indentation stay. */
export function terminalBlock(text: string, maxLength: number = Infinity): string {
  return truncate(stripControl(text), maxLength)
}
