import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import { heading, verdictLine } from '../../report/heading.ts'
import { skippedJunit } from '../../report/junit/junit.ts'
import { renderSkippedRun } from '../../report/markdown/skipped-run.ts'
import { reporters } from '../../report/registry.ts'
import type { RenderStyle, Reporter, ReportInput } from '../../report/reporter.ts'
import { skippedSarif } from '../../report/sarif/sarif.ts'
import { sayInTerminal } from '../../report/say.ts'
import { subjectOf } from '../../report/subject.ts'
import type { SkippedRun } from '../../schema/skipped-run.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import { sanitiseCiLog } from '../../text/sanitise-ci-log.ts'
import { isDrivenByAgent } from '../coding-agent.ts'
import type { Io } from '../io.ts'
import type { OutputOptions } from '../options.ts'
import { isInCi } from './write-text.ts'

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

const textFormats: ReadonlySet<string> = new Set(['terminal', 'markdown', 'json'])

/** Those in which a document can be told that is no result; where none was chosen, the terminal. */
export function forText(chosen: readonly ChosenReporter[]): readonly ChosenReporter[] {
  const texts = chosen.filter(({ reporter }) => textFormats.has(reporter.id))
  return texts.length === 0 ? chooseReporters({}) : texts
}

function unknownReporter(name: string, known: readonly string[]): AgentEvalError {
  const close = didYouMean(name, known)
  return new AgentEvalError(`unknown reporter "${name}"`, 'usage', {
    hint: close === undefined ? `known: ${known.join(', ')}` : `did you mean "${close}"?`,
  })
}

/**
 * Refuses a page in the log of a CI job: nobody can read it there, and it is live text.
 *
 * @throws AgentEvalError (usage)
 */
export function requirePageInFile(
  chosen: readonly ChosenReporter[],
  { env }: Pick<Io, 'env'>,
): void {
  const isInLog = chosen.some(({ file, reporter }) => reporter.id === 'html' && file === undefined)
  if (!isInLog || !isInCi({ env })) return
  throw new AgentEvalError('a page cannot stand in the log of a job', 'usage', {
    hint: 'give it a file: -r html:FILE',
  })
}

/**
 * Prints a result to stdout and to the files asked for. Where nothing of it goes to stdout, the verdict
 * stands on stderr, so that a log always has it.
 */
export async function printResult(
  input: ReportInput,
  chosen: readonly ChosenReporter[],
  shell: Printing,
): Promise<void> {
  requirePageInFile(chosen, shell.io)
  if (isUnseen(chosen, shell)) shell.io.stderr.write(verdictText(input))
  const whole = await withPage(input, chosen, shell)
  const { provenance } = input.result.kind === 'RunResult' ? input.result : input.result.candidate
  const printing = { ...shell, evalSet: provenance.evalSet.id }
  await printChosen(chosen, printing, (reporter, style) => reporter.render(whole, style))
  if (isTold(chosen, shell)) shell.io.job?.tell({ kind: 'result', input })
}

/** Of what was decided just now and goes to files only, as somebody asked. */
function isUnseen(chosen: readonly ChosenReporter[], { isRendering, options }: Printing): boolean {
  if (isRendering === true || options.reporter === undefined) return false
  return chosen.every(({ file }) => file !== undefined)
}

/** Nothing where nobody asked for a verdict. */
function verdictText({ result }: ReportInput): string {
  const subject = subjectOf(result)
  if (subject.verdict === undefined) return ''
  return `${heading(subject, sayInTerminal)}\nverdict: ${verdictLine(subject.verdict)}\n`
}

/** The same of a run that did not have to be made. There is no page of it. */
export async function printSkipped(
  skipped: SkippedRun,
  chosen: readonly ChosenReporter[],
  shell: Printing,
): Promise<void> {
  const printing = { ...shell, evalSet: skipped.provenance.evalSet.id }
  const shown = chosen.filter(({ reporter: { id } }) => id !== 'html' && id !== 'github')
  await printChosen(shown, printing, ({ id }) => {
    const render = skippedFormats.get(id)
    return render === undefined ? renderSkippedRun(skipped, id) : render(skipped)
  })
  if (isTold(chosen, shell)) shell.io.job?.tell({ kind: 'skipped', skipped })
}

