import path from 'node:path'
import { ruleChange } from '../../gate/rule-words.ts'
import { stricterGate } from '../../gate/stricter-gate.ts'
import { type CasesAt, stricterStanding } from '../../gate/stricter-standing.ts'
import { type Yardstick, yardstickChanges } from '../../gate/yardstick-changes.ts'
import type { EvalSetFile } from '../../schema/evalset.ts'
import { type ProjectConfig, projectConfig } from '../../schema/project.ts'
import { droppedSet, type RuleChange } from '../../schema/verdict-findings.ts'
import type { LoadedEvalSet } from '../../suites/load-evalset.ts'
import type { BaseCommit } from '../git/merge-base.ts'
import type { Project, ProjectEvalSet } from '../project.ts'
import { candidateChanges } from './candidate-changes.ts'
import { type EvalSetAtBase, type ProjectAtBase, projectAtBase } from './evalset-at-base.ts'
import { goneSets } from './gone-sets.ts'
import { judgeAtBase } from './judge-at-base.ts'
import { moneyAtBase } from './money-at-base.ts'
import { policiesAtBase } from './policies-at-base.ts'
import { servicesAtBase } from './services-at-base.ts'

export interface RulesRequest {
  readonly evalSet: ProjectEvalSet
  readonly project: Project
  /** As `--config` names it. */
  readonly configFile: string | undefined
  /** What the command line says itself, so that no file decides it. */
  readonly given: Readonly<Record<'trials' | 'seed' | 'candidate' | 'budget', boolean>>
  readonly base: BaseCommit
}

/** By which rules a change is judged. */
export interface RulesInForce {
  /** The eval set with the gate and the standing of cases that hold, which need not be its own. */
  readonly evalSet: ProjectEvalSet
  /** With the seed and the budget that hold. */
  readonly project: Project
  /** As it stood at the base; absent where the base has no such eval set. */
  readonly atBase: EvalSetAtBase | undefined
  readonly changes: readonly RuleChange[]
  /** Ids of eval sets that the base runs and this tree does not. */
  readonly goneSets: readonly string[]
  /** What a reader should know of how the rules were found. */
  readonly advice: readonly string[]
}

/**
 * The rules of a change: of each the stricter one of base and tree, until the change is merged.
 *
 * An eval set that the base does not have brings its own rules: there is nothing to loosen. One whose
 * cases do not load there keeps the gate of the base, and how its cases stood is not known: the
 * baseline still knows which of them counted, and none is tried less often than was usual there.
 *
 * @throws AgentEvalError (input) where the base's rules exist and cannot be read; (usage) where this
 *   project runs two eval sets under one name
 */
export async function rulesInForce(request: RulesRequest): Promise<RulesInForce> {
  const { base, configFile = 'agent-eval.yaml', evalSet, project } = request
  const before = await projectAtBase({
    cwd: project.cwd,
    base,
    id: evalSet.id,
    folder: path.relative(project.cwd, evalSet.folder),
    configFile,
  })
  const { evalSet: atBase } = before
  const ofProject = await projectRules(request, before)
  if (atBase === undefined) {
    const why = `${base.name} has no eval set "${evalSet.id}": its own rules decide`
    return { ...ofProject, evalSet, atBase, advice: [why] }
  }
  const gate = stricterGate(atBase.file.gate, evalSet.loaded.file.gate)
  const standing = standingOf(request, atBase, before.config)
  const ofCandidate = request.given.candidate ? [] : await candidateChanges(request, atBase)
  const ofJudge = evalSet.loaded.judge && judgeAtBase(evalSet.loaded.judge, atBase.loaded?.judge)
  const loaded = {
    ...evalSet.loaded,
    file: { ...evalSet.loaded.file, gate: gate.gate },
    cases: standing.cases,
    ...(ofJudge !== undefined && { judge: ofJudge.judge }),
  }
  return {
    ...ofProject,
    evalSet: { ...evalSet, loaded },
    atBase,
    changes: [
      ...ofProject.changes,
      ...ofCandidate,
      ...gate.changes,
      ...standing.changes,
      ...(ofJudge?.changes ?? []),
    ],
    advice: standing.advice,
  }
}

