import { failure, type Result, success } from '../../../expr/result.ts'
import { type ExprMap, type ExprValue, isExprMap, toExprValue } from '../../../expr/value.ts'
import type { JsonObject } from '../../../schema/json.ts'
import type { ActingAgent, ActionContext, ProposedAction } from '../../policy-engine.ts'
import { type EntityUid, uidKey } from './entity-uid.ts'
import { epochMs } from './iso-time.ts'
import { type CedarRecord, projectRecord } from './project.ts'
import type { CedarAction } from './read-schema.ts'
import type { CedarTerms } from './read-terms.ts'
import type { RecordShape, Shape } from './shape.ts'

/** One request as Cedar takes it. */
export interface CedarRequest {
  readonly principal: EntityUid
  readonly action: EntityUid
  readonly resource: EntityUid
  readonly context: CedarRecord
}

/**
 * What a policy in Cedar is asked: may `Agent::"<principal>"` do `Action::"<tool>"` to the tool, or to
 * the record that `resources` names for it? Of the context it gets what the schema declares of
 *
 * ```
 * tool     the tool's name
 * args     the arguments of the call
 * tier     0 to 4
 * effect   "read" | "write" | "external"
 * reason   why the agent says that it does this      may be absent
 * scope    what the tool needs                       may be absent
 * tenant   whose record it touches                   may be absent
 * usd      the dollars that it moves                 may be absent
 * now      of the trial's own clock: a datetime, an ISO text, or as a Long the milliseconds since 1970
 * calls    the names of the tools that were executed before, as a set
 * times    how often this tool was executed before
 * ```
 *
 * An error says why there is nothing to ask: an action that the schema does not declare, or a value
 * that is not of the declared type.
 */
export function requestOf(
  terms: CedarTerms,
  action: ProposedAction,
  context: ActionContext,
): Result<CedarRequest> {
  const asked = { type: terms.names.action, id: action.tool }
  const declared = terms.schema.actions.get(uidKey(asked))
  if (declared === undefined) {
    return failure(`the schema declares no action ${JSON.stringify(action.tool)}`)
  }
  const args = toExprValue(action.args)
  const resource = resourceOf(terms, { tool: action.tool, args, agent: agentRecord(context.agent) })
  if (!resource.ok) return resource
  const wrong = mismatch(terms, declared, { tool: action.tool, resource: resource.value })
  if (wrong !== undefined) return failure(wrong)
  const known = contextRecord({ action, args, context }, declared.context)
  const projected = projectRecord(known, declared.context, 'context')
  if (!projected.ok) return projected
  const principal = { type: terms.names.agent, id: context.agent.principal }
  return success({ principal, action: asked, resource: resource.value, context: projected.value })
}

/** The agent as policies and expressions see it. */
export function agentRecord({ expires, principal, scopes, tenant }: ActingAgent): ExprMap {
  return knownOnly({ principal, scopes, tenant, expires })
}

/** The tool that an action goes to. */
export function toolRecord({ effect, tier, tool }: ProposedAction): ExprMap {
  return toExprValue({ name: tool, tier, effect })
}

function resourceOf(
  { names, resources }: CedarTerms,
  { agent, args, tool }: { readonly tool: string; readonly args: ExprMap; readonly agent: ExprMap },
): Result<EntityUid> {
  const about = resources.get(tool)
  if (about === undefined) return success({ type: names.tool, id: tool })
  const id = about.id.evaluate({ input: args, agent })
  if (!id.ok) return failure(`the resource of ${tool}, ${about.id.text}: ${id.error}`)
  if (typeof id.value === 'string' || typeof id.value === 'bigint') {
    return success({ type: about.type, id: String(id.value) })
  }
  return failure(`the resource of ${tool}, ${about.id.text}, is neither a text nor a whole number`)
}

/** Cedar finds these as well, after all else, and in words that say less of what to do. */
function mismatch(
  { names }: CedarTerms,
  { principals, resources }: CedarAction,
  { resource, tool }: { readonly tool: string; readonly resource: EntityUid },
): string | undefined {
  const action = uidKey({ type: names.action, id: tool })
  if (!principals.has(names.agent)) return `the schema lets no ${names.agent} do ${action}`
  if (resources.has(resource.type)) return undefined
  return `in the schema ${action} is done to ${[...resources].join(' or ')}, not to a ${resource.type}`
}

function contextRecord(
  {
    action,
    args,
    context,
  }: {
    readonly action: ProposedAction
    readonly args: ExprMap
    readonly context: ActionContext
  },
  { attributes }: RecordShape,
): ExprMap {
  const { effect, reason, scope, tenant, tier, tool, usd } = action
  const tools = context.calls.map(toolOf)
  const now = isLong(attributes.get('now')?.shape) ? epochMs(context.now) : context.now
  const calls = [...new Set(tools)].filter((name) => name !== undefined)
  const times = tools.filter((name) => name === tool).length
  const rest = knownOnly({ tool, tier, effect, reason, scope, tenant, usd, now, calls, times })
  return new Map([...rest, ['args', args]])
}

function isLong(shape: Shape | undefined): boolean {
  return shape?.kind === 'scalar' && shape.type === 'long'
}

function toolOf(call: ExprValue): string | undefined {
  const tool = isExprMap(call) ? call.get('tool') : undefined
  return typeof tool === 'string' ? tool : undefined
}

function knownOnly(record: Readonly<Record<string, unknown>>): ExprMap {
  // Members that are `undefined` are left out on the way.
  return toExprValue(record as JsonObject)
}
