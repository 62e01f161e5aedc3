import { isCelError, parse, plan } from '@bufbuild/cel'
import { fromCelResult } from './cel-result.ts'
import { environment } from './environment.ts'
import { memoize } from './memoize.ts'
import { namesIn, type UsedName } from './names-in.ts'
import { type ParseFailure, parseFailure } from './parse-failure.ts'
import { failure, type Result, success } from './result.ts'
import type { ExprValue, ExprVariables } from './value.ts'

export type { ExprVariables } from './value.ts'

/** A free variable and where it first stands. */
export interface VariableUse {
  readonly name: string
  /** UTF-16 code units from the start of the expression. */
  readonly offset?: number
}

/** A CEL expression, compiled once and evaluated often. */
export interface Expression {
  readonly text: string
  /** The variables it needs, each once. */
  readonly variables: readonly VariableUse[]
  /** Never throws. A missing field, a missing variable or a wrong type is an error, never a value. */
  readonly evaluate: (variables: ExprVariables) => Result<ExprValue>
}

export type CompiledExpression =
  | { readonly ok: true; readonly expression: Expression }
  | ParseFailure

/** Longer expressions belong into a module; parsing takes 5 µs per character. */
const maxLength = 10_000

/**
 * Compiles an expression. Never throws; remembers its results, so compiling again is a look-up.
 *
 * Unknown functions are found here; unknown variables only the caller can know (`variables`).
 */
export const compileExpression: (text: string) => CompiledExpression = memoize(5_000, compile)

/** The names of the variables that an expression needs. */
export function variablesOf(expression: Expression): readonly string[] {
  return expression.variables.map((variable) => variable.name)
}

/**
 * Whether a condition holds. Only `true` does: an error, and any value that is no boolean,
 * does not hold and says why in `error`.
 */
export function holds(
  expression: Expression,
  variables: ExprVariables,
): { readonly holds: boolean; readonly error?: string } {
  const result = expression.evaluate(variables)
  if (!result.ok) return { holds: false, error: result.error }
  if (typeof result.value === 'boolean') return { holds: result.value }
  return { holds: false, error: `the condition gave ${describe(result.value)}, not true or false` }
}

function compile(text: string): CompiledExpression {
  if (text.length > maxLength) {
    return { ok: false, error: `an expression has at most ${maxLength} characters` }
  }
  try {
    const parsed = parse(text)
    const names = namesIn(parsed.expr)
    const positionOf = ({ id }: UsedName): { offset?: number } => {
      const offset = parsed.sourceInfo?.positions[String(id)]
      return offset === undefined ? {} : { offset }
    }
    const unknown = names.unknownFunctions[0]
    if (unknown !== undefined) {
      return { ok: false, error: `unknown function "${unknown.name}"`, ...positionOf(unknown) }
    }
    const variables = new Map<string, VariableUse>()
    for (const used of names.variables) {
      if (!variables.has(used.name)) {
        variables.set(used.name, { name: used.name, ...positionOf(used) })
      }
    }
    const run = plan(environment, parsed)
    return { ok: true, expression: expressionOf(text, [...variables.values()], run) }
  } catch (thrown) {
    return parseFailure(thrown)
  }
}

function expressionOf(
  text: string,
  variables: readonly VariableUse[],
  run: ReturnType<typeof plan>,
): Expression {
  return {
    text,
    variables,
    evaluate(values) {
      // The library takes `has(missing.x)` for false; a variable that nobody gave is a mistake.
      const missing = variables.find(({ name }) => !Object.hasOwn(values, name))
      if (missing !== undefined) return failure(`there is no variable "${missing.name}" here`)
      try {
        const result = run(values)
        // An error comes back as an object, which is truthy.
        return isCelError(result) ? failure(result.message) : success(fromCelResult(result))
      } catch (thrown) {
        return failure(thrown instanceof Error ? thrown.message : String(thrown))
      }
    },
  }
}

function describe(value: ExprValue): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return 'a string'
  return typeof value === 'object' ? 'a list or an object' : 'a number'
}
