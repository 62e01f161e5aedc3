import { compilePattern } from '../../expr/pattern.ts'
import { describeSource } from '../../graders/describe.ts'
import type { Check } from '../../graders/grader.ts'
import { says } from '../../graders/says.ts'
import type { CheckedCase, CheckFinding, LintCheck } from '../check.ts'
import { type PlacedPattern, wordPatterns } from './case-patterns.ts'
import { type LooseNumber, looseNumbers, replaceNumber } from './loose-numbers.ts'
import { toldBy } from './told-by.ts'

/**
 * A number or an id in `says.any` that is also found inside a longer one: /25\.98/ in "125.98".
 *
 * Looked for in the words of the oracle, and told only where the oracle with the longer one in its
 * words would still be graded as right: another pattern, `bind` or `cites` may see the difference.
 */
export const numberUnanchored: LintCheck = {
  id: 'number-unanchored',

  async check(subject) {
    const grade = await says.prepare(subject.evalCase.expect)
    if (grade === undefined) return []
    return wordPatterns(subject.evalCase).flatMap((placed) => {
      const loose = looseIn(subject, placed, grade)
      return loose === undefined ? [] : findings(subject, placed, loose)
    })
  },
}

/** The first of them: one finding a pattern is enough to look at it again. */
function looseIn(
  { oracle: { view } }: CheckedCase,
  { pattern }: PlacedPattern,
  grade: Check,
): LooseNumber | undefined {
  const compiled = compilePattern(pattern)
  if (!compiled.ok) return undefined
  const isRight = (number: string, other: string): boolean => {
    const replies = view.replies.map((reply) => ({
      ...reply,
      text: replaceNumber(reply.text, number, other),
    }))
    return grade({ ...view, replies })?.status === 'pass'
  }
  const said = [...new Set(view.replies.map(({ text }) => text))]
  return said
    .flatMap((text) => looseNumbers(compiled.pattern, text))
    .map(({ accepted, ...loose }) => ({
      ...loose,
      accepted: accepted.filter((other) => isRight(loose.number, other)),
    }))
    .find(({ accepted }) => accepted.length > 0)
}

function findings(
  { oracle }: CheckedCase,
  { path, pattern }: PlacedPattern,
  { accepted, anchored, isUnlikely, number }: LooseNumber,
): readonly CheckFinding[] {
  const told = toldBy(oracle.view.calls, number)
  const compared =
    told === undefined
      ? []
      : [`compare it with the call: ${told.key}: { tool: ${told.tool}, value: ${told.value} }`]
  const mends = [...(anchored === undefined ? [] : [`write ${anchored}`]), ...compared]
  // What can neither be written nor compared cannot be asked for.
  if (mends.length === 0) return []
  const others = accepted.map((text) => `"${text}"`).join(' and ')
  return [
    {
      path,
      level: isUnlikely ? 'warning' : 'error',
      message: `/${describeSource(pattern)}/ also accepts ${others}`,
      hint: mends.join(', or '),
    },
  ]
}
