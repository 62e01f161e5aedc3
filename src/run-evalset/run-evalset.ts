import { createControls, type PolicyEngines } from '../controls/controls.ts'
import { AgentEvalError } from '../errors.ts'
import type { Candidate } from '../schema/candidate.ts'
import { parseTrialKey } from '../schema/trial-key.ts'
import type { LoadedEvalSet } from '../suites/load-evalset.ts'
import type { ModuleTool } from '../world/module-tool.ts'
import { prepareWorld } from '../world/prepare-world.ts'
import { holdSpoiled } from './hold-spoiled.ts'
import { agentOpener } from './open-agent.ts'
import { type JudgeStart, openJudge } from './open-judge.ts'
import { type Models, openModels } from './open-models.ts'
import type { PlannedRun } from './plan-run.ts'
import {
  type PreparedCase,
  prepareCase,
  type RunMaterials,
  toolDefinitions,
} from './prepare-case.ts'
import type { RunMeans } from './run-means.ts'
import { type EarlyStop, type RoundPorts, runRounds } from './run-rounds.ts'
import { type TrialPorts, trialRunner } from './trial-runner.ts'
import { type UserSimulator, userSimulator } from './user-simulator.ts'

/** What a run is made from besides its plan. */
export interface RunSubject {
  readonly evalSet: LoadedEvalSet
  readonly candidate: Candidate
  readonly modules: ReadonlyMap<string, ModuleTool>
  /** Absolute folder of the candidate file, where its agent is a program of its own. */
  readonly agentFolder?: string
  /** Opened policy engines of the candidate and of the eval set; absent: neither names any. */
  readonly engines?: PolicyEngines | undefined
  /** Absent: only the reference provider can be asked. */
  readonly means?: RunMeans
}

/** What a run works with. */
type RunPorts = RoundPorts &
  TrialPorts & {
    /** Told how the judge was found before the first trial. */
    readonly onJudge?: (start: JudgeStart) => void
  }

/**
 * A run whose every input has been found usable; nothing was written or spent yet. Tells why it ended
 * early, if it did.
 */
export interface ReadyRun {
  readonly run: (ports: RunPorts) => Promise<EarlyStop | undefined>
  /** The cases as they will run, by id. */
  readonly cases: ReadonlyMap<string, PreparedCase>
}

/**
 * Compiles everything that the trials share. The run that comes back does every planned trial that
 * is not finished yet.
 *
 * @throws AgentEvalError (input) for whatever in the eval set does not fit together
 * @throws AgentEvalError (usage) for a model that cannot be asked
 */
export async function prepareRun(
  { manifest, trials }: PlannedRun,
  subject: RunSubject,
): Promise<ReadyRun> {
  const { agentFolder: folder, candidate, engines, evalSet, means, modules } = subject
  const controls = createControls(candidate, evalSet.policy, engines)
  const materials: RunMaterials = {
    evalSet,
    candidate,
    world: await prepareWorld(evalSet.world, modules),
    tools: toolDefinitions(evalSet, candidate),
  }
  const cases = await prepareCases(manifest, materials)
  const models = openModels(means)
  const simulator = simulatorFor(cases, evalSet.file.user_simulator.model, models)
  const judge = openJudge(evalSet, cases.values(), {
    candidate,
    models,
    redactor: means?.redactor,
  })
  const openAgent = agentOpener(candidate, {
    means,
    models,
    folder,
    scriptOf: (trial) => caseOfTrial(cases, trial)?.script,
  })
  const { run } = manifest
  const shared = { run, materials, cases, controls, simulator, judge, means }
  return {
    cases,
    async run(ports) {
      await models.load()
      const { agent, close } = await openAgent()
      try {
        ports.onJudge?.(await judge.start(ports.signal))
        return await runHeld(trials, ports, (held) =>
          trialRunner({ ...shared, agent, ports: held }),
        )
      } finally {
        await close()
      }
    },
  }
}

/** A look of the gate sees every trial that has ended; so does whoever reads the run at its end. */
async function runHeld(
  trials: PlannedRun['trials'],
  ports: RunPorts,
  runner: (ports: TrialPorts) => ReturnType<typeof trialRunner>,
): Promise<EarlyStop | undefined> {
  const journal = holdSpoiled(ports.journal)
  const { looks } = ports
  const goesOn = async (rounds: number): Promise<boolean> => {
    journal.release()
    return looks === undefined || looks.goesOn(rounds)
  }
  const stopped = await runRounds(trials, runner({ ...ports, journal }), {
    ...ports,
    ...(looks !== undefined && { looks: { ...looks, goesOn } }),
  })
  // Whoever interrupts a run because a service is down wants these again.
  if (!ports.signal.aborted) journal.release()
  return stopped
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
  models: Models,
): UserSimulator | undefined {
  const isNeeded = [...cases.values()].some(({ user }) => user.kind === 'simulated')
  return isNeeded
    ? userSimulator(model, (trial) => caseOfTrial(cases, trial)?.user, models)
    : undefined
}

function caseOfTrial(
  cases: ReadonlyMap<string, PreparedCase>,
  trial: string,
): PreparedCase | undefined {
  return cases.get(parseTrialKey(trial)?.case ?? '')
}
