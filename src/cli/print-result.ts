import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { AgentEvalError } from '../errors.ts'
import { reporters } from '../report/registry.ts'
import type { RenderStyle, Reporter, ReportInput } from '../report/reporter.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { sanitiseCiLog } from '../text/sanitise-ci-log.ts'
import type { Io } from './io.ts'
import type { OutputOptions } from './options.ts'

/** One `-r name[:file]`. */
export interface Chosen<R> {
  readonly reporter: R
  readonly file?: string
}

export type ChosenReporter = Chosen<Reporter>

/**
 * Reads the reporter options; checked before anything runs, so that a typing mistake costs nothing.
 *
 * @throws AgentEvalError (usage) for a name that does not exist
 */
export function chooseReporters(options: OutputOptions): readonly ChosenReporter[] {
  return chooseAmong(reporters, options)
}

/** The same for documents that have reporters of their own. */
export function chooseAmong<R>(
  known: ReadonlyMap<string, R>,
  options: OutputOptions,
): readonly Chosen<R>[] {
  const named = options.json === true ? ['json'] : (options.reporter ?? ['terminal'])
  return named.map((text) => {
    const colon = text.indexOf(':')
    const name = colon === -1 ? text : text.slice(0, colon)
    const reporter = known.get(name)
    if (reporter === undefined) throw unknownReporter(name, [...known.keys()])
    return colon === -1 ? { reporter } : { reporter, file: text.slice(colon + 1) }
  })
}

function unknownReporter(name: string, known: readonly string[]): AgentEvalError {
  const close = didYouMean(name, known)
  return new AgentEvalError(`unknown reporter "${name}"`, 'usage', {
    hint: close === undefined ? `known: ${known.join(', ')}` : `did you mean "${close}"?`,
  })
}

/** Prints a result to stdout and to the files asked for. */
export async function printResult(
  input: ReportInput,
  chosen: readonly ChosenReporter[],
  shell: Printing,
): Promise<void> {
  await printChosen(chosen, shell, (reporter, style) => reporter.render(input, style))
}

export interface Printing {
  readonly io: Io
  readonly options: OutputOptions
}

/** Prints whatever the chosen reporters make of a document. */
export async function printChosen<R extends { readonly id: string }>(
  chosen: readonly Chosen<R>[],
  { io, options }: Printing,
  render: (reporter: R, style: RenderStyle) => string,
): Promise<void> {
  for (const { file, reporter } of chosen) {
    const colour = file === undefined && reporter.id === 'terminal' && wantsColour(io, options)
    const text = render(reporter, { colour })
    if (file === undefined) io.stdout.write(forStream(text, reporter.id, io))
    else await writeReport(file, text, io.cwd)
  }
}

/** @throws AgentEvalError (evidence): whoever asked for the file would look at an old one */
async function writeReport(named: string, text: string, cwd: string): Promise<void> {
  const file = path.resolve(cwd, named)
  try {
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, text)
  } catch (cause) {
    throw new AgentEvalError('the report cannot be written', 'evidence', {
      source: { file: named },
      hint: 'the run itself is kept: render it again with agent-eval report',
      cause,
    })
  }
}

/** Formats that programs read; nothing may be put into them. */
const machineFormats: ReadonlySet<string> = new Set(['json', 'sarif'])

/** In CI the log itself is a surface: a runner reads commands from it. */
function forStream(text: string, reporter: string, io: Io): string {
  const isLog = !machineFormats.has(reporter) && isSet(io.env['CI'])
  return isLog ? sanitiseCiLog(text) : text
}

/** The flag, then NO_COLOR, then FORCE_COLOR, then what stdout is. */
export function wantsColour(io: Io, options: OutputOptions): boolean {
  if (options.color !== undefined) return options.color
  if (isSet(io.env['NO_COLOR'])) return false
  const forced = io.env['FORCE_COLOR']
  if (isSet(forced)) return forced !== '0' && forced !== 'false'
  return io.stdout.isTTY && io.env['TERM'] !== 'dumb'
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== ''
}
