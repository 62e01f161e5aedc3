import { terminalLine } from '../../text/sanitise-terminal.ts'

/** Longest foreign text in one line of a message, in code points. */
const maxLength = 1_000

/**
 * One line of a SARIF message: no control characters, and nothing that a viewer would turn into a
 * link.
 *
 * `[words](target)` is a link even in plain text, and version 2.1.0 of the format has no way to
 * escape it, so a zero-width space stands between the brackets.
 *
 * @see oasis-tcs/sarif-spec#597
 */
export function sarifText(text: string): string {
  return terminalLine(text, maxLength).replace(/\](?=\()/g, ']\u200b')
}
