import { access, constants } from 'node:fs/promises'
import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import { type EndedRun, historyNightOf } from '../../gate/history-night.ts'
import { whyNoNight } from '../../gate/why-no-night.ts'
import { createRedactor } from '../../text/redact.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import { secretValues } from '../candidate/secret-values.ts'
import { renderError } from '../print/render-error.ts'
import {
  appendHistory,
  type HistoryPlace,
  historyPlace,
  readHistory,
} from '../run-folder/history-file.ts'
import type { PreparedRun, Shell } from './prepare-run.ts'

/**
 * Sees to it that every run can be added to its history, before anything is spent.
 *
 * @throws AgentEvalError (usage, input) where one cannot
 */
export async function requireHistories(
  runs: readonly Pick<PreparedRun, 'evalSet'>[],
  { io, options }: Shell,
): Promise<void> {
  if (options.history === undefined) return
  if (options.skipUnchanged === true) {
    throw new AgentEvalError('--skip-unchanged leaves nights out of a history', 'usage', {
      hint: 'drift is what happens while nothing of yours changes: run every night',
    })
  }
  if (typeof options.history === 'string' && runs.length > 1) {
    throw new AgentEvalError('one history file is for one eval set', 'usage', {
      hint: 'name one eval set, or --history without a file',
    })
  }
  for (const { evalSet } of runs) {
    const place = historyPlace(evalSet, options.history, io.cwd)
    const history = await readHistory(place)
    const known = history?.entries.find((entry) => entry.kind === 'HistoryNight')
    if (known !== undefined && known.evalSet.id !== evalSet.id) {
      const message = `is the history of eval set "${known.evalSet.id}", not of "${evalSet.id}"`
      throw new AgentEvalError(message, 'input', { source: { file: place.shown } })
    }
    await requireWritable(place, history !== undefined)
  }
}

async function requireWritable({ file, shown }: HistoryPlace, isThere: boolean): Promise<void> {
  try {
    await access(isThere ? file : path.dirname(file), constants.W_OK)
  } catch (cause) {
    throw new AgentEvalError('cannot be written', 'input', { source: { file: shown }, cause })
  }
}

/**
 * Adds a finished run to its history, or says why it is no night of it. Never throws for a file that
 * cannot be written: the run has its verdict, and that stands.
 */
export async function recordHistory(
  { evalSet }: Pick<PreparedRun, 'evalSet'>,
  run: EndedRun,
  { io, options }: Shell,
): Promise<void> {
  if (options.history === undefined) return
  const place = historyPlace(evalSet, options.history, io.cwd)
  const say = (text: string): void => {
    io.stderr.write(`${terminalLine(text)}\n`)
  }
  const why = whyNoNight(run.manifest, run.summary.cases)
  if (why !== undefined) {
    say(`this run is not added to ${place.shown}: ${why}`)
    return
  }
  try {
    const history = await readHistory(place)
    const entry = historyNightOf(run)
    const known = history?.entries.filter((one) => one.kind === 'HistoryNight') ?? []
    if (known.some((night) => night.run === entry.run)) {
      say(`${place.shown} holds this run already`)
      return
    }
    const redactor = createRedactor({ values: secretValues(io.env) })
    await appendHistory(place, entry, { history, redactor })
    say(`night ${known.length + 1} of ${place.shown}`)
  } catch (error) {
    if (!(error instanceof AgentEvalError)) throw error
    io.stderr.write(`this run is not in the history\n${renderError(error)}`)
  }
}
