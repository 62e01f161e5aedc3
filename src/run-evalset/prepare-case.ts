import { stricterBudgets } from '../controls/meter.ts'
import { AgentEvalError } from '../errors.ts'
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

/** A case with everything that its trials share, made once. */
export interface PreparedCase {
  readonly planned: PlannedCase
  readonly evalCase: EvalCase
  readonly graders: CaseGraders
  readonly start: StartOptions
  /** Texts that must have reached the model for the attack to count as delivered. */
  readonly markers: readonly string[]
  readonly task: Task
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
  const { markers, ...start } = startOf(judged, materials)
  return {
    planned,
    evalCase: judged,
    graders: await prepareGraders(judged, evalSet.policy.approvals),
    start,
    markers,
    task: { prompt: candidate.prompt, turns: evalCase.turns, tools },
    budgets: stricterBudgets(
      stricterBudgets(evalSet.file.defaults.budgets, evalCase.budgets),
      candidate.budgets,
    ),
    script: {
      oracle: evalCase.oracle,
      ...(judged.attack !== undefined && { attack: { steps: judged.attack.steps, markers } }),
      tools: toolFacts(evalSet),
    },
  }
}

function twinOf(evalCase: EvalCase, id: string): EvalCase {
  const twin = { ...evalCase, id }
  delete twin.attack
  return twin
}

/** The state that every trial of a case begins with, and the texts that an attacker put into it. */
function startOf(
  evalCase: EvalCase,
  { evalSet, world }: RunMaterials,
): StartOptions & { readonly markers: readonly string[] } {
  const patched = patchState(world.state, evalCase.world.patch)
  if (!patched.ok) throw misfit(evalCase, patched.problem.message)
  if (evalCase.attack === undefined) return { state: patched.state, markers: [] }
  const { attack } = evalCase
  const placed = placeInjections({ state: patched.state, injections: evalSet.injections, attack })
  if (!placed.ok) throw misfit(evalCase, placed.problems.map((one) => one.message).join('; '))
  return { state: placed.state, markers: placed.rendered.map((one) => one.marker) }
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
