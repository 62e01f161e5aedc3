import type { JsonValue } from '../schema/json.ts'
import { knownSecrets } from './known-secrets.ts'
import { redactTree } from './redact-tree.ts'
import { remember } from './remember.ts'
import { redactAssignments } from './secret-assignments.ts'
import { mayNameSecret } from './secret-keys.ts'
import { redactPatterns } from './secret-patterns.ts'
import { stripControl } from './strip-control.ts'

export interface Redactor {
  readonly text: (text: string) => string
  /** Returns the same reference when there was nothing to redact. */
  readonly json: (value: JsonValue) => JsonValue
}

/** No shorter text holds the name of a secret and its value; most keys and ids are shorter. */
const minLength = 8

/** Texts of this length and number are remembered with what became of them: about a megabyte. */
const longestRemembered = 500
const rememberedTexts = 2_000

/** What whoever shows a text takes out of it, line breaks apart. */
const withoutInk =
  /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\ufff9-\ufffb]|\p{Default_Ignorable_Code_Point}/u

/** JSON in a string in a string: arguments of a tool that forwards a request. */
const maxEmbedding = 3

/**
 * Makes the redactor for everything that leaves memory: traces, cassettes, logs, reports.
 *
 * A secret is found by the name it stands under, by its form, or because its exact value is
 * known; each becomes `[redacted:<kind>]`. Redacting twice changes nothing more. Colours and
 * invisible characters hide none: a text that has them and a secret is kept without them, as it
 * would be shown. Out of reach: names and addresses, secrets without a name or a form, secrets
 * cut in two.
 *
 * @param options.values - exact secrets, such as the API keys of this process; those of
 * fewer than 8 characters are ignored
 */
export function createRedactor(options: { readonly values: readonly string[] }): Redactor {
  const redactKnown = knownSecrets(options.values)

  const redactWords = (text: string): string => redactAssignments(redactPatterns(redactKnown(text)))
  const redactFlat = (text: string): string => {
    if (!withoutInk.test(text)) return redactWords(text)
    const shown = stripControl(text)
    const clean = redactWords(shown)
    return clean === shown ? redactWords(text) : clean
  }
  const redactText = (text: string, embedding: number): string => {
    if (text.length < minLength) return text
    const flat = redactFlat(text)
    const value = embedding < maxEmbedding ? embeddedJson(text) : undefined
    if (value === undefined) return flat
    const clean = redactTree(value, (inner) => redactText(inner, embedding + 1))
    // Written again even where only the flat text tells: of two members with one name,
    // the value has the last and the text has both.
    return clean === value && flat === text ? text : JSON.stringify(clean)
  }

  const redactShort = remember((text: string) => redactText(text, 0), rememberedTexts)
  const redact = (text: string): string =>
    text.length > longestRemembered ? redactText(text, 0) : redactShort(text)
  return { text: redact, json: (value) => redactTree(value, redact) }
}

const { text, json } = createRedactor({ values: [] })

/** Redacts by name and by form only. */
export const redactText = text
export const redactJson = json

/**
 * The value, where a text is a JSON object or list that may name a secret; arguments of
 * tools come as such text. Changed text is written again without its own white space.
 */
function embeddedJson(text: string): JsonValue | undefined {
  if (!/^\s*[[{]/.test(text) || !(mayNameSecret(text) || text.includes('\\u'))) return undefined
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}
