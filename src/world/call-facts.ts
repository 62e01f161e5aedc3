import type { Expression } from '../expr/expression.ts'
import type { ExprVariables } from '../expr/value.ts'
import type { WorldTool } from '../schema/world.ts'
import { compileAt, inside, type Place } from './compile-at.ts'
import type { CallFacts, UntoldFacts } from './session.ts'
import { renderExpression } from './template.ts'

/** What a tool declares of each of its calls, compiled. */
export interface DeclaredFacts {
  readonly scope: string | undefined
  readonly tenant: Expression | undefined
  readonly usd: Expression | undefined
}

export function compileFacts(
  place: Place,
  { scope, tenant, usd }: Pick<WorldTool, 'scope' | 'tenant' | 'usd'>,
): DeclaredFacts {
  return {
    scope,
    tenant: tenant === undefined ? undefined : compileAt(inside(place, 'tenant'), tenant),
    usd: usd === undefined ? undefined : compileAt(inside(place, 'usd'), usd),
  }
}

/**
 * What a tool says of one call. What it declares and nobody can tell stands in `untold` with the
 * reason: a control must be able to refuse a call that it knows too little about.
 */
export function factsOfCall(declared: DeclaredFacts, scene: ExprVariables): CallFacts {
  const { scope } = declared
  const tenant = tenantOf(declared, scene)
  const dollars = dollarsOf(declared, scene)
  const untold = { ...tenant.untold, ...dollars.untold }
  return {
    ...(scope !== undefined && { scope }),
    ...tenant.known,
    ...dollars.known,
    ...(Object.keys(untold).length > 0 && { untold }),
  }
}

interface Told {
  readonly known?: Pick<CallFacts, 'tenant' | 'usd'>
  readonly untold?: UntoldFacts
}

function tenantOf({ tenant: expression }: DeclaredFacts, scene: ExprVariables): Told {
  if (expression === undefined) return {}
  const result = renderExpression(expression, scene)
  if (!result.ok) return { untold: { tenant: result.error } }
  const { value } = result
  if (typeof value !== 'string') return { untold: { tenant: `${expression.text} gives no text` } }
  // An empty text is nobody's record.
  return value === '' ? {} : { known: { tenant: value } }
}

function dollarsOf({ usd: expression }: DeclaredFacts, scene: ExprVariables): Told {
  if (expression === undefined) return {}
  const result = renderExpression(expression, scene)
  if (!result.ok) return { untold: { usd: result.error } }
  const { value } = result
  const usd = typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined
  if (usd === undefined || !(usd >= 0 && usd < Infinity)) {
    return { untold: { usd: `${expression.text} gives no number from 0 on` } }
  }
  // Of -0 there is no JSON.
  return { known: { usd: Math.abs(usd) } }
}
