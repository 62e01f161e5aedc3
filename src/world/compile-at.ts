import { compileExpression, type Expression } from '../expr/expression.ts'
import { failure } from '../expr/result.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import type { WorldProblem } from './problem.ts'

/** A place in a document, what expressions may name there, and where its problems go. */
export interface Place {
  readonly path: readonly (string | number)[]
  readonly variables: readonly string[]
  readonly problems: WorldProblem[]
}

/** The same inside: `place.path` with more steps. */
export function inside(place: Place, ...steps: readonly (string | number)[]): Place {
  return { ...place, path: [...place.path, ...steps] }
}

/**
 * Compiles an expression of a document and records what is wrong with it.
 *
 * A faulty one comes back as an expression that always fails, so that compiling goes on and
 * all problems of a document are found in one pass.
 *
 * @param shift - where the expression begins in the text at `place`
 */
export function compileAt(place: Place, text: string, shift = 0): Expression {
  const compiled = compileExpression(text)
  if (!compiled.ok) {
    place.problems.push(problemAt(place, `${compiled.error} in ${text}`, shiftBy(compiled, shift)))
    return { text, variables: [], evaluate: () => failure(compiled.error) }
  }
  for (const used of compiled.expression.variables) {
    if (place.variables.includes(used.name)) continue
    const message = unknownVariable(used.name, place.variables)
    place.problems.push(problemAt(place, message, shiftBy(used, shift)))
  }
  return compiled.expression
}

export function problemAt(place: Place, message: string, offset?: number): WorldProblem {
  return { path: place.path, message, ...(offset !== undefined && { offset }) }
}

function shiftBy({ offset }: { offset?: number }, shift: number): number | undefined {
  return offset === undefined ? undefined : offset + shift
}

function unknownVariable(name: string, known: readonly string[]): string {
  const meant = didYouMean(name, known)
  const help = meant === undefined ? `known here: ${known.join(', ')}` : `did you mean "${meant}"?`
  return `unknown variable "${name}"; ${help}`
}
