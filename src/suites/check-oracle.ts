import type { WrittenCase } from '../schema/case.ts'
import type { JsonValue } from '../schema/json.ts'
import type { Finding, Path } from './problem.ts'

/** An argument that is all reference, and references inside words, as the player reads them. */
const whole = /^\$(\d{1,3})((?:\.[\w-]+)*)$/
const inWords = /\{\$(\d{1,3})((?:\.[\w-]+)*)\}/g

/**
 * References to results that will not be there: `$3.id` in a step before the third call returned.
 *
 * Steps of an attack count by themselves: nobody knows how far the oracle is when they are played.
 */
export function checkReferences({ oracle, attack }: WrittenCase): readonly Finding[] {
  let calls = 0
  const inOracle = oracle.flatMap((step, index): readonly Finding[] => {
    const earlier = calls
    if ('say' in step) return referencesInWords(['oracle', index, 'say'], step.say, earlier)
    calls += 1
    return referencesInArguments(['oracle', index, 'args'], step.args, earlier)
  })
  const inAttack = (attack?.steps ?? []).flatMap((step, index) =>
    referencesInArguments(['attack', 'steps', index, 'args'], step.args, index),
  )
  return [...inOracle, ...inAttack]
}

function referencesInArguments(path: Path, value: JsonValue, earlier: number): readonly Finding[] {
  if (typeof value === 'string') {
    const match = whole.exec(value)
    return match === null ? [] : missingCall(path, { match, earlier })
  }
  if (typeof value !== 'object' || value === null) return []
  const isList = Array.isArray(value)
  return Object.entries<JsonValue>(value).flatMap(([key, member]) =>
    referencesInArguments([...path, isList ? Number(key) : key], member, earlier),
  )
}

function referencesInWords(path: Path, text: string, earlier: number): readonly Finding[] {
  return [...text.matchAll(inWords)].flatMap((match) =>
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
