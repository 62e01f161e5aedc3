import { AgentEvalError } from '../errors.ts'
import type { Candidate } from '../schema/candidate.ts'
import type { RuleDecision } from '../schema/control-events.ts'
import { asJson, type JsonObject, type JsonValue } from '../schema/json.ts'
import type { ApprovalRules, JudgingPolicy, PolicyRule } from '../schema/policy.ts'
import { hashOf } from '../text/hash.ts'
import { approvalRule, reviewRule } from './approvals.ts'
import { type ControlDecision, single, strictest } from './control-decision.ts'
import { celEngine } from './engines/cel/cel-engine.ts'
import { identityRules } from './identity.ts'
import type { PolicyEngine, PolicyQuestion } from './policy-engine.ts'

/** Engines besides the inline rules, opened before the first trial. */
export interface PolicyEngines {
  readonly own: readonly PolicyEngine[]
  readonly judging: readonly PolicyEngine[]
}

/** The candidate's own controls, which are enforced, and the eval set's, which only judge. */
export interface Controls {
  /** Whether the candidate may use a tool at all; `undefined` when it may. Needs no arguments. */
  readonly decideTool: (tool: string) => ControlDecision | undefined
  /** Everything the candidate's configuration says, one entry a control. */
  readonly decide: (question: PolicyQuestion) => Promise<readonly ControlDecision[]>
  /** What the organisation's rules say: recorded, never enforced. */
  readonly judge: (question: PolicyQuestion) => Promise<readonly ControlDecision[]>
  /** Whether any rule sees the agent's own log. */
  readonly readsLog: boolean
  readonly approvals: ApprovalRules
}

const noEngines: PolicyEngines = { own: [], judging: [] }

/**
 * Makes the controls of one run from the candidate's configuration and the judging policy.
 *
 * @throws AgentEvalError (input) when an inline rule does not compile; the loader reports the same with
 *   its position, so this is the last line of defence and not the first
 */
export function createControls(
  candidate: Candidate,
  judging: JudgingPolicy,
  engines: PolicyEngines = noEngines,
): Controls {
  requireOpened(candidate.policy, engines.own)
  requireOpened(judging, engines.judging)
  const own = [
    celEngine(candidate.policy.rules, { version: candidate.versions.policy, seesState: false }),
    ...engines.own,
  ]
  const rules = celEngine(judging.rules, { version: hashOf(asJson(judging)), seesState: true })
  const decideTool = allowlistOf(candidate)
  return {
    approvals: candidate.approvals,
    readsLog:
      [...candidate.policy.rules, ...judging.rules].some(seesLog) || logged(candidate, judging),
    decideTool,
    async decide(question) {
      const { action } = question
      const notAllowed = question.stage === 'call' && action && decideTool(action.tool)
      if (notAllowed) return [notAllowed]
      return [
        ...asControl('identity', identityRules(question)),
        ...(await askEngines(own, question)),
        ...asControl('tier', tierRules(candidate, question)),
      ]
    },
    async judge(question) {
      const granted = { ...question, context: grantedContext(judging, question) }
      const byRules = await rules.decide(granted)
      const builtIn = [...identityRules(granted), ...approvalRules(judging, granted)]
      const byEngines = await askEngines(engines.judging, granted)
      return [...together(byRules, builtIn), ...byEngines].map(asJudging)
    },
  }
}

/** A policy that is named and not opened would let everything pass without a word. */
function requireOpened(
  sections: Pick<JudgingPolicy, 'cedar' | 'opa'>,
  engines: readonly PolicyEngine[],
): void {
  for (const name of ['opa', 'cedar'] as const) {
    if (sections[name] === undefined || engines.some((engine) => engine.name === name)) continue
    throw new AgentEvalError(`the policy names an engine that was not opened: ${name}`, 'input')
  }
}

function allowlistOf({ tools }: Candidate): Controls['decideTool'] {
  const allowlist = tools.allowlist === undefined ? undefined : new Set(tools.allowlist)
  return (tool) => {
    if (allowlist === undefined || allowlist.has(tool)) return undefined
    const reason = `${tool} is not on this agent's allowlist`
    return single('allowlist', 'deny', { id: 'tools.allowlist', reason })
  }
}

/**
 * Asks one engine after the other; each sees what those before it have changed. All are asked, also
 * after a denial: the trace shows what each of them says.
 */
async function askEngines(
  engines: readonly PolicyEngine[],
  question: PolicyQuestion,
): Promise<readonly ControlDecision[]> {
  const decisions: ControlDecision[] = []
  let asked = question
  for (const engine of engines) {
    const answer = engine.decide(asked)
    const said = answer instanceof Promise ? await answer : answer
    if (said === undefined) continue
    decisions.push(said)
    if (said.modified !== undefined) asked = changed(asked, said.modified)
  }
  return decisions
}

function changed(question: PolicyQuestion, modified: JsonValue): PolicyQuestion {
  const { action, stage } = question
  if (stage !== 'call' || action === undefined) return { ...question, output: modified }
  return { ...question, action: { ...action, args: modified as JsonObject } }
}

function tierRules(candidate: Candidate, question: PolicyQuestion): readonly RuleDecision[] {
  const { action, context, stage } = question
  if (stage !== 'call' || action === undefined) return []
  const { approvals } = candidate
  return [
    approvalRule(approvals, action),
    reviewRule(approvals.review_share, action, context),
  ].filter((rule) => rule !== undefined)
}

function approvalRules(
  { approvals }: JudgingPolicy,
  { action, stage }: PolicyQuestion,
): readonly RuleDecision[] {
  const rule = stage === 'call' && action ? approvalRule(approvals, action) : undefined
  return rule === undefined ? [] : [rule]
}

/** What the organisation grants to the agent beats what the agent says of itself. */
function grantedContext(
  { identity }: JudgingPolicy,
  { context }: PolicyQuestion,
): PolicyQuestion['context'] {
  if (identity === undefined) return context
  const granted = Object.entries(identity).filter(([, value]) => value !== undefined)
  return { ...context, agent: { ...context.agent, ...Object.fromEntries(granted) } }
}

function asControl(
  source: ControlDecision['source'],
  rules: readonly RuleDecision[],
): readonly ControlDecision[] {
  return rules.length === 0 ? [] : [{ source, decision: strictestOf(rules), rules }]
}

/** One entry for all that is judged by inline rules and by the rules that are built in. */
function together(
  decided: ControlDecision | undefined,
  builtIn: readonly RuleDecision[],
): readonly ControlDecision[] {
  if (decided === undefined) return asControl('judging', builtIn)
  const decision = strictest([decided.decision, strictestOf(builtIn)])
  return [{ ...decided, decision, rules: [...decided.rules, ...builtIn] }]
}

/** Judging changes nothing: what a rule would redact is a violation like what it denies. */
function asJudging(said: ControlDecision): ControlDecision {
  const judging: { -readonly [K in keyof ControlDecision]: ControlDecision[K] } = {
    ...said,
    source: 'judging',
  }
  delete judging.fallback
  delete judging.modified
  return judging
}

function strictestOf(rules: readonly RuleDecision[]): ControlDecision['decision'] {
  return strictest(rules.flatMap(({ decision }) => (decision === 'observe' ? [] : [decision])))
}

function seesLog({ sees }: PolicyRule): boolean {
  return sees?.includes('log') === true
}

function logged(candidate: Candidate, judging: JudgingPolicy): boolean {
  return [candidate.policy.opa, judging.opa].some((opa) => opa?.stages.includes('log') === true)
}
