import { compileExpression } from '../expr/expression.ts'
import { compilePattern } from '../expr/pattern.ts'
import { unknownName } from './describe.ts'
import type { Finding, Path } from './problem.ts'

/** An expression in a document and what it may name. */
export interface WrittenExpression {
  readonly path: Path
  readonly text: string
  readonly variables: readonly string[]
  /** Where it begins in the text at `path`; for one with a sign before it. */
  readonly shift?: number
}

/** Whether an expression compiles and names only what it will be given. */
export function checkExpression({
  path,
  text,
  variables,
  shift = 0,
}: WrittenExpression): readonly Finding[] {
  const compiled = compileExpression(text)
  if (!compiled.ok) {
    return [{ path, message: `no valid expression: ${compiled.error}`, ...at(compiled, shift) }]
  }
  return compiled.expression.variables
    .filter(({ name }) => !variables.includes(name))
    .map((used) => ({
      path,
      message: unknownName('variable', used.name, variables),
      ...at(used, shift),
    }))
}

/** Whether a pattern compiles, and means what it seems to. */
export function checkPattern(path: Path, text: string): readonly Finding[] {
  if (text.includes('\b')) {
    const message = 'this pattern holds a backspace, which no reply does'
    const hint = String.raw`in double quotes YAML reads \b as one; write '\b…\b' in single quotes`
    return [{ path, message, hint }]
  }
  const compiled = compilePattern(text)
  return compiled.ok ? [] : [{ path, message: `no valid pattern: ${compiled.error}` }]
}

/** The same for one pattern or several. */
export function checkPatterns(
  path: Path,
  patterns: string | readonly string[] = [],
): readonly Finding[] {
  if (typeof patterns === 'string') return checkPattern(path, patterns)
  return patterns.flatMap((pattern, index) => checkPattern([...path, index], pattern))
}

function at({ offset }: { readonly offset?: number }, shift: number): { readonly offset: number } {
  return { offset: (offset ?? 0) + shift }
}
