import { AgentEvalError } from '../../errors.ts'
import { terminalBlock } from '../../text/sanitise-terminal.ts'
import { ciContext } from '../ci/ci-context.ts'
import type { CommentOptions } from '../github/comment-on-pull.ts'
import type { Io } from '../io.ts'
import type { OutputOptions } from '../options.ts'
import {
  chooseReporters,
  printResult,
  printSkipped,
  requireFilePerSet,
  requirePageInFile,
} from '../print/print-result.ts'
import { renderError } from '../print/render-error.ts'
import { reportContext } from '../print/report-context.ts'
import { type Reported, readReported } from '../print/reported-documents.ts'

export interface ReportOptions extends OutputOptions, CommentOptions {
  readonly to?: 'github-comment'
}

/**
 * Renders what runs have left behind, or what there is of an unfinished one; with `--to` where the
 * change is discussed.
 *
 * @throws AgentEvalError (input) for what cannot be read, unless it goes to a pull request: a comment
 *   says so there, and the verdict of an older commit does not stay
 */
export async function reportAction(
  named: readonly string[],
  options: ReportOptions,
  io: Io,
): Promise<void> {
  const isPrinted = options.to === undefined || isAskedFor(options)
  const chosen = isPrinted ? chooseReporters(options) : []
  requirePageInFile(chosen, io)
  const documents = await readReported(named, io.cwd)
  const [problem] = documents.problems
  if (problem !== undefined && options.to === undefined) throw problem
  requireFilePerSet(chosen, documents.found.length)
  const printing = { chosen, options, io }
  if (options.to === undefined) {
    for (const one of documents.found) await print(one, printing)
    return
  }
  const failures = await printAsFarAsPossible(documents.found, printing)
  // Most reports go nowhere, and need no network.
  const { commentOnPull } = await import('../github/comment-on-pull.ts')
  const { nodeOutside } = await import('../outside/outside.ts')
  await commentOnPull(documents, { options, io, outside: nodeOutside(io) })
  const [first, ...more] = failures
  if (first === undefined) return
  // A command ends by one error only.
  for (const other of more) io.stderr.write(wordsOf(other))
  throw first
}

/** What else is asked for keeps no comment from being written. */
async function printAsFarAsPossible(
  found: readonly Reported[],
  printing: Printing,
): Promise<readonly Error[]> {
  const failures: Error[] = []
  for (const one of found) {
    try {
      await print(one, printing)
    } catch (error) {
      failures.push(error instanceof Error ? error : new Error(String(error)))
    }
  }
  return failures
}

function wordsOf(error: Error): string {
  if (error instanceof AgentEvalError) return renderError(error)
  return `${terminalBlock(error.stack ?? error.message)}\n`
}

function isAskedFor({ json, reporter }: OutputOptions): boolean {
  return json === true || reporter !== undefined
}

interface Printing {
  readonly chosen: ReturnType<typeof chooseReporters>
  readonly options: OutputOptions
  readonly io: Io
}

async function print({ document, from, manifest }: Reported, printing: Printing): Promise<void> {
  const { chosen } = printing
  if (document.kind === 'SkippedRun') {
    await printSkipped(document, chosen, printing)
    return
  }
  const ci = await ciContext(printing.io)
  const run = manifest === undefined ? { ci } : { path: from, manifest, ci }
  const input = { result: document, context: reportContext(document, run) }
  await printResult(input, chosen, { ...printing, isRendering: true })
}