const skippedFormats: ReadonlyMap<string, (skipped: SkippedRun) => string> = new Map([
  ['junit', skippedJunit],
  ['sarif', skippedSarif],
])

/** Whether the host of the job is told: of what decides it always is, of the rest where somebody asks. */
function isTold(chosen: readonly ChosenReporter[], { options }: Printing): boolean {
  return options.github === true || chosen.some(isForJob)
}

/** The job is told when the command has ended; printed at once, everything would stand there twice. */
function isForJob({ file, reporter }: ForJob): boolean {
  return file === undefined && reporter.id === 'github'
}

interface ForJob {
  readonly reporter: { readonly id: string }
  readonly file?: string | undefined
}

/** Trials and traces are read only for a page: other formats say nothing of them. */
async function withPage(
  input: ReportInput,
  chosen: readonly ChosenReporter[],
  { io }: Printing,
): Promise<ReportInput> {
  const isPage = chosen.some(({ reporter }) => reporter.id === 'html')
  if (!isPage || input.page !== undefined) return input
  const { pageMaterial } = await import('../page/page-material.ts')
  return { ...input, page: await pageMaterial(input, { io }) }
}

export interface Printing {
  readonly io: Io
  readonly options: OutputOptions
  /** Id of the eval set that a document is about; goes into the names of files. */
  readonly evalSet?: string
  /** What was decided elsewhere is only shown again. */
  readonly isRendering?: boolean
}

/** Stands for the id of the eval set in the name of a file. */
const evalSetMark = '{evalset}'

/**
 * Refuses files that several eval sets would be written to, one over the other.
 *
 * @throws AgentEvalError (usage) for a file without a place for the id of the eval set
 */
export function requireFilePerSet(chosen: readonly ChosenReporter[], evalSets: number): void {
  const shared = chosen.find(({ file }) => file?.includes(evalSetMark) === false)
  if (shared?.file === undefined || evalSets < 2) return
  throw new AgentEvalError('each eval set would be written over the one before', 'usage', {
    source: { file: shared.file },
    hint: `give each a file: -r '${shared.reporter.id}:${shared.file.replace(/(?:\.\w+)?$/, `-${evalSetMark}$&`)}'`,
  })
}

/** Prints whatever the chosen reporters make of a document. */
export async function printChosen<R extends { readonly id: string }>(
  chosen: readonly Chosen<R>[],
  { evalSet, io, options }: Printing,
  render: (reporter: R, style: RenderStyle) => string,
): Promise<void> {
  for (const { file, reporter } of chosen) {
    if (io.job !== undefined && isForJob({ file, reporter })) continue
    const colour = file === undefined && reporter.id === 'terminal' && wantsColour(io, options)
    const text = render(reporter, { colour })
    if (file === undefined) io.stdout.write(forStream(text, reporter.id, io))
    else await writeReport(file.replaceAll(evalSetMark, evalSet ?? 'all'), text, io.cwd)
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
      hint: 'the run itself is kept: render it again with npx agent-eval report',
      cause,
    })
  }
}

/** Formats that programs read; nothing may be put into them. */
const machineFormats: ReadonlySet<string> = new Set(['github', 'html', 'json', 'junit', 'sarif'])

/** Those in which a number sign, which stands in strings only, may be written in two ways. */
const jsonFormats: ReadonlySet<string> = new Set(['json', 'sarif'])

/** In CI the log itself is a surface: a runner reads commands from it, `##[error]` anywhere in a line. */
function forStream(text: string, reporter: string, io: Io): string {
  if (!isInCi(io)) return text
  if (jsonFormats.has(reporter)) return text.replaceAll('##', '#\\u0023')
  return machineFormats.has(reporter) ? text : sanitiseCiLog(text)
}

/** The flag, then NO_COLOR, then FORCE_COLOR, then what stdout is. */
export function wantsColour(io: Io, options: OutputOptions): boolean {
  if (options.color !== undefined) return options.color
  if (isSet(io.env['NO_COLOR'])) return false
  const forced = io.env['FORCE_COLOR']
  if (isSet(forced)) return forced !== '0' && forced !== 'false'
  return io.stdout.isTTY && io.env['TERM'] !== 'dumb' && !isDrivenByAgent(io.env)
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== ''
}
