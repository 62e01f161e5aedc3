import { hash } from 'node:crypto'
import type { JsonValue } from '../schema/json.ts'
import { canonicalJson } from './canonical-json.ts'

/**
 * SHA-256 of a text in UTF-8, as 64 hexadecimal digits.
 *
 * Use this one where a hash stands in for text that an agent wrote (texts stored once by
 * hash, cassette keys): nobody can make two texts that share it.
 */
export function sha256(text: string | Uint8Array): string {
  return hash('sha256', text, 'hex')
}

/**
 * A short fingerprint of a JSON value, for "did this definition change?": `sha256:` and 16
 * hexadecimal digits.
 *
 * 64 bits: among a million definitions two share a hash with a chance of 3 in 100 million.
 * Someone who writes both values can find such a pair in about 2^32 tries, so it is not
 * for addressing hostile content.
 *
 * @throws TypeError where the value has no JSON form, as `canonicalJson`
 */
export function hashOf(value: JsonValue): string {
  return `sha256:${sha256(canonicalJson(value)).slice(0, 16)}`
}
