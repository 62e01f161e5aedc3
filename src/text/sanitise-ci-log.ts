/**
 * A line whose first visible characters are `::`. GitHub's runner trims white space first,
 * U+0085 included; colours and other characters without ink are skipped here too, in case
 * something on the way removes them. Anchored at `\n` by hand: `^\s*` with the m flag takes
 * quadratic time on empty lines.
 */
const githubCommand = /(^|\n)((?:\u001b\[[\d;]*m|(?!\n)[\s\p{C}])*):(?=:)/gu

/** GitHub `##[`, Azure `##vso[`, TeamCity `##teamcity[`: found anywhere in a line. */
const bracketCommand = /##(?=[a-z]*\[)/gi

/**
 * Keeps text that goes to a CI log from being obeyed by the runner as a command.
 *
 * `::set-env …`, `##[error]`, `##vso[…]` and `##teamcity[…]` get a zero-width space inside,
 * so they still read the same. Carriage returns become newlines: runners split there too.
 *
 * The last step before writing, on the finished output: what removes zero-width characters
 * (`terminalLine`) would undo it. Escape sequences of our own colours stay. GitHub's
 * `::stop-commands::` is no alternative: the text can echo its token (actions/runner#807).
 *
 * @see actions/runner, src/Runner.Common/ActionCommand.cs. It compares by culture, which
 * ignores the zero-width space, but then cuts by position and finds no such command.
 */
export function sanitiseCiLog(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n')
  if (!lines.includes('::') && !lines.includes('##')) return lines
  return lines.replace(githubCommand, '$1$2:\u200b').replace(bracketCommand, '##\u200b')
}
