import { markdownInline } from '../text/sanitise-markdown.ts'
import { terminalLine } from '../text/sanitise-terminal.ts'

/** Longest foreign text inside a sentence, in code points. */
const maxLength = 240

/**
 * Makes foreign text (case ids, rule ids, reasons, names) safe where it is going to stand. Words
 * that several formats share take it as a parameter, so that none of them can forget it.
 */
export type Say = (foreign: string) => string

export const sayInTerminal: Say = (foreign) => terminalLine(foreign, maxLength)
export const sayInMarkdown: Say = (foreign) => markdownInline(foreign, maxLength)
