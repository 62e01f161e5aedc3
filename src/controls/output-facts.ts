import { type ExprValue, type JsonMembers, toExprValue } from '../expr/value.ts'
import type { JsonValue } from '../schema/json.ts'
import { findPii, findSecrets } from './sensitive/find-sensitive.ts'
import { type Finding, inOrder } from './sensitive/finding.ts'
import { textsIn } from './sensitive/texts-in.ts'

/** Which computed facts somebody asks for. */
export interface OutputNeeds {
  readonly pii: boolean
  readonly secrets: boolean
}

const everything: OutputNeeds = { pii: true, secrets: true }

/**
 * What a rule about `output` can ask: the text or value itself, and computed facts.
 *
 * Facts that nobody needs are absent and not false, so that a rule which names one all the same is an
 * error and never passes. Rejects when it cannot look, see {@link findSensitive}.
 */
export async function outputFacts(
  output: JsonValue,
  needs: OutputNeeds = everything,
): Promise<ExprValue> {
  const text = typeof output === 'string' ? output : JSON.stringify(output)
  const texts = needs.pii || needs.secrets ? textsIn(output) : []
  const pii = needs.pii ? await kindsIn(texts, findPii) : undefined
  const secrets = needs.secrets ? await kindsIn(texts, findSecrets) : undefined
  return toExprValue({
    text,
    value: output,
    ...(pii && { contains_pii: pii.length > 0, pii_kinds: pii }),
    ...(secrets && { contains_secret: secrets.length > 0, secret_kinds: secrets }),
  } satisfies JsonMembers)
}

/**
 * Which facts conditions may ask for, by the words in them. One that puts a name together from parts
 * finds it absent.
 */
export function outputNeeds(conditions: readonly string[]): OutputNeeds {
  const names = (fact: RegExp): boolean => conditions.some((condition) => fact.test(condition))
  return { pii: names(/contains_pii|pii_kinds/), secrets: names(/contains_secret|secret_kinds/) }
}

async function kindsIn(
  texts: Iterable<string>,
  find: (text: string) => Promise<readonly Finding[]>,
): Promise<readonly string[]> {
  const kinds = new Set<string>()
  for (const text of texts) for (const { kind } of await find(text)) kinds.add(kind)
  return inOrder(kinds)
}
