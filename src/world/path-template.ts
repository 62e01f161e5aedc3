import type { Expression } from '../expr/expression.ts'
import { failure, type Result, success } from '../expr/result.ts'
import type { ExprVariables } from '../expr/value.ts'
import { compileAt, type Place, problemAt } from './compile-at.ts'
import { unescapeStep } from './pointer.ts'
import { renderExpression } from './template.ts'

/** A path into the state, step by step; each step is texts and expressions to be joined. */
export type PathTemplate = readonly (readonly (string | Expression)[])[]

interface Cursor {
  readonly text: string
  at: number
}

/**
 * Compiles a JSON pointer in which `{…}` holds an expression: `/orders/{args.order_id}/status`.
 *
 * What an expression gives is one step, or part of one, whatever characters it holds: an order
 * id of `../x` or `a/b` is a key, never a way elsewhere.
 */
export function compilePath(place: Place, text: string): PathTemplate {
  const path: (string | Expression)[][] = []
  const cursor: Cursor = { text, at: 0 }
  while (cursor.at < text.length) {
    const char = text.charAt(cursor.at)
    if (char === '/') {
      path.push([])
      cursor.at++
    } else {
      path.at(-1)?.push(char === '{' ? takeExpression(place, cursor) : takeText(cursor))
    }
  }
  return path
}

/** The steps for one call; an expression must give a text or a whole number. */
export function renderPath(
  path: PathTemplate,
  variables: ExprVariables,
): Result<readonly string[]> {
  const steps: string[] = []
  for (const parts of path) {
    const step = renderStep(parts, variables)
    if (!step.ok) return step
    steps.push(step.value)
  }
  return success(steps)
}

function renderStep(
  parts: readonly (string | Expression)[],
  variables: ExprVariables,
): Result<string> {
  let step = ''
  for (const part of parts) {
    if (typeof part === 'string') {
      step += part
      continue
    }
    const result = renderExpression(part, variables)
    if (!result.ok) return result
    if (typeof result.value !== 'string' && typeof result.value !== 'bigint') {
      return failure(`a path needs a text or a whole number, which ${part.text} is not`)
    }
    step += String(result.value)
  }
  return success(step)
}

function takeText(cursor: Cursor): string {
  const rest = cursor.text.slice(cursor.at)
  const end = rest.search(/[/{]/)
  const taken = end === -1 ? rest : rest.slice(0, end)
  cursor.at += taken.length
  return unescapeStep(taken)
}

function takeExpression(place: Place, cursor: Cursor): Expression {
  const start = cursor.at + 1
  const length = lengthToBrace(cursor.text.slice(start))
  if (length === undefined) place.problems.push(problemAt(place, '"{" is never closed', start - 1))
  const text = cursor.text.slice(start, length === undefined ? undefined : start + length)
  cursor.at = start + text.length + 1
  return compileAt(place, text, start)
}

/** How far it is to the brace that closes an expression; braces in its strings and maps are not it. */
function lengthToBrace(text: string): number | undefined {
  let depth = 0
  const tokens = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[{}]/g
  for (const { 0: token, index } of text.matchAll(tokens)) {
    if (token === '}' && depth === 0) return index
    if (token === '{') depth++
    else if (token === '}') depth--
  }
  return undefined
}
