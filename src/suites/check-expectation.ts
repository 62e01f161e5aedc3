import type { WrittenCase } from '../schema/case.ts'
import type { ExpectedWords, ToldValue } from '../schema/expect.ts'
import { checkArgumentLists, checkArguments } from './check-arguments.ts'
import { checkExpression, checkPatterns } from './check-expression.ts'
import { turnsInWords } from './describe.ts'
import { below, type Finding, type Path } from './problem.ts'

/** As the grader gives them. */
const stateVariables = ['state', 'calls', 'says']

/** Expressions and patterns of `expect` that do not compile, and turns that never come. */
export function checkExpectation({ expect, conversation, user }: WrittenCase): readonly Finding[] {
  const turns = user?.max_turns ?? conversation?.length ?? 1
  return below(
    ['expect'],
    [
      ...checkState(expect.state),
      ...(expect.says ?? []).flatMap((words, index) => checkWords(['says', index], words, turns)),
      ...checkArgumentLists(['calls'], expect.calls),
      ...checkArgumentLists(['effects', 'required'], expect.effects?.required),
      ...checkArgumentLists(['effects', 'allowed'], expect.effects?.allowed),
      ...checkArgumentLists(['evidence'], expect.evidence),
    ],
  )
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

function checkWords(path: Path, words: ExpectedWords, turns: number): readonly Finding[] {
  const { any, bind, cites, must_not, scope } = words
  const tooFar = typeof scope === 'object' && scope.turn > turns
  const message = `this case has only ${turnsInWords(turns)}`
  return [
    ...checkPatterns([...path, 'any'], any),
    ...checkPatterns([...path, 'must_not'], must_not),
    ...checkTold([...path, 'bind'], bind),
    ...checkTold([...path, 'cites'], cites),
    ...(tooFar ? [{ path: [...path, 'scope', 'turn'], message }] : []),
  ]
}

function checkTold(path: Path, told: ToldValue | undefined): readonly Finding[] {
  return told === undefined ? [] : checkArguments(path, told)
}
