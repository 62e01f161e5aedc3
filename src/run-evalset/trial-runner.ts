import type { Controls } from '../controls/controls.ts'
import { AgentEvalError } from '../errors.ts'
import { gradeTrial } from '../graders/grade-trial.ts'
import { summariseTrial } from '../graders/summarise-trial.ts'
import type { Journal } from '../replay/journal.ts'
import { runTrial } from '../replay/run-trial.ts'
import type { TrialAgent } from '../replay/trial-agent.ts'
import type { AgentSettings, FinishedTrial, TrialPlan } from '../replay/trial-plan.ts'
import type { Candidate } from '../schema/candidate.ts'
import type { TraceEvent } from '../schema/trace.ts'
import type { TrialLine } from '../schema/trial.ts'
import { formatTrialKey } from '../schema/trial-key.ts'
import type { PlannedTrial } from '../suites/plan-trials.ts'
import { rememberCalls } from '../world/remember-calls.ts'
import { startWorld } from '../world/start-world.ts'
import type { TrialJudge } from './open-judge.ts'
import type { PreparedCase, RunMaterials } from './prepare-case.ts'
import { startUser } from './prepare-user.ts'
import type { RunMeans } from './run-means.ts'
import type { UserSimulator } from './user-simulator.ts'
import { ranOutOfMoney, requireSurroundings } from './why-unfinished.ts'

/** Where the trials of a run leave what they found. */
export interface TrialPorts {
  readonly signal: AbortSignal
  readonly journal: Journal
  readonly onTrial: (line: TrialLine) => void
  /** What to type to go on with the run once its surroundings work again; absent: nobody can. */
  readonly resumeWith?: string
}

/** Everything that the trials of a run share. */
export interface RunnerParts {
  readonly run: string
  readonly materials: RunMaterials
  readonly cases: ReadonlyMap<string, PreparedCase>
  readonly controls: Controls
  readonly simulator: UserSimulator | undefined
  readonly agent: TrialAgent
  readonly judge: TrialJudge
  readonly means: RunMeans | undefined
  readonly ports: TrialPorts
}

/** Trials of a case come round after round: enough for some hundred cases, a few megabytes. */
const rememberedCalls = 4_000

/**
 * Runs one trial at a time: task → trace → votes → grades → one line.
 *
 * An aborted trial, and one whose money ran out half-way, leaves no line: it was not finished, and a
 * resumed run does it again. The runner tells whether there is one.
 *
 * @throws AgentEvalError (evidence) where the surroundings let no trial succeed any more
 */
export function trialRunner(parts: RunnerParts): (trial: PlannedTrial) => Promise<boolean> {
  const { agent, cases, controls, judge, materials, means, ports, run, simulator } = parts
  const { candidate, evalSet, world } = materials
  const settings = agentSettings(candidate)
  const runTool = rememberCalls(evalSet.world, rememberedCalls)

  return async ({ key, seed }) => {
    const prepared = caseOf(cases, key.case)
    const trial = formatTrialKey(key)
    const write = (event: TraceEvent): void => {
      ports.journal.event(key, event)
    }
    const { signal } = ports
    const ended = await runTrial(trialPlan(prepared, { key, seed }), settings, {
      world: startWorld(world, { ...prepared.start, run: runTool }),
      controls,
      agent,
      user: startUser(prepared.user, simulator && { ...simulator, seed, trial }),
      run,
      write,
      signal,
    })
    if (ended.termination === 'aborted') return false
    const finished = await judge.judge(ended, { prepared, trial, seed, signal }, write)
    if (means !== undefined) requireSurroundings(finished.events, means, ports.resumeWith)
    if (signal.aborted || ranOutOfMoney(finished.events)) return false
    const line = lineOf(key, prepared, finished)
    ports.journal.trial(line)
    ports.onTrial(line)
    return true
  }
}

function lineOf(
  key: PlannedTrial['key'],
  { graders, markers }: PreparedCase,
  { events, finalState }: FinishedTrial,
): TrialLine {
  return summariseTrial(key, gradeTrial({ graders, events, finalState, markers }), events)
}

function caseOf(cases: ReadonlyMap<string, PreparedCase>, id: string): PreparedCase {
  const prepared = cases.get(id)
  if (prepared === undefined) throw new AgentEvalError(`no case ${id}`, 'input')
  return prepared
}

function trialPlan(prepared: PreparedCase, trial: PlannedTrial): TrialPlan {
  const { budgets, evalCase, planned, task } = prepared
  return {
    ...trial,
    layer: planned.layer,
    ...(planned.twinOf !== undefined && { twinOf: planned.twinOf }),
    definitionHash: planned.definitionHash,
    task,
    budgets,
    approvers: evalCase.approvers,
    identity: evalCase.identity,
    modelOutageFrom: evalCase.world.model_outage_from,
  }
}

function agentSettings(candidate: Candidate): AgentSettings {
  const { budgets, fallback, identity, name, observability, sampling, stop, versions } = candidate
  return {
    name,
    identity,
    stop,
    sampling,
    versions,
    logFields: observability.log_fields,
    fallback,
    softShare: budgets.soft_share,
    dynamic: budgets.dynamic,
  }
}
