import type { WrittenCase } from '../schema/case.ts'
import type { ArgumentMatchers } from '../schema/matcher.ts'
import { checkExpression, checkPattern } from './check-expression.ts'
import type { Finding, Path } from './problem.ts'

/** As the grader gives them. */
const stateVariables = ['state', 'calls', 'says']

/** Expressions and patterns of `expect` that do not compile, and turns that never come. */
export function checkExpectation({ expect, conversation }: WrittenCase): readonly Finding[] {
  return [
    ...checkState(expect.state),
    ...checkWords(expect.says, conversation?.length ?? 1),
    ...checkArguments(['calls'], expect.calls),
    ...checkArguments(['effects', 'required'], expect.effects?.required),
    ...checkArguments(['effects', 'allowed'], expect.effects?.allowed),
    ...checkArguments(['evidence'], expect.evidence),
  ].map((finding) => ({ ...finding, path: ['expect', ...finding.path] }))
}

function checkState(conditions: WrittenCase['expect']['state'] = []): readonly Finding[] {
  return conditions.flatMap((condition, index) =>
    typeof condition === 'string'
      ? checkExpression({ path: ['state', index], text: condition, variables: stateVariables })
      : checkExpression({
          path: ['state', index, 'that'],
          text: condition.that,
          variables: stateVariables,
        }),
  )
}

function checkWords(
  expected: WrittenCase['expect']['says'] = [],
  turns: number,
): readonly Finding[] {
  return expected.flatMap(({ any, must_not, scope }, index) => {
    const path = ['says', index]
    const tooFar = typeof scope === 'object' && scope.turn > turns
    const message = `this case has only ${turns} ${turns === 1 ? 'turn' : 'turns'}`
    return [
      ...checkPatterns([...path, 'any'], any),
      ...checkPatterns([...path, 'must_not'], must_not),
      ...(tooFar ? [{ path: [...path, 'scope', 'turn'], message }] : []),
    ]
  })
}

function checkPatterns(path: Path, patterns: string | readonly string[] = []): readonly Finding[] {
  if (typeof patterns === 'string') return checkPattern(path, patterns)
  return patterns.flatMap((pattern, index) => checkPattern([...path, index], pattern))
}

function checkArguments(
  path: Path,
  patterns: readonly { readonly args?: ArgumentMatchers | undefined }[] = [],
): readonly Finding[] {
  return patterns.flatMap(({ args = {} }, index) =>
    Object.entries(args).flatMap(([name, matcher]) =>
      typeof matcher === 'object' &&
      matcher !== null &&
      'matches' in matcher &&
      matcher.matches !== undefined
        ? checkPattern([...path, index, 'args', name, 'matches'], matcher.matches)
        : [],
    ),
  )
}
