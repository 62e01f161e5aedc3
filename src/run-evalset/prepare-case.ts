import { stricterBudgets } from '../controls/meter.ts'
import { AgentEvalError } from '../errors.ts'
import { judgedApprovals } from '../graders/approved.ts'
import { type CaseGraders, prepareGraders } from '../graders/prepare-graders.ts'
import type { ReferenceScript } from '../providers/reference/plan.ts'
import type { Candidate } from '../schema/candidate.ts'
import type { EvalCase } from '../schema/case.ts'
import type { Task, ToolDefinition } from '../schema/message.ts'
import type { PlannedCase } from '../schema/run-manifest.ts'
import type { LoadedEvalSet } from '../suites/load-evalset.ts'
import { placeInjections } from '../world/inject.ts'
import { patchState } from '../world/patch-state.ts'
import type { PreparedWorld } from '../world/prepare-world.ts'
import type { StartOptions } from '../world/start-world.ts'
import { type PreparedUser, prepareUser } from './prepare-user.ts'

/** A case with everything that its trials share, made once. */
export interface PreparedCase {
  readonly planned: PlannedCase
  readonly evalCase: EvalCase
  readonly graders: CaseGraders
  readonly start: StartOptions
  /** Texts that must have reached the model for the attack to count as delivered. */
  readonly markers: readonly string[]
  readonly task: Task
  readonly user: PreparedUser
  readonly budgets: ReturnType<typeof stricterBudgets>
  readonly script: ReferenceScript
}

export interface RunMaterials {
  readonly evalSet: LoadedEvalSet
  readonly candidate: Candidate
  readonly world: PreparedWorld
  readonly tools: readonly ToolDefinition[]
}

/**
 * Makes a planned case ready to run. A benign twin is the same case with the injection off: same
 * task, same expectations, nothing planted.
 */
export async function prepareCase(
  planned: PlannedCase,
  evalCase: EvalCase,
  materials: RunMaterials,
): Promise<PreparedCase> {
  const { candidate, evalSet, tools } = materials
  const judged = planned.twinOf === undefined ? evalCase : twinOf(evalCase, planned.id)
  const { markers, turnTexts, ...start } = startOf(judged, materials)
  const task = taskOf(judged, { prompt: candidate.prompt, tools, turnTexts })
  return {
    planned,
    evalCase: judged,
    graders: await prepareGraders(
      judged,
      judgedApprovals(evalSet.policy),
      evalSet.judge?.yardstick,
    ),
    start,
    markers,
    task,
    user: prepareUser(judged, task),
    budgets: stricterBudgets(
      stricterBudgets(evalSet.file.defaults.budgets, evalCase.budgets),
      candidate.budgets,
    ),
    script: {
      oracle: evalCase.oracle,
      route: evalCase.expect.route ?? candidate.model_tier.executor,
      ...(judged.attack !== undefined && { attack: { steps: judged.attack.steps, markers } }),
      tools: toolFacts(evalSet),
    },
  }
}

/** What the agent is given, with what an attacker put into the user's own messages. */
function taskOf(
  evalCase: EvalCase,
  {
    turnTexts,
    ...given
  }: Pick<Task, 'prompt' | 'tools'> & { readonly turnTexts: ReadonlyMap<number, string> },
): Task {
  const { fallback, input, turns } = evalCase
  for (const turn of turnTexts.keys()) {
    if (turn > turns.length) throw misfit(evalCase, `there is no turn ${turn} to attack`)
  }
  return {
    ...given,
    turns: turns.map((turn, index) => {
      const text = turnTexts.get(index + 1)
      return text === undefined ? turn : { ...turn, say: `${turn.say}\n\n${text}` }
    }),
    ...(fallback !== undefined && { fallback }),
    ...(input !== undefined && { input }),
  }
}

function twinOf(evalCase: EvalCase, id: string): EvalCase {
  const twin = { ...evalCase, id }
  delete twin.attack
  return twin
}

/** What every trial of a case begins with, and where an attacker's texts are besides. */
interface CaseStart extends StartOptions {
  /** Texts that must have reached the model for the attack to count as delivered. */
  readonly markers: readonly string[]
  /** What is to be appended to the user's messages; the opening message is turn 1. */
  readonly turnTexts: ReadonlyMap<number, string>
}

function startOf(evalCase: EvalCase, { evalSet, world }: RunMaterials): CaseStart {
  const { faults, patch } = evalCase.world
  const patched = patchState(world.state, patch)
  if (!patched.ok) throw misfit(evalCase, patched.problem.message)
  const { state } = patched
  const { attack } = evalCase
  if (attack === undefined) return { state, faults, markers: [], turnTexts: new Map() }
  const placed = placeInjections({ state, injections: evalSet.injections, attack })
  if (!placed.ok) throw misfit(evalCase, placed.problems.map((one) => one.message).join('; '))
  const { answers: poison, rendered, turnTexts } = placed
  return {
    state: placed.state,
    faults,
    poison,
    markers: rendered.map((one) => one.marker),
    turnTexts,
  }
}

function misfit(evalCase: EvalCase, problem: string): AgentEvalError {
  return new AgentEvalError(`case ${evalCase.id}: ${problem}`, 'input')
}

/** What the model is told: the tools on the candidate's allowlist, or all. */
export function toolDefinitions(
  evalSet: LoadedEvalSet,
  candidate: Candidate,
): readonly ToolDefinition[] {
  const allowed = candidate.tools.allowlist
  return Object.entries(evalSet.world.tools)
    .filter(([name]) => allowed?.includes(name) ?? true)
    .map(([name, tool]) => ({ name, description: tool.description, input: tool.input }))
}

function toolFacts(evalSet: LoadedEvalSet): ReferenceScript['tools'] {
  return new Map(
    Object.entries(evalSet.world.tools).map(([name, { effect, idempotency }]) => [
      name,
      { effect, ...(idempotency !== undefined && { idempotency }) },
    ]),
  )
}
