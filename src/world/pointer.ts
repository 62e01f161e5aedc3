import { type ExprMap, type ExprValue, isExprList, isExprMap } from '../expr/value.ts'

/** The steps of a JSON pointer such as `/orders/O-1/items/0`; the empty pointer has none. */
export function parsePointer(pointer: string): readonly string[] {
  if (pointer === '') return []
  return pointer.slice(1).split('/').map(unescapeStep)
}

export function formatPointer(steps: readonly string[]): string {
  return steps.map((step) => `/${escapeStep(step)}`).join('')
}

/** What stands at a place in a state; `undefined` when nothing does. */
export function readPointer(state: ExprMap, pointer: string): ExprValue | undefined {
  let value: ExprValue | undefined = state
  for (const step of parsePointer(pointer)) value = memberOf(value, step)
  return value
}

/** One step down; `undefined` where there is nothing, or nothing to step into. */
export function memberOf(container: ExprValue | undefined, step: string): ExprValue | undefined {
  if (isExprMap(container)) return container.get(step)
  if (!isExprList(container)) return undefined
  const index = indexOf(step)
  return index === undefined ? undefined : container[index]
}

/** A place in a list: digits without a leading zero; `undefined` for anything else. */
export function indexOf(step: string): number | undefined {
  return /^(0|[1-9]\d{0,8})$/.test(step) ? Number(step) : undefined
}

/** A text as one step of a pointer: `a/b` is written `a~1b`. */
function escapeStep(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1')
}

export function unescapeStep(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~')
}
