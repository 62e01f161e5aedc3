import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import { driftOf } from '../../gate/drift.ts'
import { renderHistory } from '../../report/history/history-table.ts'
import type { DriftReport } from '../../schema/drift.ts'
import type { HistoryNote } from '../../schema/history.ts'
import { asJson } from '../../schema/json.ts'
import { prettyCanonicalJson } from '../../text/canonical-json.ts'
import { createRedactor } from '../../text/redact.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import { secretValues } from '../candidate/secret-values.ts'
import type { Io } from '../io.ts'
import type { OutputOptions } from '../options.ts'
import { wantsColour } from '../print/print-result.ts'
import { commandPrefix } from '../print/report-context.ts'
import { wantsUnicode } from '../print/wants-unicode.ts'
import { writeText } from '../print/write-text.ts'
import { evalSetFolders, openProject } from '../project.ts'
import {
  appendHistory,
  type History,
  type HistoryPlace,
  historyPlace,
  readHistory,
} from '../run-folder/history-file.ts'

export interface ViewHistoryOptions extends Pick<OutputOptions, 'json' | 'color'> {
  readonly config?: string
  readonly file?: string
  readonly last: number
  readonly handled?: string
}

/** `view --history`: the nights of each eval set, and 1 where an alarm is open. */
export async function viewHistoryAction(
  named: readonly string[],
  options: ViewHistoryOptions,
  io: Io,
): Promise<void> {
  const places = await placesOf(named, options, io)
  const viewed: Viewed[] = []
  for (const place of places) viewed.push(await view(place))
  if (options.handled !== undefined) {
    await handle(viewed, options.handled, io)
    return
  }
  print(viewed, options, io)
  io.setExitCode(viewed.some(({ report }) => report.status === 'drift') ? 1 : 0)
}

/** A history and how the command line names it. */
interface NamedPlace extends HistoryPlace {
  readonly evalSetName?: string
}

interface Viewed {
  readonly place: NamedPlace
  readonly history: History
  readonly report: DriftReport
}

async function placesOf(
  named: readonly string[],
  { config, file }: ViewHistoryOptions,
  io: Io,
): Promise<readonly NamedPlace[]> {
  if (file !== undefined) {
    if (named.length === 0) return [{ file: path.resolve(io.cwd, file), shown: file }]
    throw new AgentEvalError('--file names the history, so no eval set is named', 'usage')
  }
  const project = await openProject(config, io)
  return evalSetFolders(project, named).map((folder) => {
    const shown = path.relative(io.cwd, folder) || '.'
    return { ...historyPlace({ folder, shown }, undefined, io.cwd), evalSetName: shown }
  })
}

/** @throws AgentEvalError (usage, input) where there is no history, or none that can be read */
async function view(place: NamedPlace): Promise<Viewed> {
  const history = await readHistory(place)
  const hint = 'nights are recorded by: npx agent-eval run --history'
  if (history === undefined) {
    throw new AgentEvalError('there is no history yet', 'usage', {
      source: { file: place.shown },
      hint,
    })
  }
  if (!history.entries.some((entry) => entry.kind === 'HistoryNight')) {
    throw new AgentEvalError('holds no night', 'input', { source: { file: place.shown }, hint })
  }
  return { place, history, report: driftOf(history.entries) }
}

function print(viewed: readonly Viewed[], options: ViewHistoryOptions, io: Io): void {
  if (options.json === true) {
    const documents = viewed.map(({ report }) => asJson(report))
    const [only, ...more] = documents
    io.stdout.write(prettyCanonicalJson(only === undefined || more.length > 0 ? documents : only))
    return
  }
  const style = {
    colour: wantsColour(io, options),
    unicode: wantsUnicode(io),
    last: options.last,
  }
  const texts = viewed.map(({ place: { evalSetName, shown }, report }) => {
    const where = evalSetName === undefined ? { file: shown } : { evalSetName }
    return renderHistory(report, { commandPrefix, ...where }, style)
  })
  writeText(io, texts.join('\n'))
  for (const { history, place } of viewed) {
    if (!history.torn) continue
    const text = `${place.shown}: the last line was torn and is passed over`
    io.stderr.write(`${terminalLine(text)}\n`)
  }
}

function nameOf({ place: { evalSetName, shown } }: Viewed): string {
  return evalSetName ?? shown
}

/** Writes down that somebody has looked: the level that there is now becomes the usual one. */
async function handle(viewed: readonly Viewed[], why: string, io: Io): Promise<void> {
  const open = viewed.filter(({ report }) => report.status === 'drift')
  const [only, ...more] = open
  if (only === undefined || more.length > 0) {
    const message = only === undefined ? 'no alarm is open' : `${open.length} eval sets have alarms`
    throw new AgentEvalError(message, 'usage', {
      ...(more.length > 0 && { hint: `name one of: ${open.map(nameOf).join(', ')}` }),
    })
  }
  const { history, place } = only
  const note: HistoryNote = {
    apiVersion: 'agent-eval/v1',
    kind: 'HistoryNote',
    at: io.today(),
    handled: why,
  }
  await appendHistory(place, note, {
    history,
    redactor: createRedactor({ values: secretValues(io.env) }),
  })
  const text = `${place.shown}: the charts start over with the next night; commit the file`
  writeText(io, `${terminalLine(text)}\n`)
}