/** What `agent-eval.yaml` decides: the seed, what a run may cost, and which eval sets are run. */
async function projectRules(
  { evalSet, given, project }: RulesRequest,
  { config, evalSet: atBase, sets }: ProjectAtBase,
): Promise<Pick<RulesInForce, 'project' | 'changes' | 'goneSets'>> {
  const gone = await goneSets(sets, { evalSet, project })
  const dropped = gone.flatMap(({ folder, id }) => {
    const base = id === undefined ? folder : `${id} in ${folder}`
    return ruleChange(droppedSet, { base, here: undefined }, 'change')
  })
  // Where the base has the set and no project file, it was run with the usual seed.
  const own = project.config.seed
  const usual = atBase === undefined ? own : projectConfig.shape.seed.parse(undefined)
  const seed = given.seed ? own : (config?.seed ?? usual)
  const services =
    config === undefined || atBase === undefined
      ? { providers: project.config.providers, changes: [] }
      : servicesAtBase(evalSet.loaded, project.config.providers, config.providers)
  const { providers } = services
  const { money } = project.config
  const ofMoney =
    config === undefined || given.budget ? { money, changes: [] } : moneyAtBase(money, config.money)
  const { changes: ofPolicies, policies } = policiesAtBase(project.config, config)
  const inForce = { ...project.config, seed, providers, money: ofMoney.money, policies }
  return {
    project: { ...project, config: inForce },
    changes: [
      ...dropped,
      ...ruleChange('seed', { base: seed, here: own }, 'base'),
      ...services.changes,
      ...ofMoney.changes,
      ...ofPolicies,
    ],
    goneSets: gone.map(({ folder, id }) => id ?? folder),
  }
}

interface Standing extends Pick<RulesInForce, 'changes' | 'advice'> {
  readonly cases: LoadedEvalSet['cases']
}

function standingOf(
  { base, evalSet, given, project }: RulesRequest,
  { file, loaded: before }: EvalSetAtBase,
  config: ProjectConfig | undefined,
): Standing {
  const { loaded } = evalSet
  const defaultTrials = trialsOf(file, config)
  const rules = { areTrialsGiven: given.trials, slices: file.gate.slices }
  const here = casesOf(loaded, trialsOf(loaded.file, project.config))
  if (before === undefined) {
    const why = `the cases of "${evalSet.id}" do not load at ${base.name}: which of them gated there is known from the baseline only, and none is tried less than the ${defaultTrials} times that are usual there`
    return { ...stricterStanding(asUsual(here, defaultTrials), here, rules), advice: [why] }
  }
  const standing = stricterStanding(casesOf(before, defaultTrials), here, rules)
  return {
    cases: standing.cases,
    changes: [...standing.changes, ...yardstickChanges(yardstickOf(before), yardstickOf(loaded))],
    advice: [],
  }
}

/** The cases of the tree, as if each of them had stood at the base with the usual trials. */
function asUsual({ cases, definitions }: CasesAt, defaultTrials: number): CasesAt {
  const usual = cases.map((one) => ({
    ...one,
    trials: Math.max(defaultTrials, one.trials ?? defaultTrials),
  }))
  return { cases: usual, definitions, defaultTrials }
}

function trialsOf({ defaults }: EvalSetFile, config: ProjectConfig | undefined): number {
  return config?.trials ?? defaults.trials
}

function casesOf({ cases, definitions }: LoadedEvalSet, defaultTrials: number): CasesAt {
  return { cases, definitions, defaultTrials }
}

function yardstickOf({ file, policy, policyFiles, world }: LoadedEvalSet): Yardstick {
  return { policy, policyFiles, world, budgets: file.defaults.budgets }
}
