import { terminalLine } from './sanitise-terminal.ts'

/**
 * A name inside a suggested command. It may come from a foreign file and must stay one word: quoted
 * where it holds anything that some shell reads, such as the brackets of `refund[mugs]` or `#2`.
 */
export function shellWord(text: string): string {
  const line = terminalLine(text)
  return /^[A-Za-z0-9._/][A-Za-z0-9._/-]*$/.test(line) ? line : `'${line.replaceAll("'", `'\\''`)}'`
}
