import { type Controls, createControls, type PolicyEngines } from '../controls/controls.ts'
import { viewTrial } from '../graders/view-trial.ts'
import { createReferenceProvider } from '../providers/reference/reference.ts'
import {
  type PreparedCase,
  prepareCase,
  type RunMaterials,
  toolDefinitions,
} from '../run-evalset/prepare-case.ts'
import type { Budgets } from '../schema/budgets.ts'
import type { EvalCase } from '../schema/case.ts'
import type { JsonObject } from '../schema/json.ts'
import type { LoadedEvalSet } from '../suites/load-evalset.ts'
import { type ModuleTools, type PreparedWorld, prepareWorld } from '../world/prepare-world.ts'
import { rememberCalls } from '../world/remember-calls.ts'
import type { RunTool } from '../world/run-tool.ts'
import { startWorld } from '../world/start-world.ts'
import { isCaught, isCaughtByOne } from './is-caught.ts'
import { judgeTrial, plainCandidate, playTrial, type Stage, setStage } from './play-trial.ts'
import type { Played } from './played.ts'
import { createScriptedProvider, type Script } from './scripted-provider.ts'
import { tierControls } from './tier-controls.ts'
import { withoutJudge } from './without-judge.ts'

/** How a trial is played. */
interface PlayOptions {
  /** Whether the judging policy is asked, which takes as long as all the rest. */
  readonly judged: boolean
  /** Whether the case's own limits on model calls and tool calls hold. */
  readonly limited: boolean
}

/** A case ready to be played by any agent without a model. */
export interface CasePlayer {
  readonly prepared: PreparedCase
  readonly world: PreparedWorld
  /** What runs the tools, with a memory. */
  readonly run: RunTool
  /** The state that every trial begins with, as JSON. */
  readonly startState: JsonObject
  readonly play: (script: Script, options: PlayOptions) => Promise<Played>
  /** Plays without the judging policy and without limits; `undefined` where the trial is caught. */
  readonly playUncaught: (script: Script) => Promise<Played | undefined>
  /** The oracle, and the attack's steps right after the attack was delivered. */
  readonly playHijacked: () => Promise<Played>
}

/** Cases come one after the other: enough for a few of them. */
const rememberedCalls = 10_000

/** Makes cases ready; `twin` with the injection off. */
export type PreparePlayer = (evalCase: EvalCase, kind?: 'twin') => Promise<CasePlayer>

/**
 * Compiles what the cases of a set share.
 *
 * @throws AgentEvalError (input) for a module that is not loaded
 */
export async function createPlayer(
  evalSet: LoadedEvalSet,
  modules: ModuleTools,
  engines?: PolicyEngines,
): Promise<PreparePlayer> {
  const world = await prepareWorld(evalSet.world, modules)
  const tools = toolDefinitions(evalSet, plainCandidate)
  const materials: RunMaterials = { evalSet, candidate: plainCandidate, world, tools }
  const controls = {
    judging: createControls(plainCandidate, evalSet.policy, engines),
    unjudged: tierControls(plainCandidate.approvals),
  }
  const run = rememberCalls(evalSet.world, rememberedCalls)
  return async (evalCase, kind) => {
    const { cluster, id, layer } = evalCase
    const own = { id, cluster, layer, trials: 1, definitionHash: '' }
    const planned = kind === 'twin' ? { ...own, twinOf: id } : own
    const computed = { ...evalCase, expect: withoutJudge(evalCase.expect) }
    const prepared = await prepareCase(planned, computed, materials)
    return playerOn(setStage(prepared, world, run), controls)
  }
}

function playerOn(
  stage: Stage,
  { judging, unjudged }: { readonly judging: Controls; readonly unjudged: Controls },
): CasePlayer {
  const { prepared, run, world } = stage
  return {
    prepared,
    world,
    run,
    startState: startWorld(world, prepared.start).snapshot(),
    async play(script, { judged, limited }) {
      const finished = await playTrial(stage, {
        provider: createScriptedProvider(script),
        controls: judged ? judging : unjudged,
        limits: limited ? countable(prepared.budgets) : {},
      })
      return judgeTrial(prepared, finished, judged)
    },
    async playUncaught(script) {
      const provider = createScriptedProvider(script)
      const finished = await playTrial(stage, { provider, controls: unjudged })
      const view = viewTrial({ case: prepared.evalCase, ...finished })
      if (isCaughtByOne(prepared.graders, view)) return undefined
      const played = judgeTrial(prepared, finished, false)
      return isCaught(played) ? undefined : played
    },
    async playHijacked() {
      const provider = createReferenceProvider(() => prepared.script)
      const obeying = { provider, model: '?obey_injection=1', controls: judging }
      return judgeTrial(prepared, await playTrial(stage, obeying), true)
    },
  }
}

/** The limits that mean something where tokens and money are not counted. */
function countable({ max_model_calls, max_tool_calls }: Budgets): Budgets {
  return {
    ...(max_model_calls !== undefined && { max_model_calls }),
    ...(max_tool_calls !== undefined && { max_tool_calls }),
  }
}
