import { didYouMean } from '../../text/did-you-mean.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import type { CandidateChoice } from '../candidate/candidate-file.ts'
import type { Io } from '../io.ts'
import type { Project } from '../project.ts'
import type { PreparedRun } from './prepare-run.ts'

interface Warning {
  readonly io: Io
  readonly options: CandidateChoice
  /** Whether every eval set of the project is run. */
  readonly isAll: boolean
}

/**
 * Says which prices of `agent-eval.yaml` are of no model that its runs name: a slip there leaves a model
 * without the price that was meant for it. Of an agent of one's own nobody knows what it asks.
 */
export function warnOfUnusedPrices(
  runs: readonly PreparedRun[],
  { config }: Project,
  { io, isAll, options }: Warning,
): void {
  const live = runs.filter(({ costGround }) => costGround.prices !== undefined)
  if (live.length === 0 || live.some(({ costGround }) => costGround.candidate.target)) return
  const isWhole = isAll && (options.candidate ?? options.model) === undefined
  const named = namedModels(live, config.models)
  const names = [...named, ...named.map((reference) => reference.replace(/^[^:]*:/, ''))]
  for (const key of Object.keys(config.money.prices)) {
    // A service may answer with a dated version of what it was asked for.
    if (names.some((name) => key === name || key.startsWith(`${name}-`))) continue
    const close = didYouMean(key, names)
    // Where only a part is run, others may need it.
    if (close === undefined && !isWhole) continue
    const meant = close === undefined ? '' : `; did you mean ${JSON.stringify(close)}?`
    const text = `warning: money.prices: no model that is used is called ${JSON.stringify(key)}${meant}`
    io.stderr.write(`${terminalLine(text)}\n`)
  }
}

function namedModels(
  runs: readonly PreparedRun[],
  tiers: Readonly<Record<string, string>>,
): readonly string[] {
  const ofRuns = runs.flatMap(({ costGround: { asked, candidate } }) => [
    ...Object.values(candidate.models),
    ...asked.beside,
  ])
  return [...new Set([...Object.values(tiers), ...ofRuns])]
}
