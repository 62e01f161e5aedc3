import { AgentEvalError } from '../../../errors.ts'
import { type Expression, variablesOf } from '../../../expr/expression.ts'
import type { PolicyRule, Surface } from '../../../schema/policy.ts'
import { type OutputNeeds, outputNeeds } from '../../output-facts.ts'
import type { PolicyStage, ProposedAction } from '../../policy-engine.ts'
import { coversTool } from '../../tool-glob.ts'
import { compileIn } from './compile-in.ts'
import type { Demand } from './demand.ts'
import { demandOf } from './demand-of.ts'
import { type CompiledHarm, compileHarm } from './harm.ts'

/** A rule, compiled, at one stage where it is asked. */
export interface PlacedRule {
  readonly rule: PolicyRule
  readonly stage: PolicyStage
  /** Whether it looks at what is said there: the reply, the result, the log line, the arguments. */
  readonly seesOutput: boolean
  readonly when: Expression | undefined
  readonly demand: Demand
  readonly harm: CompiledHarm | undefined
  /** The variables that its expressions name. */
  readonly names: ReadonlySet<string>
  /** What has to be found out of `output` for it; `undefined`: it does not name `output`, or sees none. */
  readonly needs: OutputNeeds | undefined
}

const stageOf: Readonly<Record<Surface, PolicyStage>> = {
  reply: 'reply',
  result: 'result',
  arguments: 'call',
  log: 'log',
}

/**
 * Compiles a rule for every stage where it is asked.
 *
 * `sees` says where. Without it a rule that looks at texts (`never_says`, `domains`) sees the arguments
 * of its tool or, without a tool, the reply; a `condition` that names `output` sees the result of its
 * tool or the reply; every other rule is asked before the call and sees no output.
 *
 * @throws AgentEvalError (input) when an expression or a pattern does not compile, or when a rule for
 *   tools or tiers is to see what belongs to none
 */
export function placeRule(rule: PolicyRule): readonly PlacedRule[] {
  const demand = demandOf(rule)
  const when = rule.when === undefined ? undefined : compileIn(rule, rule.when)
  const harm = compileHarm(rule)
  const expressions = [...demand.expressions, when, harm?.who, harm?.usd].filter(
    (expression) => expression !== undefined,
  )
  const names = new Set(expressions.flatMap(variablesOf))
  const needs = outputNeeds(expressions.map(({ text }) => text))
  return placesOf(rule, demand).map((place) => ({
    rule,
    ...place,
    when,
    demand,
    harm,
    names,
    needs: place.seesOutput && names.has('output') ? needs : undefined,
  }))
}

/** Whether a rule is about this action; what is said to the user and to the log is of no tool. */
export function covers({ rule: { tiers, tool } }: PlacedRule, action?: ProposedAction): boolean {
  if (action === undefined) return true
  if (tool !== undefined && !coversTool(tool, action.tool)) return false
  return tiers === undefined || tiers.includes(action.tier)
}

type Place = Pick<PlacedRule, 'stage' | 'seesOutput'>

function placesOf(rule: PolicyRule, demand: Demand): readonly Place[] {
  const seen = rule.sees ?? seenByDefault(rule, demand)
  if (seen === undefined) return [{ stage: 'call', seesOutput: false }]
  const isOfCalls = rule.tool !== undefined || rule.tiers !== undefined
  if (isOfCalls && seen.some((surface) => surface === 'reply' || surface === 'log')) {
    const message = `policy rule "${rule.id}": replies and log lines belong to no tool and no tier`
    throw new AgentEvalError(message, 'input')
  }
  return [...new Set(seen)].map((surface) => ({ stage: stageOf[surface], seesOutput: true }))
}

function seenByDefault(
  { condition, domains, never_says, tool }: PolicyRule,
  { expressions }: Demand,
): readonly Surface[] | undefined {
  if (never_says !== undefined || domains !== undefined) {
    return tool === undefined ? ['reply'] : ['arguments']
  }
  const namesOutput = expressions.some((one) => variablesOf(one).includes('output'))
  if (condition === undefined || !namesOutput) return undefined
  return tool === undefined ? ['reply'] : ['result']
}
