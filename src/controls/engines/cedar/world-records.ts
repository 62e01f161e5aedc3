import type { Expression } from '../../../expr/expression.ts'
import { failure, type Result, success } from '../../../expr/result.ts'
import { type ExprMap, type ExprValue, isExprMap } from '../../../expr/value.ts'

/** The records of a world by the type of entity that they are. */
export type WorldRecords = (type: string, id: string) => Result<ExprMap | undefined>

/**
 * Finds records of one state of the world.
 *
 * States are immutable and most decisions of a trial share one, so that each state is looked at once,
 * and only for the types that are asked for.
 */
export function worldRecords(
  from: ReadonlyMap<string, Expression>,
): (state: ExprValue) => WorldRecords {
  const known = new WeakMap<ExprMap, Map<string, Result<ExprMap>>>()
  return (state) => {
    const tables =
      (isExprMap(state) ? known.get(state) : undefined) ?? new Map<string, Result<ExprMap>>()
    if (isExprMap(state)) known.set(state, tables)
    return (type, id) => {
      const expression = from.get(type)
      if (expression === undefined) return success(undefined)
      const table = tables.get(type) ?? tableOf(expression, state)
      tables.set(type, table)
      return table.ok ? recordOf(table.value, { type, id }) : table
    }
  }
}

function tableOf(expression: Expression, state: ExprValue): Result<ExprMap> {
  const known = tableAt(expression.text, state)
  if (known !== undefined) return success(known)
  const given = expression.evaluate({ state })
  if (!given.ok) return failure(`${expression.text}: ${given.error}`)
  return isExprMap(given.value)
    ? success(given.value)
    : failure(`${expression.text} is no map from ids to records`)
}

/** Most expressions are a path, and CEL copies what it finds: milliseconds for a thousand records. */
function tableAt(text: string, state: ExprValue): ExprMap | undefined {
  if (!/^state(?:\.[A-Za-z_]\w*)+$/.test(text)) return undefined
  let value: ExprValue | undefined = state
  for (const name of text.split('.').slice(1)) {
    value = isExprMap(value) ? value.get(name) : undefined
  }
  return isExprMap(value) ? value : undefined
}

function recordOf(
  table: ExprMap,
  { type, id }: { readonly type: string; readonly id: string },
): Result<ExprMap | undefined> {
  const record = table.get(id) ?? null
  if (record === null) return success(undefined)
  if (isExprMap(record)) return success(record)
  return failure(`${type}::${JSON.stringify(id)} is no record`)
}
