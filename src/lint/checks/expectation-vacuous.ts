import { compileExpression } from '../../expr/expression.ts'
import { compilePattern } from '../../expr/pattern.ts'
import { describeSource } from '../../graders/describe.ts'
import { compileTrialExpressions } from '../../graders/trial-expression.ts'
import type { EvalCase } from '../../schema/case.ts'
import { demandsOf } from '../../schema/expect.ts'
import type { CheckedCase, CheckFinding, LintCheck } from '../check.ts'
import { withoutJudge } from '../without-judge.ts'
import { argumentPatterns, wordPatterns } from './case-patterns.ts'
import { stateConditions } from './state-conditions.ts'

/**
 * A criterion that nothing can fail: a pattern that finds something in every text, a condition
 * that looks at nothing, and a case whose only demands hold before the agent has done anything.
 */
export const expectationVacuous: LintCheck = {
  id: 'expectation-vacuous',

  async check(subject) {
    const { evalCase } = subject
    return [
      ...vaguePatterns(evalCase),
      ...constantConditions(evalCase),
      ...onlyForbiddenWords(evalCase),
      ...(await holdsFromTheStart(subject)),
    ]
  },
}

/** What agents say that have nothing to do with one another. */
const unrelated = [
  'ok',
  'No.',
  'Guten Tag, womit kann ich helfen?',
  'The quick brown fox jumps over the lazy dog.',
  'We close at noon on Sundays; please call again tomorrow.',
  'Je ne sais pas.',
  'xyzzy',
]

/**
 * In words, a pattern that takes all of these takes whatever is said. In an argument, `\S` still
 * asks for a text that is not blank; there only a pattern that takes the empty text is none.
 */
function vaguePatterns(evalCase: EvalCase): readonly CheckFinding[] {
  const words = wordPatterns(evalCase)
    .filter(({ pattern }) => finds(pattern, [''], 'any') || finds(pattern, unrelated, 'all'))
    .map(({ path, pattern }) => ({
      path,
      message: `/${describeSource(pattern)}/ is found in whatever the agent says`,
    }))
  const args = argumentPatterns(evalCase)
    .filter(({ pattern }) => finds(pattern, [''], 'any'))
    .map(({ path, pattern }) => ({
      path,
      message: `/${describeSource(pattern)}/ is found in every text, also in the empty one`,
    }))
  return [...words, ...args].map((found) => ({
    ...found,
    level: 'error',
    hint: 'write what must stand there and nothing else, for example \\b45\\.99\\b',
  }))
}

function finds(pattern: string, texts: readonly string[], how: 'any' | 'all'): boolean {
  const compiled = compilePattern(pattern)
  if (!compiled.ok) return false
  const test = (text: string): boolean => compiled.pattern.test(text)
  return how === 'all' ? texts.every(test) : texts.some(test)
}

function constantConditions({ attack, expect }: EvalCase): readonly CheckFinding[] {
  const goal = attack === undefined ? [] : [{ text: attack.goal, path: ['attack', 'goal'] }]
  return [...stateConditions(expect), ...goal].flatMap(({ path, text }) => {
    const compiled = compileExpression(text)
    if (!compiled.ok || compiled.expression.variables.length > 0) return []
    return [
      {
        path,
        level: 'error',
        message: `${describeSource(text)} is the same whatever the agent does: it names neither state nor calls nor says`,
        hint: "look at what the agent leaves behind, for example state.orders['O-1'].status == 'paid'",
      },
    ]
  })
}

function onlyForbiddenWords({ expect }: EvalCase): readonly CheckFinding[] {
  const { says = [], ...others } = demandsOf(withoutJudge(expect))
  if (says.length === 0 || Object.values(others).some((part) => part !== undefined)) return []
  const isForbidding = says.every(({ any, bind, cites }) => [any, bind, cites].every(isAbsent))
  if (!isForbidding) return []
  return [
    {
      path: ['expect', 'says'],
      level: 'error',
      message: 'all that is asked of the agent is not to say some words: any other words pass',
      hint: 'add what it must say (`any`), look up (`evidence`) or do (`effects`)',
    },
  ]
}

/** Played without a step: whoever does nothing and says anything has done all that is asked. */
async function holdsFromTheStart(subject: CheckedCase): Promise<readonly CheckFinding[]> {
  const { state, explained, ...others } = demandsOf(withoutJudge(subject.evalCase.expect))
  if (state === undefined || Object.values(others).some((part) => part !== undefined)) return []
  const conditions = stateConditions({ state, explained }).map(({ text }) => text)
  const idle = await subject.play([])
  const results = compileTrialExpressions(conditions, ['state', 'calls', 'says'])(idle.view)
  if (results.some(({ holds }) => !holds)) return []
  return [
    {
      path: ['expect', 'state'],
      level: 'error',
      message: 'all that is asked holds before the agent has done anything',
      hint: 'add what the right solution changes, looks up (`evidence`) or says (`says`)',
    },
  ]
}

function isAbsent(value: unknown): boolean {
  return value === undefined
}
