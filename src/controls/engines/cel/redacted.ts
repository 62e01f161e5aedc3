import type { JsonObject, JsonValue } from '../../../schema/json.ts'
import { strictest } from '../../control-decision.ts'
import type { PolicyQuestion } from '../../policy-engine.ts'
import type { RuleSaid } from './rule-said.ts'

/** What a rule is asked about: the arguments of a call, or what came back or is to be said. */
export function valueSeen({ action, output, stage }: PolicyQuestion): JsonValue | undefined {
  return stage === 'call' ? action?.args : output
}

/** The same question about another form of what it is about. */
export function withValue(question: PolicyQuestion, value: JsonValue): PolicyQuestion {
  const { action, stage } = question
  if (stage !== 'call' || action === undefined) return { ...question, output: value }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError('redacted arguments are no object')
  }
  return { ...question, action: { ...action, args: value as JsonObject } }
}

/** Whether a rule asks for its texts to be redacted. */
export function asksToRedact({ isBroken, placed }: RuleSaid): boolean {
  return isBroken && placed.rule.on_fail === 'redact' && placed.seesOutput
}

/**
 * What a rule says of something that passes only in its redacted form.
 *
 * A rule that asked for it is content when it holds there or no longer applies; what redaction cannot
 * mend stays denied. Every other rule has to allow both forms: the one that was proposed, and the one
 * that passes.
 *
 * @param before - of what was proposed; `undefined` where the rule did not apply
 * @param after - of the redacted form
 */
export function afterRedaction(
  before: RuleSaid | undefined,
  after: RuleSaid | undefined,
): RuleSaid | undefined {
  if (before === undefined || !asksToRedact(before)) return stricter(before, after)
  const { said } = before
  const isMended = after === undefined || after.said.decision === 'allow'
  if (isMended) {
    return { ...before, said: { ...said, decision: 'modify', reason: `${said.reason}; redacted` } }
  }
  const { error } = after.said
  return {
    ...before,
    said: {
      ...said,
      reason: `${said.reason}, and redaction does not mend it`,
      ...(error !== undefined && { error }),
    },
  }
}

/** Where there is nothing to redact, what asked for it is denied. */
export function notRedacted(said: RuleSaid): RuleSaid {
  if (!asksToRedact(said)) return said
  const reason = `${said.said.reason}, and there is nothing to redact`
  return { ...said, said: { ...said.said, reason } }
}

function stricter(a: RuleSaid | undefined, b: RuleSaid | undefined): RuleSaid | undefined {
  if (a === undefined || b === undefined) return a ?? b
  const decisions = [a, b].map(({ said }) =>
    said.decision === 'observe' ? 'allow' : said.decision,
  )
  return decisions[0] === strictest(decisions) ? a : b
}
