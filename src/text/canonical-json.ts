import type { JsonObject, JsonValue } from '../schema/json.ts'

/**
 * JSON with one spelling per value: keys sorted by UTF-16 code unit, no white space.
 *
 * What hashes, idempotency keys and equality of arguments stand on. Members that are
 * `undefined` are left out, as in `JSON.stringify`; -0 becomes 0.
 *
 * @throws TypeError where the value has no JSON form: NaN, an infinity, `undefined` in a list
 * @see RFC 8785, which orders keys and writes numbers and strings the same way
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return scalar(value)
  if (isList(value)) return canonicalList(value)

  let members = ''
  for (const key of Object.keys(value).sort()) {
    const member = value[key]
    if (member === undefined) continue
    members += `${members === '' ? '' : ','}${quote(key)}:${canonicalJson(member)}`
  }
  return `{${members}}`
}

function canonicalList(list: readonly JsonValue[]): string {
  let items = ''
  for (const item of list) items += `${items === '' ? '' : ','}${canonicalJson(item)}`
  return `[${items}]`
}

/**
 * The same order of keys for people and for diffs: two spaces of indentation, a newline at the end.
 *
 * What a reader cannot see, and a terminal or an editor would act on, stands as its escape: it is the
 * same value to every parser.
 *
 * @throws TypeError as `canonicalJson`
 */
export function prettyCanonicalJson(value: JsonValue): string {
  const text = `${pretty(value, '\n')}\n`
  return /[^\n -~]/.test(text) ? text.replace(withoutInk, escaped) : text
}

/** DEL, C1, and whatever is ignorable but joiners and variation selectors, which emoji need. */
const withoutInk =
  /[\u007f-\u009f\u2028\u2029\ufff9-\ufffb]|(?![\u200c\u200d\ufe00-\ufe0f\u{e0100}-\u{e01ef}])\p{Default_Ignorable_Code_Point}/gu

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`
  }).join('')
}

function pretty(value: JsonValue, newline: string): string {
  if (typeof value !== 'object' || value === null) return scalar(value)
  const inner = `${newline}  `
  if (isList(value)) {
    return bracket(
      '[]',
      newline,
      [...value].map((item) => pretty(item, inner)),
    )
  }
  return bracket('{}', newline, prettyMembers(value, inner))
}

function prettyMembers(object: JsonObject, newline: string): readonly string[] {
  return Object.keys(object)
    .sort()
    .flatMap((key) => {
      const member = object[key]
      return member === undefined ? [] : [`${quote(key)}: ${pretty(member, newline)}`]
    })
}

function bracket(pair: '[]' | '{}', newline: string, items: readonly string[]): string {
  if (items.length === 0) return pair
  const inner = `${newline}  `
  return `${pair.charAt(0)}${inner}${items.join(`,${inner}`)}${newline}${pair.charAt(1)}`
}

function scalar(value: string | number | boolean | null | undefined): string {
  if (typeof value === 'string') return quote(value)
  if (value === undefined || (typeof value === 'number' && !Number.isFinite(value))) {
    throw new TypeError(`${String(value)} has no JSON form`)
  }
  return String(value)
}

/** Most strings need no escape, and knowing that is cheaper than `JSON.stringify`. */
function quote(text: string): string {
  return /^[ !#-[\]-~]*$/.test(text) ? `"${text}"` : JSON.stringify(text)
}

function isList(value: JsonObject | readonly JsonValue[]): value is readonly JsonValue[] {
  return Array.isArray(value)
}
