import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { AgentEvalError } from '../errors.ts'
import { reporters } from '../report/registry.ts'
import type { Reporter, ReportInput } from '../report/reporter.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { sanitiseCiLog } from '../text/sanitise-ci-log.ts'
import type { Io } from './io.ts'
import type { OutputOptions } from './options.ts'

/** One `-r name[:file]`. */
export interface ChosenReporter {
  readonly reporter: Reporter
  readonly file?: string
}

/**
 * Reads the reporter options; checked before anything runs, so that a typing mistake costs nothing.
 *
 * @throws AgentEvalError (usage) for a name that does not exist
 */
export function chooseReporters(options: OutputOptions): readonly ChosenReporter[] {
  const named = options.json === true ? ['json'] : (options.reporter ?? ['terminal'])
  return named.map((text) => {
    const colon = text.indexOf(':')
    const name = colon === -1 ? text : text.slice(0, colon)
    const reporter = reporters.get(name)
    if (reporter === undefined) throw unknownReporter(name)
    return colon === -1 ? { reporter } : { reporter, file: text.slice(colon + 1) }
  })
}

function unknownReporter(name: string): AgentEvalError {
  const known = [...reporters.keys()]
  const close = didYouMean(name, known)
  return new AgentEvalError(`unknown reporter "${name}"`, 'usage', {
    hint: close === undefined ? `known: ${known.join(', ')}` : `did you mean "${close}"?`,
  })
}

/** Prints a result to stdout and to the files asked for. */
export async function printResult(
  input: ReportInput,
  chosen: readonly ChosenReporter[],
  { io, options }: { readonly io: Io; readonly options: OutputOptions },
): Promise<void> {
  for (const { file, reporter } of chosen) {
    const colour = file === undefined && reporter.id === 'terminal' && wantsColour(io, options)
    const text = reporter.render(input, { colour })
    if (file === undefined) io.stdout.write(forStream(text, reporter.id, io))
    else await writeText(path.resolve(io.cwd, file), text)
  }
}

async function writeText(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, text)
}

/** In CI the log itself is a surface: a runner reads commands from it. */
function forStream(text: string, reporter: string, io: Io): string {
  const isLog = reporter !== 'json' && isSet(io.env['CI'])
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
