import type { Command, HelpConfiguration } from 'commander'
import { type ExitCodes, exitCodesOf } from './exit-codes.ts'

/** A screen that nobody has widened. */
export const helpWidth = 80

/** Headings of our groups look like commander's own. */
export const helpStyle: HelpConfiguration = {
  styleTitle: (title) => (title.endsWith(':') ? title : `${title}:`),
}

/** Ends the help of every command with what its exit codes mean. To be called once all commands are there. */
export function finishHelp(command: Command, words: readonly string[] = []): void {
  const codes = exitCodesOf(words)
  if (codes !== undefined) command.addHelpText('after', `\nExit codes:\n${rows(codes)}`)
  for (const below of command.commands) finishHelp(below, [...words, below.name()])
}

function rows(codes: ExitCodes): string {
  const width = Math.max(...codes.map(([code]) => code.length))
  return codes.map(([code, words]) => `  ${code.padEnd(width)}  ${words}`).join('\n')
}
