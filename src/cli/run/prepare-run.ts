import path from 'node:path'
import type { PriceList } from '../../providers/prices/price-list.ts'
import { type PlannedRun, planRun } from '../../run-evalset/plan-run.ts'
import type { AskedShard } from '../../run-evalset/plan-shard.ts'
import { prepareRun, type ReadyRun, type RunSubject } from '../../run-evalset/run-evalset.ts'
import type { Candidate } from '../../schema/candidate.ts'
import type { EvalCase } from '../../schema/case.ts'
import type { SkippedRun } from '../../schema/skipped-run.ts'
import { selectCases } from '../../suites/select-cases.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import {
  type Compared,
  comparedWith,
  type JudgingGround,
  judgingGround,
  ungated,
} from '../at-base/judging-ground.ts'
import { type OpenedCandidate, openCandidate } from '../candidate/candidate-file.ts'
import { cassettePlace, type OpenCassette } from '../candidate/cassette-file.ts'
import { type CommandMeans, lowerBudget } from '../candidate/command-means.ts'
import { liveModels } from '../candidate/live-models.ts'
import { loadModuleTools } from '../candidate/module-tools.ts'
import { openEngines } from '../candidate/open-engines.ts'
import { openRunMeans } from '../candidate/open-run-means.ts'
import { servicesUsed } from '../candidate/services-used.ts'
import type { Io } from '../io.ts'
import { lintOf } from '../lint/lint-cache.ts'
import { requireLinted } from '../lint/require-linted.ts'
import { isInCi, writeText } from '../print/write-text.ts'
import { openEvalSet, type Project, type ProjectEvalSet } from '../project.ts'
import { type FinishedBefore, newRun, resumeRun } from '../run-folder/resume-run.ts'
import { partOf } from '../shards/shard.ts'
import { version } from '../version.ts'
import { chooseCases } from './choose-cases.ts'
import { type CostGround, type CostPlan, planCost } from './cost-plan.ts'
import { requireOwnRecordings } from './require-own-recordings.ts'
import { requireProgram } from './require-program.ts'
import { type RunOptions, recordedOptions } from './run-options.ts'
import { skippedFork, withheldKeys } from './skip-fork.ts'

/** What a run is asked for, and where. */
export interface Shell {
  readonly options: RunOptions
  readonly io: Io
  /** What all runs of the command share. */
  readonly command: CommandMeans
  /** The part of each run that this command is to make; absent: all of it. */
  readonly shard?: AskedShard
}

/** A run with everything checked that can be checked without spending. */
export interface PreparedRun extends Compared {
  /** With the rules that hold, which need not be its own. */
  readonly evalSet: ProjectEvalSet
  /** The same of the project file. */
  readonly project: Project
  readonly plan: PlannedRun
  /** What it is made from besides its plan. */
  readonly subject: RunSubject
  readonly ready: ReadyRun
  /** Absolute, and as the user would type it. */
  readonly folder: string
  readonly shown: string
  readonly before: FinishedBefore
  readonly concurrency: number
  readonly cassette: OpenCassette
  readonly cost: CostPlan
  /** A run that may cost more asks first. US dollars. */
  readonly confirmAboveUsd: number
  readonly costGround: CostGround
}

/**
 * Everything of a run that can go wrong without spending: files, selection, baseline, modules.
 *
 * @returns `undefined` where nothing of the set has changed since the commit that was named; a document
 *   that says so where the change comes from a fork, so that a key is kept from it
 * @throws AgentEvalError for whatever does not fit; nothing was written then
 */
export async function prepareCommand(
  project: Project,
  folder: string,
  shell: Shell,
): Promise<PreparedRun | SkippedRun | undefined> {
  const { io, options } = shell
  const own = await openEvalSet(project, folder)
  const ground = options.gate ? await judgingGround(own, project, shell) : ungated(own, project)
  const { evalSet } = ground
  const agent = await openAgent(project, evalSet, shell)
  const output = path.resolve(io.cwd, options.output ?? project.config.output)
  const selection = await chooseCases(options, { project, evalSet, output })
  if (options.changedSince !== undefined && selection.only?.ids.size === 0) {
    writeText(io, `${terminalLine(`${evalSet.shown}: ${selection.only.why}`)}\n`)
    return undefined
  }
  const cases = selectCases(evalSet.loaded.cases, selection)
  const choice = { own, project, ground, agent, cases, output }
  return (await withoutKeys(choice, shell)) ?? prepareChosen(choice, shell)
}

/** What is left to say of a change from a fork that needs a key. */
async function withoutKeys(
  { agent: { candidate }, cases, ground }: Choice,
  shell: Shell,
): Promise<SkippedRun | undefined> {
  const { evalSet, project } = ground
  const { providers } = project.config
  const { loaded } = evalSet
  const asked = liveModels(candidate, loaded)
  const needs = { asked, providers, preset: loaded.file.gate.preset, ground }
  const withheld = await withheldKeys(needs, shell)
  if (withheld === undefined) return undefined
  const services = servicesUsed(candidate, asked, providers)
  const planning = { project, evalSet, candidate, cases, prices: undefined, services }
  return skippedFork(planOf(planning, shell).manifest.provenance, withheld)
}

