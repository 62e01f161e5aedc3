import { AgentEvalError } from '../errors.ts'
import { compilePattern, type Pattern } from '../expr/pattern.ts'
import type { ExpectedWords } from '../schema/expect.ts'
import { describeSource } from './describe.ts'
import { defineGrader, fail, firstFailure, type Judgement, pass } from './grader.ts'
import type { ReplyView, TrialView } from './trial-view.ts'

/**
 * Judges what the user was told.
 *
 * One of the patterns in `any` must be found, none of those in `must_not`, in the replies that
 * `scope` names. Where nothing was said there, both fail: silence is no answer, and no proof that
 * the wrong thing would not have been said.
 */
export const says = defineGrader({
  id: 'says',
  expected: (expect) => expect.says,
  prepare(expected) {
    const compiled = expected.map((words) => ({
      scope: words.scope,
      any: words.any === undefined ? undefined : compileAll(words.any),
      mustNot: compileAll(words.must_not ?? []),
    }))
    return (view) => firstFailure(compiled.map((words) => judge(view, words)))
  },
})

interface Named {
  readonly source: string
  readonly pattern: Pattern
}

interface CompiledWords {
  readonly scope: ExpectedWords['scope']
  readonly any: readonly Named[] | undefined
  readonly mustNot: readonly Named[]
}

function compileAll(sources: string | readonly string[]): readonly Named[] {
  return [sources].flat().map((source) => {
    const compiled = compilePattern(source)
    if (!compiled.ok) throw new AgentEvalError(`pattern ${source}: ${compiled.error}`, 'input')
    return { source, pattern: compiled.pattern }
  })
}

function judge(view: TrialView, { scope, any, mustNot }: CompiledWords): Judgement {
  const replies = repliesIn(view, scope)
  if (replies.length === 0) {
    return fail(`said nothing${where(scope)}`, [])
  }
  const said = any?.some(({ pattern }) => replies.some(({ text }) => pattern.test(text)))
  if (said === false) {
    return fail(
      `${whereNot(scope)} ${list(any ?? [])}`,
      replies.map((reply) => reply.seq),
    )
  }
  for (const { source, pattern } of mustNot) {
    const wrong = replies.filter(({ text }) => pattern.test(text))
    if (wrong.length === 0) continue
    return fail(
      `said /${describeSource(source)}/ in turn ${wrong[0]?.turn ?? 0}, which this case forbids`,
      wrong.map((reply) => reply.seq),
    )
  }
  return pass()
}

function repliesIn(view: TrialView, scope: ExpectedWords['scope']): readonly ReplyView[] {
  if (scope === 'any') return view.replies
  if (scope === 'last') {
    // An earlier turn's words are no answer to the last question.
    return view.replies.filter((reply) => reply.turn === view.heard.length).slice(-1)
  }
  return view.replies.filter((reply) => reply.turn === scope.turn)
}

function where(scope: ExpectedWords['scope']): string {
  if (typeof scope === 'object') return ` in turn ${scope.turn}`
  return scope === 'last' ? ' in the last turn' : ''
}

function whereNot(scope: ExpectedWords['scope']): string {
  if (scope === 'any') return 'no reply says'
  return scope === 'last' ? 'the last reply does not say' : `no reply in turn ${scope.turn} says`
}

function list(patterns: readonly Named[]): string {
  return describeSource(patterns.map(({ source }) => `/${source}/`).join(' or '))
}
