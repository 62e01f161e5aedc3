import { isRedactionMarker, redactionMarker } from './redaction-marker.ts'
import { secretKey } from './secret-keys.ts'

const word =
  '(?:pass|pwd|key|secret|authorization|cookie|credential|connect|sess|token)[\\w.-]{0,20}'
const name = `[\\w.-]{0,60}${word}`

/** A word of those with `:` or `=` behind it: one cheap test, and most texts fail it. */
const hint = new RegExp(`${word}[\\\\"']{0,8}\\s{0,8}[:=]`, 'i')

/**
 * `"api_key": "…"`, also inside a JSON string (`\"api_key\":\"…\"`), in a Python dict, as
 * `api_key = '…'`, or with its end cut off. Up to seven backslashes, three levels of JSON.
 */
const quoted = new RegExp(
  `(?<![\\w.\\\\"'-])(\\\\{0,7}["']|)(${name})(\\1\\s{0,8}[:=]>?\\s{0,8})(\\\\{0,7}["'])(?:(.*?)(?<!\\\\)\\4|([^"'\\\\\\n]*))`,
  'gi',
)

/** `API_KEY=…`, `?token=…&`, `--password=…`, `secret_key = …`. */
const assigned = new RegExp(
  `(?<![\\w.-])(${name})([ \\t]{0,3}=[ \\t]{0,3}["']?)([^\\s"'\`<>()[\\]{}&;,\\\\$]{6,})`,
  'gi',
)

/** `password: hunter2`, `X-Api-Key: …`: one word with a digit that ends its line. */
const labelled = new RegExp(
  `(?<![\\w.-])(${name})(:[ \\t]{1,8})((?=[^\\s\\d]{0,100}\\d)[^\\s"'\`<>()[\\]{},\\\\]{6,})(?=[ \\t]{0,8}$)`,
  'gim',
)

/**
 * Redacts in running text what stands behind the name of a secret.
 *
 * Stricter than for members of an object, because prose says "password: choose one" too.
 */
export function redactAssignments(text: string): string {
  if (!hint.test(text)) return text
  return redactQuoted(text).replace(assigned, redactAssigned).replace(labelled, redactAssigned)
}

function redactQuoted(text: string): string {
  return text.replace(quoted, (...match: readonly (string | undefined)[]) => {
    const [, open = '', key = '', sign = '', quote = '', closed, cut = ''] = match
    const value = closed ?? cut
    // Text under a harmless name can hold quoted text again, each time with another quote.
    const clean = markerFor(key, value) ?? redactQuoted(value)
    return `${open}${key}${sign}${quote}${clean}${closed === undefined ? '' : quote}`
  })
}

function redactAssigned(...match: readonly string[]): string {
  const [, key = '', sign = '', value = ''] = match
  const isCode = sign.startsWith(' ') && !/\d/.test(value)
  const marker = isCode ? undefined : markerFor(key, value)
  return `${key}${sign}${marker ?? value}`
}

function markerFor(key: string, value: string): string | undefined {
  const secret = secretKey(key)
  if (secret === undefined || !secret.value.test(value)) return undefined
  return isRedactionMarker(value) ? undefined : redactionMarker(secret.kind)
}
