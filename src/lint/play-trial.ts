import type { Controls } from '../controls/controls.ts'
import { gradeTrial } from '../graders/grade-trial.ts'
import type { Provider } from '../providers/provider.ts'
import { builtInAgent } from '../replay/agent-loop.ts'
import { runTrial } from '../replay/run-trial.ts'
import type { AgentSettings, FinishedTrial } from '../replay/trial-plan.ts'
import { openModels } from '../run-evalset/open-models.ts'
import type { PreparedCase } from '../run-evalset/prepare-case.ts'
import { startUser } from '../run-evalset/prepare-user.ts'
import { type UserSimulator, userSimulator } from '../run-evalset/user-simulator.ts'
import type { Budgets } from '../schema/budgets.ts'
import { candidate as candidateSchema } from '../schema/candidate.ts'
import type { PreparedWorld } from '../world/prepare-world.ts'
import type { RunTool } from '../world/run-tool.ts'
import { startWorld } from '../world/start-world.ts'
import type { Played } from './played.ts'

/** Nobody's configuration: no policy, no budget, every tool, and patience with long lists. */
export const plainCandidate = candidateSchema.parse({
  name: 'lint',
  models: { default: 'reference:' },
  stop: { repeats: 1000, max_turns: 1000 },
  versions: { prompt: 'none', policy: 'none' },
})

/** What all trials of a case share. */
export interface Stage {
  readonly prepared: PreparedCase
  readonly world: PreparedWorld
  /** The tier that plays. */
  readonly tier: string
  readonly simulator: UserSimulator | undefined
  readonly run: RunTool
}

/** Who plays, and under which controls. */
interface Playing {
  readonly provider: Provider
  /** What the provider calls the model. */
  readonly model?: string
  readonly controls: Controls
  readonly limits?: Budgets
}

export function setStage(prepared: PreparedCase, world: PreparedWorld, run: RunTool): Stage {
  const { user } = prepared
  return {
    prepared,
    world,
    run,
    // What the case expects to serve it serves it: an agent without a model has no tiers.
    tier: prepared.evalCase.expect.route ?? plainCandidate.model_tier.executor,
    // Without a model too: such a user tells what it is asked for by name.
    simulator:
      user.kind === 'simulated'
        ? userSimulator('reference:', () => user, openModels(undefined))
        : undefined,
  }
}

const settings: AgentSettings = {
  name: plainCandidate.name,
  identity: plainCandidate.identity,
  stop: plainCandidate.stop,
  sampling: plainCandidate.sampling,
  logFields: [],
  versions: plainCandidate.versions,
}

const writesNothing = (): void => undefined
const neverAborted = new AbortController().signal

/** One trial, of which nothing is written down. */
export function playTrial(stage: Stage, playing: Playing): Promise<FinishedTrial> {
  const { prepared, simulator, world } = stage
  const { controls, limits = {}, model = '', provider } = playing
  const { evalCase, task, user } = prepared
  const { approvers, id, identity, layer } = evalCase
  return runTrial(
    {
      key: { case: id, trial: 1, attempt: 1, mode: 'enforce' },
      seed: 0,
      layer,
      definitionHash: '',
      task,
      budgets: limits,
      approvers,
      identity,
    },
    settings,
    {
      world: startWorld(world, { ...prepared.start, run: stage.run }),
      controls,
      agent: builtInAgent({
        executor: { tier: stage.tier, reference: 'reference:', model, provider },
      }),
      user: startUser(user, simulator && { ...simulator, seed: 0, trial: id }),
      run: 'lint',
      write: writesNothing,
      signal: neverAborted,
    },
  )
}

/** The case's judgement of a trial. */
export function judgeTrial(
  { graders, markers }: PreparedCase,
  { events, finalState }: FinishedTrial,
  judged: boolean,
): Played {
  const graded = gradeTrial({ graders, events, finalState, markers })
  const failed =
    graded.outcome === 'fail' ? graded.grades.find((grade) => grade.status === 'fail') : undefined
  return { ...graded, failed, reason: failed?.reason ?? graded.outcomeReason, judged }
}
