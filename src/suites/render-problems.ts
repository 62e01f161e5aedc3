import { AgentEvalError } from '../errors.ts'
import { terminalLine } from '../text/sanitise-terminal.ts'
import type { Problem } from './problem.ts'

/** More than this at once is a wall; the first ones usually explain the rest. */
const mostShown = 20

/**
 * Problems for a person: where, what, what would work, and the line itself.
 *
 * In the order of files and lines. At most 20; the last line says how many more there are. What
 * stands in the files is made safe for a terminal. Ends in a newline.
 */
export function renderProblems(problems: readonly Problem[]): string {
  const shown = sortProblems(problems).slice(0, mostShown).map(renderProblem)
  const left = problems.length - shown.length
  const more = left === 0 ? [] : [`and ${left} more ${left === 1 ? 'problem' : 'problems'}`]
  return `${[...shown, ...more].join('\n')}\n`
}

/** The problems of one input as the error that ends a command before anything is spent. */
export function problemsError(problems: readonly Problem[]): AgentEvalError {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  return new AgentEvalError(`found ${count}\n\n${renderProblems(problems)}`.trimEnd(), 'input', {
    cause: problems,
  })
}

function renderProblem(problem: Problem): string {
  const { file, line, column, path, message, hint, frame } = problem
  const place = [file, line, column].filter((part) => part !== undefined).join(':')
  const subject = path === '' ? `${place}:` : `${place} ${path}:`
  const separator = message.endsWith('?') ? ' ' : '; '
  const advice = hint === undefined ? '' : `${separator}${hint}`
  const head = terminalLine(`${subject} ${message}${advice}`)
  return frame === undefined ? head : `${head}\n${frame}`
}

function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted(
    (a, b) =>
      compare(a.file, b.file) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0) ||
      compare(a.path, b.path),
  )
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
