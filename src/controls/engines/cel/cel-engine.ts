import type { ExprValue } from '../../../expr/value.ts'
import type { PolicyRule } from '../../../schema/policy.ts'
import type { ControlDecision } from '../../control-decision.ts'
import { outputFacts } from '../../output-facts.ts'
import type { PolicyEngine, PolicyQuestion, PolicyStage } from '../../policy-engine.ts'
import { redactSensitive } from '../../sensitive/redact-sensitive.ts'
import { conclude } from './conclude.ts'
import { covers, type PlacedRule, placeRule } from './placed-rule.ts'
import { afterRedaction, asksToRedact, notRedacted, valueSeen, withValue } from './redacted.ts'
import { askRule, type RuleSaid, unanswered } from './rule-said.ts'
import { seenIn } from './seen.ts'
import { variablesFor } from './variables.ts'

interface CelOptions {
  readonly version: string
  /** Whether rules may name `state`: those of the judging policy may. */
  readonly seesState: boolean
}

/** The rules that are asked at one stage, and the variables that any of them names. */
interface StageRules {
  readonly rules: readonly PlacedRule[]
  readonly names: ReadonlySet<string>
}

/** One question to the rules that cover it. */
interface Round extends StageRules {
  readonly question: PolicyQuestion
  readonly version: string
}

type Answer = ControlDecision | undefined

const stages: readonly PolicyStage[] = ['call', 'result', 'reply', 'log']

/**
 * The inline rules of a policy, ready to decide.
 *
 * It answers at once unless a rule needs facts about a text (`output`) or wants one redacted. Of several
 * rules the most restrictive decides. Redaction composes: a text is redacted once, and passes where
 * every rule that covers it allows the redacted form.
 *
 * @throws AgentEvalError (input) when a rule does not compile; the loader reports the same with its
 *   position, so this is the last line of defence and not the first
 */
export function celEngine(
  rules: readonly PolicyRule[],
  { seesState, version }: CelOptions,
): PolicyEngine {
  const placed = rules.flatMap(placeRule)
  const byStage = new Map(stages.map((stage) => [stage, rulesAt(stage, placed, seesState)]))
  return {
    name: 'cel',
    version,
    decide(question) {
      const asked = byStage.get(question.stage)
      const covering = asked?.rules.filter((rule) => covers(rule, question.action)) ?? []
      if (asked === undefined || covering.length === 0) return undefined
      return decide({ ...asked, rules: covering, question, version })
    },
  }
}

function rulesAt(
  stage: PolicyStage,
  placed: readonly PlacedRule[],
  seesState: boolean,
): StageRules {
  const rules = placed.filter((rule) => rule.stage === stage)
  const names = new Set(rules.flatMap((rule) => [...rule.names]))
  if (!seesState) names.delete('state')
  return { rules, names }
}

/** Whatever is thrown on the way denies, for each of the rules that had a say. */
function decide(round: Round): Answer | Promise<Answer> {
  const failed = (thrown: unknown): Answer =>
    conclude(
      round.rules.map((rule) => unanswered(rule, thrown)),
      round.version,
    )
  try {
    if (round.rules.some(needsFacts)) return decideLater(round).catch(failed)
    const said = askAll(round, undefined)
    return said.some(toRedact) ? redact(round, said).catch(failed) : conclude(said, round.version)
  } catch (thrown) {
    return failed(thrown)
  }
}

async function decideLater(round: Round): Promise<Answer> {
  const said = askAll(round, await factsFor(round))
  return said.some(toRedact) ? redact(round, said) : conclude(said, round.version)
}

/** Asks all again about the redacted form, and takes both answers together. */
async function redact(round: Round, before: readonly (RuleSaid | undefined)[]): Promise<Answer> {
  const value = valueSeen(round.question)
  const redacted = value === undefined ? undefined : (await redactSensitive(value)).value
  if (redacted === undefined || redacted === value) {
    return conclude(
      before.map((said) => said && notRedacted(said)),
      round.version,
    )
  }
  const again = { ...round, question: withValue(round.question, redacted) }
  const after = askAll(again, await factsFor(again))
  return conclude(
    before.map((said, index) => afterRedaction(said, after[index])),
    round.version,
    redacted,
  )
}

/** An entry a rule; `undefined` where its `when` does not hold. */
function askAll(
  { names, question, rules }: Round,
  facts: ExprValue | undefined,
): readonly (RuleSaid | undefined)[] {
  const variables = variablesFor(question, names)
  const withOutput = facts === undefined ? variables : { ...variables, output: facts }
  const value = valueSeen(question)
  const seen = value === undefined ? undefined : seenIn(value)
  return rules.map((rule) =>
    rule.seesOutput
      ? askRule(rule, { question, variables: withOutput, seen })
      : askRule(rule, { question, variables, seen: undefined }),
  )
}

/** The facts that any of the rules needs. */
async function factsFor({ question, rules }: Round): Promise<ExprValue | undefined> {
  const value = valueSeen(question)
  const needs = rules.flatMap((rule) => rule.needs ?? [])
  if (value === undefined || needs.length === 0) return undefined
  return outputFacts(value, {
    pii: needs.some(({ pii }) => pii),
    secrets: needs.some(({ secrets }) => secrets),
  })
}

function needsFacts({ needs }: PlacedRule): boolean {
  return needs !== undefined
}

function toRedact(said: RuleSaid | undefined): boolean {
  return said !== undefined && asksToRedact(said)
}
