import { AgentEvalError } from '../errors.ts'
import { compilePattern, type Pattern } from '../expr/pattern.ts'
import type { ExpectedWords } from '../schema/expect.ts'
import { describeSource, describeValue } from './describe.ts'
import { defineGrader, fail, firstFailure, type Judgement, pass } from './grader.ts'
import { distinctValues } from './says/distinct-values.ts'
import {
  type CompiledToldValue,
  compileToldValue,
  judgeBind,
  judgeCites,
} from './says/told-value.ts'
import type { ReplyView, TrialView } from './trial-view.ts'

/**
 * Judges what the user was told.
 *
 * In the replies that `scope` names, one of the patterns in `any` must be found and none of those in
 * `must_not`; they name at most `max_distinct` different values, tell what was done (`bind`) and name
 * what was read (`cites`). Where nothing was said there, all of them fail: silence is no answer, and
 * no proof that the wrong thing would not have been said.
 */
export const says = defineGrader({
  id: 'says',
  expected: (expect) => expect.says,
  prepare(expected) {
    const compiled = expected.map(compileWords)
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
  readonly maxDistinct: number | undefined
  readonly bind: CompiledToldValue | undefined
  readonly cites: CompiledToldValue | undefined
}

function compileWords(words: ExpectedWords): CompiledWords {
  return {
    scope: words.scope,
    any: words.any === undefined ? undefined : compileAll(words.any),
    mustNot: compileAll(words.must_not ?? []),
    maxDistinct: words.max_distinct,
    bind: words.bind && compileToldValue(words.bind),
    cites: words.cites && compileToldValue(words.cites),
  }
}

function compileAll(sources: string | readonly string[]): readonly Named[] {
  return [sources].flat().map((source) => {
    const compiled = compilePattern(source)
    if (!compiled.ok) throw new AgentEvalError(`pattern ${source}: ${compiled.error}`, 'input')
    return { source, pattern: compiled.pattern }
  })
}

function judge(view: TrialView, words: CompiledWords): Judgement {
  const { bind, cites, maxDistinct, scope } = words
  const replies = repliesIn(view, scope)
  if (replies.length === 0) {
    return fail(`said nothing${where(scope)}`, [])
  }
  return firstFailure([
    judgeAny(words, replies),
    ...words.mustNot.map((named) => judgeForbidden(named, replies)),
    ...(maxDistinct === undefined ? [] : [judgeDistinct(maxDistinct, replies)]),
    ...(bind === undefined ? [] : [judgeBind(view, bind, replies)]),
    ...(cites === undefined ? [] : [judgeCites(view, cites, replies)]),
  ])
}

function judgeAny({ any, scope }: CompiledWords, replies: readonly ReplyView[]): Judgement {
  const said = any?.some(({ pattern }) => replies.some(({ text }) => pattern.test(text)))
  return said === false ? fail(`${whereNot(scope)} ${list(any ?? [])}`, eventsOf(replies)) : pass()
}

function judgeForbidden({ pattern, source }: Named, replies: readonly ReplyView[]): Judgement {
  const wrong = replies.filter(({ text }) => pattern.test(text))
  const [first] = wrong
  if (first === undefined) return pass()
  return fail(
    `said /${describeSource(source)}/ in turn ${first.turn}, which this case forbids`,
    eventsOf(wrong),
  )
}

/** Whoever lists every amount has named the right one too. */
function judgeDistinct(most: number, replies: readonly ReplyView[]): Judgement {
  const values = distinctValues(replies.map(({ text }) => text))
  if (values.length <= most) return pass()
  const shown = values.slice(0, 3).map(describeValue).join(', ')
  return fail(
    `named ${values.length} different values (${shown}, …), expected at most ${most}`,
    eventsOf(replies),
  )
}

function eventsOf(replies: readonly ReplyView[]): readonly number[] {
  return replies.map((reply) => reply.seq)
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
