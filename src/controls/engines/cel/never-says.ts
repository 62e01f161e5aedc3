import type { PolicyRule } from '../../../schema/policy.ts'
import { compilePatternIn } from './compile-in.ts'
import type { Demand } from './demand.ts'
import { waysToRead } from './plain-text.ts'

/**
 * `never_says`: none of these patterns is found in any text of what the rule sees.
 *
 * Each text of a value is looked at by itself, so `^` and `$` mean its ends; also without its markup and
 * line breaks, which part no words for a reader.
 */
export function neverSaysDemand(rule: PolicyRule, patterns: readonly string[]): Demand {
  const compiled = patterns.map((text) => ({ text, pattern: compilePatternIn(rule, text) }))
  return {
    expressions: [],
    ask({ seen }) {
      if (seen === undefined) return { kept: false, error: 'there is nothing said to look at' }
      const texts = seen.texts().flatMap(waysToRead)
      const found = compiled.find(({ pattern }) => texts.some((text) => pattern.test(text)))
      if (found === undefined) return { kept: true, why: 'nothing is said that must not be' }
      return { kept: false, why: `it says ${found.text}`, finding: true }
    },
  }
}
