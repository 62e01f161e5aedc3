import { type Expression, holds } from '../../../expr/expression.ts'
import type { OtherCall, PolicyRule } from '../../../schema/policy.ts'
import { compileIn } from './compile-in.ts'
import type { Asked, Demand } from './demand.ts'
import { type EarlierCall, earlierCalls } from './earlier-calls.ts'

/** `after`: such a call was executed before. */
export function afterDemand(rule: PolicyRule, other: OtherCall): Demand {
  const search = searchFor(rule, other)
  return {
    expressions: search.expressions,
    ask(asked) {
      const { error, found } = search.in(asked)
      if (found) return { kept: true, why: `${search.words} was executed before` }
      if (error !== undefined) return { kept: false, error }
      return { kept: false, why: `${search.words} was not executed before` }
    },
  }
}

/** `never_with`: no such call was executed before. Only the later of the two is refused. */
export function neverWithDemand(rule: PolicyRule, other: OtherCall): Demand {
  const search = searchFor(rule, other)
  return {
    expressions: search.expressions,
    ask(asked) {
      const { error, found } = search.in(asked)
      if (found) return { kept: false, why: `${search.words} was executed before` }
      if (error !== undefined) return { kept: false, error }
      return { kept: true, why: `${search.words} was not executed before` }
    },
  }
}

interface Search {
  /** Whom it looks for. */
  readonly words: string
  readonly expressions: readonly Expression[]
  readonly in: (asked: Asked) => { readonly found: boolean; readonly error?: string }
}

function searchFor(rule: PolicyRule, other: OtherCall): Search {
  const { tool, where: text } = typeof other === 'string' ? { tool: other } : other
  const where = text === undefined ? undefined : compileIn(rule, text)
  return {
    words: text === undefined ? tool : `${tool} where ${text}`,
    expressions: where === undefined ? [] : [where],
    in: (asked) => {
      const calls = earlierCalls(asked.question.context, tool)
      return where === undefined ? { found: calls.length > 0 } : anyHolds(where, calls, asked)
    },
  }
}

/** As `exists` in CEL: one call that is right is enough, whatever cannot be told of others. */
function anyHolds(
  where: Expression,
  calls: readonly EarlierCall[],
  { variables }: Asked,
): { readonly found: boolean; readonly error?: string } {
  let error: string | undefined
  for (const { call } of calls) {
    const said = holds(where, { ...variables, call })
    if (said.holds) return { found: true }
    error ??= said.error
  }
  return { found: false, ...(error !== undefined && { error }) }
}
