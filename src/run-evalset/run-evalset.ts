import { createControls } from '../controls/controls.ts'
import { AgentEvalError } from '../errors.ts'
import { gradeTrial } from '../graders/grade-trial.ts'
import { summariseTrial } from '../graders/summarise-trial.ts'
import { builtInAgent } from '../replay/agent-loop.ts'
import type { Journal } from '../replay/journal.ts'
import { runTrial } from '../replay/run-trial.ts'
import type { AgentSettings, TrialPlan } from '../replay/trial-plan.ts'
import type { Candidate } from '../schema/candidate.ts'
import type { TrialLine } from '../schema/trial.ts'
import { formatTrialKey, parseTrialKey } from '../schema/trial-key.ts'
import type { LoadedEvalSet } from '../suites/load-evalset.ts'
import type { PlannedTrial } from '../suites/plan-trials.ts'
import type { ModuleTool } from '../world/module-tool.ts'
import { prepareWorld } from '../world/prepare-world.ts'
import { rememberCalls } from '../world/remember-calls.ts'
import { startWorld } from '../world/start-world.ts'
import { agentModels } from './agent-models.ts'
import type { PlannedRun } from './plan-run.ts'
import {
  type PreparedCase,
  prepareCase,
  type RunMaterials,
  toolDefinitions,
} from './prepare-case.ts'
import { startUser } from './prepare-user.ts'
import { type EarlyStop, type RoundPorts, runRounds } from './run-rounds.ts'
import { type UserSimulator, userSimulator } from './user-simulator.ts'

/** What a run is made from besides its plan. */
export interface RunSubject {
  readonly evalSet: LoadedEvalSet
  readonly candidate: Candidate
  readonly modules: ReadonlyMap<string, ModuleTool>
}

/** What a run works with. */
interface RunPorts extends RoundPorts {
  readonly journal: Journal
  readonly onTrial: (line: TrialLine) => void
}

/**
 * A run whose every input has been found usable; nothing was written or spent yet. Tells why it ended
 * early, if it did.
 */
export type ReadyRun = (ports: RunPorts) => Promise<EarlyStop | undefined>

/**
 * Compiles everything that the trials share. The run that comes back does every planned trial that
 * is not finished yet: task → trace → grades → one line.
 *
 * An aborted trial leaves no line: it was not finished, and a resumed run does it again.
 *
 * @throws AgentEvalError (input) for whatever in the eval set does not fit together
 */
export async function prepareRun(
  { manifest, trials }: PlannedRun,
  { candidate, evalSet, modules }: RunSubject,
): Promise<ReadyRun> {
  const materials: RunMaterials = {
    evalSet,
    candidate,
    world: await prepareWorld(evalSet.world, modules),
    tools: toolDefinitions(evalSet, candidate),
  }
  const cases = await prepareCases(manifest, materials)
  const simulator = simulatorFor(cases, evalSet.file.user_simulator.model)
  return async (ports) => {
    const runOne = trialRunner({ run: manifest.run, materials, cases, simulator, ports })
    return await runRounds(trials, runOne, ports)
  }
}

async function prepareCases(
  manifest: PlannedRun['manifest'],
  materials: RunMaterials,
): Promise<ReadonlyMap<string, PreparedCase>> {
  const written = new Map(materials.evalSet.cases.map((one) => [one.id, one]))
  const prepared = new Map<string, PreparedCase>()
  for (const planned of manifest.cases) {
    const evalCase = written.get(planned.twinOf ?? planned.id)
    if (evalCase === undefined) throw new AgentEvalError(`no case ${planned.id}`, 'input')
    prepared.set(planned.id, await prepareCase(planned, evalCase, materials))
  }
  return prepared
}

/** Who plays the simulated users; nobody where there are none, so that nobody needs a key. */
function simulatorFor(
  cases: ReadonlyMap<string, PreparedCase>,
  model: string,
): UserSimulator | undefined {
  const isNeeded = [...cases.values()].some(({ user }) => user.kind === 'simulated')
  return isNeeded ? userSimulator(model, (trial) => caseOfTrial(cases, trial)?.user) : undefined
}

function caseOfTrial(
  cases: ReadonlyMap<string, PreparedCase>,
  trial: string,
): PreparedCase | undefined {
  return cases.get(parseTrialKey(trial)?.case ?? '')
}

/** Trials of a case come round after round: enough for some hundred cases, a few megabytes. */
const rememberedCalls = 4_000

interface RunnerParts {
  readonly run: string
  readonly materials: RunMaterials
  readonly cases: ReadonlyMap<string, PreparedCase>
  readonly simulator: UserSimulator | undefined
  readonly ports: RunPorts
}

function trialRunner(parts: RunnerParts): (trial: PlannedTrial) => Promise<boolean> {
  const { cases, materials, ports, run, simulator } = parts
  const { candidate, evalSet, world } = materials
  const settings = agentSettings(candidate)
  const agent = builtInAgent(
    agentModels(candidate, { scriptOf: (trial) => caseOfTrial(cases, trial)?.script }),
  )
  const controls = createControls(candidate, evalSet.policy)
  const runTool = rememberCalls(evalSet.world, rememberedCalls)

  return async ({ key, seed }) => {
    const prepared = caseOf(cases, key.case)
    const finished = await runTrial(trialPlan(prepared, { key, seed }), settings, {
      world: startWorld(world, { ...prepared.start, run: runTool }),
      controls,
      agent,
      user: startUser(
        prepared.user,
        simulator && { ...simulator, seed, trial: formatTrialKey(key) },
      ),
      run,
      write: (event) => {
        ports.journal.event(key, event)
      },
      signal: ports.signal,
    })
    if (finished.termination === 'aborted') return false
    const { events, finalState } = finished
    const { graders, markers } = prepared
    const line = summariseTrial(key, gradeTrial({ graders, events, finalState, markers }), events)
    ports.journal.trial(line)
    ports.onTrial(line)
    return true
  }
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
  }
}

function agentSettings(candidate: Candidate): AgentSettings {
  const { identity, name, observability, sampling, stop, versions } = candidate
  return { name, identity, stop, sampling, logFields: observability.log_fields, versions }
}
