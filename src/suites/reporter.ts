import { LineCounter } from 'yaml'
import { truncate } from '../text/truncate.ts'
import { codeFrame } from './code-frame.ts'
import type { Path, Problem } from './problem.ts'

export interface SourceText {
  readonly text: string
  /** How messages call it. */
  readonly file: string
  /** Line of the file at which the text starts, from 1; for one line of JSON Lines. */
  readonly firstLine?: number
}

/** Makes a problem of what is wrong at an offset; without one it is about the whole file. */
type Report = (
  wrong: {
    readonly offset?: number | undefined
    readonly message: string
    readonly hint?: string | undefined
    readonly row?: string | undefined
  },
  path: Path,
) => Problem

export interface Reporter {
  readonly report: Report
  /** The line of an offset, from 1. */
  readonly lineOf: (offset: number) => number
}

/** Makes the problems of one text, with lines, columns and code frames. */
export function reporterOf({ text, file, firstLine = 1 }: SourceText): Reporter {
  let lines: LineCounter | undefined
  const lineOf = (offset: number): number => {
    lines ??= countLines(text)
    return lines.linePos(offset).line + firstLine - 1
  }
  const report: Report = ({ offset, message, hint, row }, path) => {
    const problem = {
      file,
      path: formatPath(path),
      message,
      ...(hint !== undefined && { hint }),
      ...(row !== undefined && { row }),
    }
    if (offset === undefined) return problem
    lines ??= countLines(text)
    const { line, col: column } = lines.linePos(offset)
    const { lineStarts } = lines
    const shown = [line - 1, line]
      .filter((each) => each > 0)
      .map((each) => lineAt(text, lineStarts, each))
    const place = { line: line + firstLine - 1, column }
    return { ...problem, ...place, frame: codeFrame(shown, place) }
  }
  return { report, lineOf }
}

function formatPath(path: Path): string {
  return path.map((step) => truncate(String(step), 60)).join('.')
}

function countLines(text: string): LineCounter {
  const counter = new LineCounter()
  counter.addNewLine(0)
  let at = text.indexOf('\n')
  while (at !== -1) {
    counter.addNewLine(at + 1)
    at = text.indexOf('\n', at + 1)
  }
  return counter
}

function lineAt(text: string, lineStarts: readonly number[], line: number): string {
  return text.slice(lineStarts[line - 1], lineStarts[line]).replace(/\r?\n$/, '')
}
