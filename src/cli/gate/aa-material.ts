import { AgentEvalError } from '../../errors.ts'
import type { TrialSet } from '../../gate/split-arms.ts'
import { collectHalves } from '../../metrics/collect-halves.ts'
import type { CaseRows } from '../../metrics/trial-rows.ts'
import { planRun } from '../../run-evalset/plan-run.ts'
import { decidingOnly } from '../../run-evalset/run-in-memory.ts'
import type { EarlyStop } from '../../run-evalset/run-rounds.ts'
import type { EvalCase } from '../../schema/case.ts'
import { byStanding } from '../../schema/deciding-cases.ts'
import type { GateConfig } from '../../schema/gate-config.ts'
import type { RunManifest } from '../../schema/run-manifest.ts'
import { selectCases } from '../../suites/select-cases.ts'
import { type CandidateChoice, openCandidate } from '../candidate/candidate-file.ts'
import { commandMeans } from '../candidate/command-means.ts'
import { loadModuleTools } from '../candidate/module-tools.ts'
import { openEngines } from '../candidate/open-engines.ts'
import { openRunMeans } from '../candidate/open-run-means.ts'
import type { Io } from '../io.ts'
import { openProject } from '../project.ts'
import { findRun } from '../run-folder/find-run.ts'
import { readManifest, readTrials } from '../run-folder/run-folder.ts'
import { version } from '../version.ts'
import { admitArms, type Spending, type SpendingOptions, settleArms } from './aa-spending.ts'
import { type GateOptions, type GateSubject, openGateSubject } from './gate-options.ts'
import { type PlayablePlan, playPlans } from './play-plans.ts'

export interface AaOptions extends GateOptions, CandidateChoice, SpendingOptions {
  readonly from?: string
}

/** Trials of one agent, and the gate that they are held against. */
export interface AaMaterial {
  readonly manifest: RunManifest
  readonly trials: TrialSet
  readonly gate: GateConfig
  /** What the eval set asks for now, of each case. */
  readonly currentTrials: number
  /** As it is called on the command line. */
  readonly evalSetName: string
}

interface Shell {
  readonly options: AaOptions
  readonly io: Io
}

/**
 * Plays as many trials as two arms have, for this question only.
 *
 * @returns `undefined` after an interrupt
 */
export async function playBothArms(
  named: string | undefined,
  { io, options }: Shell,
): Promise<AaMaterial | undefined> {
  const subject = await openGateSubject(named, options, io)
  const { concurrency, evalSet, project, seed } = subject
  const { loaded } = evalSet
  const { candidate, folder: agentFolder } = await openCandidate(project, evalSet, options)
  const command = commandMeans(project, io, options.budget)
  const { asked, means } = await openRunMeans(
    command,
    { project, evalSet, candidate, mode: 'off' },
    io,
  )
  const modules = await loadModuleTools(evalSet)
  const own = { candidate, folder: agentFolder }
  const engines = await openEngines({ own, evalSet, project }, command.outside)
  const plan = decidingOnly(
    planRun({
      run: 'gate-aa',
      createdAt: io.today(),
      toolVersion: version,
      evalSet: loaded,
      cases: doubled(subject, options.trials),
      candidate,
      trials: undefined,
      seed,
      mode: 'enforce',
      options: {},
    }),
  )
  const subjectOf = { evalSet: loaded, candidate, engines, modules, agentFolder, means }
  const playable = { plan, subject: subjectOf }
  const { confirm_above_usd: confirmAboveUsd } = project.config.money
  const spending = { io, options, command, asked, confirmAboveUsd }
  const rows = await playPaid(playable, concurrency, spending)
  if (rows === undefined) return undefined
  const { manifest } = plan
  return {
    manifest,
    trials: { planned: manifest.cases, rows, severeTier: manifest.severeTier },
    gate: loaded.file.gate,
    currentTrials: subject.trials,
    evalSetName: evalSet.shown,
  }
}

async function playPaid(
  playable: PlayablePlan,
  concurrency: number,
  spending: Spending,
): Promise<readonly CaseRows[] | undefined> {
  const { io, options } = spending
  const admission = await admitArms(playable, spending)
  const ended: { stop?: EarlyStop } = {}
  const played = await playPlans([playable], {
    io,
    concurrency,
    quiet: options.quiet === true,
    ...admission,
    onStop: (stop) => {
      ended.stop = stop
    },
  })
  if (played === undefined) return undefined
  settleArms(ended.stop, spending)
  return played[0]
}

/** The cases that gate, each with as many trials as two arms of it have. */
function doubled({ evalSet, trials }: GateSubject, asked: number | undefined): readonly EvalCase[] {
  return selectCases(evalSet.loaded.cases, {}).map((one) => ({
    ...one,
    trials: 2 * (asked ?? one.trials ?? trials),
  }))
}

/**
 * Takes trials that somebody has paid for already. They are judged by the rules that they ran under,
 * or, where an eval set is named, by what its rules are now. Of a run with `--mode both` these are the
 * ones with its controls.
 *
 * @throws AgentEvalError (usage) when the run is of another eval set than the one named
 */
export async function takeFromRun(
  run: string,
  named: string | undefined,
  { io, options }: Shell,
): Promise<AaMaterial> {
  const project = await openProject(options.config, io)
  const folder = await findRun(run, project.config.output, io.cwd)
  const manifest = await readManifest(folder)
  const collector = collectHalves(manifest.options['mode'])
  for await (const line of readTrials(folder)) collector.add(line)
  const { deciding } = byStanding(manifest.cases)
  const planned = deciding.filter((one) => one.twinOf === undefined)
  const { id } = manifest.provenance.evalSet
  const material = {
    manifest,
    trials: { planned, rows: collector.finish().rows, severeTier: manifest.severeTier },
  }
  if (named === undefined) {
    const currentTrials = Math.max(1, ...planned.map((one) => one.trials))
    return { ...material, gate: manifest.gate, currentTrials, evalSetName: id }
  }
  const { evalSet, trials } = await openGateSubject(named, options, io)
  if (evalSet.id !== id) {
    throw new AgentEvalError(`${run} is a run of "${id}", not of "${evalSet.id}"`, 'usage')
  }
  const { gate } = evalSet.loaded.file
  return { ...material, gate, currentTrials: trials, evalSetName: evalSet.shown }
}
