import type { EvalCase } from '../../schema/case.ts'
import type { ArgumentMatchers, Matcher } from '../../schema/matcher.ts'
import type { CheckFinding } from '../check.ts'

/** A pattern of a case and where it stands. */
export interface PlacedPattern {
  readonly pattern: string
  readonly path: CheckFinding['path']
}

/** Every pattern of `says.any`; one of them is enough, so each is as strong as the criterion. */
export function wordPatterns({ expect }: EvalCase): readonly PlacedPattern[] {
  return (expect.says ?? []).flatMap(({ any }, index): readonly PlacedPattern[] => {
    const path = ['expect', 'says', index, 'any']
    if (any === undefined) return []
    if (typeof any === 'string') return [{ pattern: any, path }]
    return any.map((pattern, nth) => ({ pattern, path: [...path, nth] }))
  })
}

/** Every pattern that an argument must match, wherever calls are described. */
export function argumentPatterns({ expect }: EvalCase): readonly PlacedPattern[] {
  return [
    ...inCalls(['expect', 'calls'], expect.calls),
    ...inCalls(['expect', 'effects', 'required'], expect.effects?.required),
    ...inCalls(['expect', 'effects', 'allowed'], expect.effects?.allowed),
    ...inCalls(['expect', 'evidence'], expect.evidence),
  ]
}

function inCalls(
  base: CheckFinding['path'],
  calls: readonly { readonly args?: ArgumentMatchers | undefined }[] = [],
): readonly PlacedPattern[] {
  return calls.flatMap(({ args = {} }, index) =>
    Object.entries(args).flatMap(([name, matcher]) => {
      const pattern = patternOf(matcher)
      return pattern === undefined
        ? []
        : [{ pattern, path: [...base, index, 'args', name, 'matches'] }]
    }),
  )
}

function patternOf(matcher: Matcher): string | undefined {
  if (typeof matcher !== 'object' || matcher === null || Array.isArray(matcher)) return undefined
  const { matches } = matcher as { readonly matches?: unknown }
  return typeof matches === 'string' ? matches : undefined
}
