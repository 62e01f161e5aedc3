import { civilFromDays, daysFromCivil } from '../expr/civil-time.ts'
import type { RuleDecision } from '../schema/control-events.ts'
import type { ActionContext, PolicyQuestion, ProposedAction } from './policy-engine.ts'

/**
 * What an agent's identity says of a call: it has expired, lacks the scope that the tool needs, or
 * belongs to another tenant than the record.
 *
 * A rule speaks only where it has something to compare: nobody has limited an agent whose scopes are
 * not known, and a tool that declares nothing needs nothing. What is declared and cannot be told
 * denies, with `error` set.
 */
export function identityRules({ action, context, stage }: PolicyQuestion): readonly RuleDecision[] {
  if (stage !== 'call' || action === undefined) return []
  return [expiryRule(context), scopeRule(action, context), tenantRule(action, context)].filter(
    (rule) => rule !== undefined,
  )
}

function expiryRule({ agent: { expires }, now }: ActionContext): RuleDecision | undefined {
  if (expires === undefined) return undefined
  const id = 'identity.expired'
  const end = inOrder(expires)
  const moment = inOrder(now)
  if (end === undefined || moment === undefined) {
    return untold(id, `no such moment: ${end === undefined ? expires : now}`)
  }
  return moment < end
    ? { id, decision: 'allow', reason: `the identity holds until ${expires}` }
    : { id, decision: 'deny', reason: `the identity expired at ${expires}` }
}

function scopeRule(
  { scope, tool }: ProposedAction,
  { agent: { scopes } }: ActionContext,
): RuleDecision | undefined {
  if (scope === undefined || scopes === undefined) return undefined
  const id = 'identity.scope'
  return scopes.some((granted) => coversScope(granted, scope))
    ? { id, decision: 'allow', reason: `${scope} is granted` }
    : { id, decision: 'deny', reason: `${tool} needs the scope ${scope}, which is not granted` }
}

/** A granted scope covers itself and, with a `*` at its end, all that begins like it. */
function coversScope(granted: string, needed: string): boolean {
  return granted.endsWith('*') ? needed.startsWith(granted.slice(0, -1)) : granted === needed
}

/** The reason names no other tenant: the agent reads it. */
function tenantRule(
  action: ProposedAction,
  { agent: { tenant } }: ActionContext,
): RuleDecision | undefined {
  if (tenant === undefined) return undefined
  const id = 'identity.tenant'
  if (action.untold?.tenant !== undefined) return untold(id, action.untold.tenant)
  if (action.tenant === undefined) return undefined
  return action.tenant === tenant
    ? { id, decision: 'allow', reason: `the record is of ${tenant}` }
    : { id, decision: 'deny', reason: `the record is not of ${tenant}` }
}

function untold(id: string, error: string): RuleDecision {
  return { id, decision: 'deny', reason: 'the rule could not be evaluated', error }
}

const utc = /^((\d{4})-(\d\d)-(\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d+))?Z$/

/** A moment in UTC as a text whose order is the order of time; what is finer than 1 ns is cut off. */
function inOrder(text: string): string | undefined {
  const found = utc.exec(text)
  if (found === null) return undefined
  const [, seconds = '', year, month, day, fraction = ''] = found
  const date = { year: Number(year), month: Number(month), day: Number(day) }
  const real = civilFromDays(daysFromCivil(date))
  const isReal = real.year === date.year && real.month === date.month && real.day === date.day
  return isReal ? `${seconds}.${fraction.slice(0, 9).padEnd(9, '0')}` : undefined
}
