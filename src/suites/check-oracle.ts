import type { WrittenCase } from '../schema/case.ts'
import type { JsonValue } from '../schema/json.ts'
import { type Oracle, referencesInWords, wholeReference } from '../schema/oracle.ts'
import { below, type Finding, type Path } from './problem.ts'

/**
 * References to results that will not be there: `$3.id` in a step before the third call returned.
 *
 * Steps of an attack count by themselves: nobody knows how far the oracle is when they are played.
 */
export function checkReferences(written: WrittenCase): readonly Finding[] {
  const { oracle = [], equivalents = [], attack } = written
  return [
    ...below(['oracle'], stepReferences(oracle)),
    ...equivalents.flatMap((steps, index) => below(['equivalents', index], stepReferences(steps))),
    ...below(['attack', 'steps'], stepReferences(attack?.steps ?? [])),
  ]
}

function stepReferences(steps: Oracle): readonly Finding[] {
  let calls = 0
  return steps.flatMap((step, index): readonly Finding[] => {
    const earlier = calls
    if ('say' in step) return wordReferences([index, 'say'], step.say, earlier)
    calls += 1
    return argumentReferences([index, 'args'], step.args, earlier)
  })
}

function argumentReferences(path: Path, value: JsonValue, earlier: number): readonly Finding[] {
  if (typeof value === 'string') {
    const match = wholeReference.exec(value)
    return match === null ? [] : missingCall(path, { match, earlier })
  }
  if (typeof value !== 'object' || value === null) return []
  const isList = Array.isArray(value)
  return Object.entries<JsonValue>(value).flatMap(([key, member]) =>
    argumentReferences([...path, isList ? Number(key) : key], member, earlier),
  )
}

function wordReferences(path: Path, text: string, earlier: number): readonly Finding[] {
  return [...text.matchAll(referencesInWords)].flatMap((match) =>
    missingCall(path, { match, earlier }).map((finding) => ({ ...finding, offset: match.index })),
  )
}

function missingCall(
  path: Path,
  { match, earlier }: { readonly match: RegExpExecArray; readonly earlier: number },
): readonly Finding[] {
  const call = Number(match[1])
  if (call >= 1 && call <= earlier) return []
  const before =
    earlier === 0
      ? 'no call comes'
      : `only ${earlier} ${earlier === 1 ? 'call comes' : 'calls come'}`
  return [
    { path, message: `"${match[0]}" means the result of call ${call}, but ${before} before it` },
  ]
}
