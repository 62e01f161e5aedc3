import { type Candidate, candidate as candidateSchema } from '../schema/candidate.ts'
import type { EvalCase } from '../schema/case.ts'
import type { GateSelfTest } from '../schema/gate-check.ts'
import type { LoadedEvalSet } from '../suites/load-evalset.ts'
import { selectCases } from '../suites/select-cases.ts'
import { sha256 } from '../text/hash.ts'
import type { ModuleTools } from '../world/prepare-world.ts'
import { type PlannedRun, planRun } from './plan-run.ts'
import type { RunSubject } from './run-evalset.ts'
import { decidingOnly } from './run-in-memory.ts'
import { cleanReference, type Fault, faultsFor } from './self-test-faults.ts'

/** What a self-test is made from. */
export interface SelfTestInput {
  readonly evalSet: LoadedEvalSet
  readonly modules: ModuleTools
  /** The eval set's own candidate, if it names one: its tiers may be what a case asks for. */
  readonly candidate: Candidate | undefined
  /** Of each case. */
  readonly trials: number
  readonly seed: number
  readonly toolVersion: string
}

/** One agent without a model, ready to be played. */
export interface SelfTestPlan {
  readonly fault: Fault
  readonly plan: PlannedRun
  readonly subject: RunSubject
}

export interface SelfTestArms {
  readonly baseline: SelfTestPlan
  /** The clean reference once more, then every fault. */
  readonly arms: readonly SelfTestPlan[]
  readonly notTried: GateSelfTest['notTried']
  readonly cases: number
  readonly attacks: number
}

/** Enough to see that all trials of a case are alike. */
const trialsToBeSure = 2

/**
 * Everything that a self-test will play. Each arm has seeds of its own, so that no two share a draw.
 *
 * @throws AgentEvalError (usage) when the set has no case that gates
 */
export function planSelfTest(input: SelfTestInput): SelfTestArms {
  const { evalSet } = input
  const cases = selectCases(evalSet.cases, {}).filter(({ status }) => status === 'active')
  const attacked = cases.filter(({ attack }) => attack !== undefined)
  const tested = { cases, world: evalSet.world, gate: evalSet.file.gate }
  const { faults, notTried } = faultsFor(tested)
  // Nobody else than an attacked agent can obey.
  const casesOf = ({ id }: Fault): readonly EvalCase[] => (id === 'obeys' ? attacked : cases)
  return {
    baseline: preparePlan(input, cleanReference, { name: 'baseline', cases }),
    arms: [cleanReference, ...faults].map((fault) =>
      preparePlan(input, fault, { name: fault.id, cases: casesOf(fault) }),
    ),
    notTried,
    cases: cases.length,
    attacks: attacked.length,
  }
}

function preparePlan(
  input: SelfTestInput,
  fault: Fault,
  { cases, name }: { readonly name: string; readonly cases: readonly EvalCase[] },
): SelfTestPlan {
  const evalSet = withoutModel(input.evalSet)
  const candidate = playedBy(input, fault.model)
  const plan = planRun({
    run: `self-test-${name}`,
    createdAt: '',
    toolVersion: input.toolVersion,
    evalSet,
    cases,
    candidate,
    trials: fault.isCertain ? trialsToBeSure : input.trials,
    seed: seedOf(input.seed, name),
    mode: 'enforce',
    options: {},
  })
  return {
    fault,
    plan: decidingOnly(plan),
    subject: { evalSet, candidate, modules: input.modules },
  }
}

/** Users without a model too: a self-test costs nothing and gives the same answer every time. */
function withoutModel(evalSet: LoadedEvalSet): LoadedEvalSet {
  return { ...evalSet, file: { ...evalSet.file, user_simulator: { model: 'reference:' } } }
}

function seedOf(seed: number, arm: string): number {
  return Number.parseInt(sha256(`${seed}/self-test/${arm}`).slice(0, 8), 16)
}

/**
 * The reference provider without any control of its own: what is asked is what the gate sees, not
 * what an agent's own policy would have stopped.
 */
function playedBy({ candidate, evalSet }: SelfTestInput, model: string): Candidate {
  const { executor, router, routes = {} } = candidate?.model_tier ?? { executor: 'default' }
  const tiers = [executor, ...(router === undefined ? [] : [router]), ...Object.keys(routes)]
  return candidateSchema.parse({
    name: 'reference',
    model_tier: candidate?.model_tier,
    models: Object.fromEntries(tiers.map((tier) => [tier, model])),
    // As many as the judging policy asks for, or the oracle itself would break a rule.
    approvals: evalSet.policy.approvals,
    versions: { prompt: 'none', policy: 'none' },
  })
}
