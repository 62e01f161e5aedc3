import { sha256 } from '../../../text/hash.ts'
import { nanosecondsOf } from './rfc3339.ts'

/**
 * A function of Rego that a compiled policy asks us for. `undefined` is undefined there too; an
 * `ArrayBuffer` is JSON that needs no writing, such as integers that no number of ours holds.
 */
export type Builtin = (...args: readonly unknown[]) => unknown

/** Those that `@open-policy-agent/opa-wasm` brings along. */
const ofTheLibrary = new Set([
  'json.is_valid',
  'regex.split',
  'sprintf',
  'yaml.is_valid',
  'yaml.marshal',
  'yaml.unmarshal',
])

/**
 * The builtins that we have besides: those whose answer depends on nothing but their arguments and
 * the trial's own clock.
 *
 * @param now - ISO date and time of what is being decided
 */
export function ownBuiltins(now: () => string): Readonly<Record<string, Builtin>> {
  return {
    'crypto.sha256': (text) => (typeof text === 'string' ? sha256(text) : undefined),
    'strings.any_prefix_match': (texts, starts) =>
      anyMatch(texts, starts, (text, start) => text.startsWith(start)),
    'strings.any_suffix_match': (texts, ends) =>
      anyMatch(texts, ends, (text, end) => text.endsWith(end)),
    'time.now_ns': () => integer(nanosecondsOf(now())),
    'time.parse_rfc3339_ns': (text) =>
      typeof text === 'string' ? integer(nanosecondsOf(text)) : undefined,
  }
}

const owned = new Set(Object.keys(ownBuiltins(() => '')))

/** Of the builtins that a policy needs, those that nobody has, sorted. */
export function missingBuiltins(needed: readonly string[]): readonly string[] {
  return needed.filter((name) => !ofTheLibrary.has(name) && !owned.has(name)).sort()
}

function anyMatch(
  texts: unknown,
  parts: unknown,
  matches: (text: string, part: string) => boolean,
): boolean | undefined {
  const all = textsOf(texts)
  const wanted = textsOf(parts)
  if (all === undefined || wanted === undefined) return undefined
  return all.some((text) => wanted.some((part) => matches(text, part)))
}

/** One text, or a list or set of them. */
function textsOf(value: unknown): readonly string[] | undefined {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value]
  return all.every((one) => typeof one === 'string') ? all : undefined
}

function integer(value: bigint | undefined): ArrayBuffer | undefined {
  return value === undefined ? undefined : new TextEncoder().encode(String(value)).buffer
}
