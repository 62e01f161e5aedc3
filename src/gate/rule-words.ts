import type { JsonValue } from '../schema/json.ts'
import type { RuleChange } from '../schema/verdict-findings.ts'
import { canonicalJson } from '../text/canonical-json.ts'
import { truncate } from '../text/truncate.ts'

/** A rule is told in a line; the file has the rest. */
const longestRule = 160

/** A value of a rule as short text: texts as they are, lists by their members, nothing as `none`. */
function ruleWords(value: JsonValue | undefined): string {
  if (value === undefined) return 'none'
  if (Array.isArray(value)) {
    const members = (value as readonly JsonValue[]).map((one) => ruleWords(one))
    return truncate(members.length === 0 ? 'none' : members.join(', '), longestRule)
  }
  return truncate(typeof value === 'string' ? value : canonicalJson(value), longestRule)
}

/** The difference between two values of a rule, and whose holds; nothing where they are the same. */
export function ruleChange(
  what: string,
  { base, here }: { readonly base: JsonValue | undefined; readonly here: JsonValue | undefined },
  holds: RuleChange['holds'],
): readonly RuleChange[] {
  if (sameValue(base, here)) return []
  return [{ what, base: ruleWords(base), here: ruleWords(here), holds }]
}

/** Whether two values are the same document, whatever the order of keys. */
export function sameValue(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return canonicalJson(a) === canonicalJson(b)
}