/** What is to be run, chosen and read. */
interface Choice {
  readonly own: ProjectEvalSet
  readonly project: Project
  readonly ground: JudgingGround
  readonly agent: OpenedCandidate
  readonly cases: readonly EvalCase[]
  /** Absolute. */
  readonly output: string
}

async function prepareChosen(
  { agent, cases, ground, output, own, project }: Choice,
  shell: Shell,
): Promise<PreparedRun> {
  const { io, options } = shell
  const { evalSet } = ground
  const { candidate, folder: agentFolder } = agent
  const mode = options.cassette
  const isDry = options.dryRun === true
  const request = { project: ground.project, evalSet, candidate, mode, isDry }
  if (options.budget === undefined) lowerBudget(shell.command, ground.project)
  const place = cassettePlace(evalSet, candidate.name)
  await requireOwnRecordings(ground, place, { cassette: mode, cwd: io.cwd })
  const { asked, cassette, means } = await openRunMeans(shell.command, request, io)
  const { prices } = means
  const services = servicesUsed(candidate, asked, ground.project.config.providers)
  const planning = { project: ground.project, evalSet, candidate, cases, prices, services }
  const whole = planOf(planning, shell)
  const compared = options.gate ? await comparedWith(ground, whole.manifest, shell) : nothing
  const { baseline } = compared
  const plan = partOf(whole, baseline, shell)
  const opened = await resumeRun(plan.manifest, { output, resume: options.resume, io })
  const continued = { ...plan, manifest: opened.manifest }
  const modules = await loadModuleTools(evalSet)
  const engines = await openEngines(
    { own: agent, evalSet, project: ground.project },
    shell.command.outside,
  )
  const subject = { evalSet: evalSet.loaded, candidate, engines, modules, agentFolder, means }
  const ready = await prepareRun(continued, subject)
  const { before } = opened
  const plans = { candidate, plan: continued, cases: ready.cases, before }
  const costGround = { ...plans, asked, prices, baseline }
  // Last: it plays every case, and what is wrong above needs no playing.
  const figures = requireLinted(evalSet, cases, {
    isAllowed: options.allowUnlinted === true,
    lint: await lintOf(own, ground.project, isInCi(io)),
  })
  return {
    ...{ evalSet, project: ground.project, subject, ready, cassette, costGround },
    ...compared,
    plan: { ...continued, manifest: { ...opened.manifest, lint: figures } },
    folder: opened.folder,
    shown: path.relative(io.cwd, opened.folder),
    before,
    concurrency: options.jobs ?? project.config.concurrency,
    cost: plan.manifest.cases.length === 0 ? costless : planCost(costGround),
    confirmAboveUsd: project.config.money.confirm_above_usd,
  }
}

/** The candidate, and the certainty that its program can be started, where it is one. */
async function openAgent(
  project: Project,
  evalSet: ProjectEvalSet,
  { io, options }: Shell,
): Promise<OpenedCandidate> {
  const opened = await openCandidate(project, evalSet, options)
  const { target } = opened.candidate
  if (target !== undefined) await requireProgram(target, { folder: opened.folder, env: io.env })
  return opened
}

interface Planning {
  readonly project: Project
  readonly evalSet: ProjectEvalSet
  readonly candidate: Candidate
  readonly cases: readonly EvalCase[]
  readonly prices: PriceList | undefined
  readonly services: Readonly<Record<string, string>>
}

function planOf(
  { candidate, cases, evalSet, prices, project, services }: Planning,
  { io, options, shard }: Shell,
): PlannedRun {
  const createdAt = io.today()
  return planRun({
    run: newRun(evalSet.id, createdAt),
    createdAt,
    toolVersion: version,
    evalSet: evalSet.loaded,
    cases,
    candidate,
    trials: options.trials,
    maxTrials: options.maxTrials,
    // Shards make no rounds together.
    isGated: options.gate && shard === undefined,
    projectTrials: project.config.trials,
    seed: options.seed ?? project.config.seed,
    mode: options.mode,
    baselineFile: path.relative(io.cwd, evalSet.baselineFile),
    prices: prices?.version,
    services,
    ...moneyFacts(project),
    options: recordedOptions(options),
  })
}

function moneyFacts({ config }: Project): Pick<Parameters<typeof planRun>[0], 'money'> {
  const { human_usd_per_hour: humanUsdPerHour, tasks_per_month: tasksPerMonth } = config.money
  if (humanUsdPerHour === undefined && tasksPerMonth === undefined) return {}
  return {
    money: {
      ...(tasksPerMonth !== undefined && { tasksPerMonth }),
      ...(humanUsdPerHour !== undefined && { humanUsdPerHour }),
    },
  }
}

/** A shard without a case: there are more shards than cases. */
const costless: CostPlan = { unpriced: [] }

/** What a run that decides nothing is compared with. */
const nothing: Compared = { baseline: undefined }
