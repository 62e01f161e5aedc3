import { RE2JS } from '@bufbuild/re2'
import { memoize } from './memoize.ts'

/** A pattern in RE2 syntax, ready to test texts in time linear in their length. */
export interface Pattern {
  readonly text: string
  /** Whether the pattern occurs anywhere in `text`; anchor with `^` and `$` for all of it. */
  readonly test: (text: string) => boolean
}

export type CompiledPattern =
  | { readonly ok: true; readonly pattern: Pattern }
  | { readonly ok: false; readonly error: string }

/** Compiling is quadratic in the length of a pattern: 4,000 characters take 40 ms, 100,000 a minute. */
const maxLength = 4_000

/**
 * Compiles a pattern of an eval set, a policy or a JSON Schema. Never throws; remembers its results.
 *
 * Flags stand inside: `(?i)` ignores case, `(?s)` lets `.` match newlines, `(?m)` is per line.
 * Look-around and back-references are errors: they cannot be matched in linear time.
 */
export const compilePattern: (text: string) => CompiledPattern = memoize(500, compile)

function compile(text: string): CompiledPattern {
  if (text.length > maxLength) {
    return { ok: false, error: `a pattern has at most ${maxLength} characters` }
  }
  try {
    const compiled = RE2JS.compile(text)
    return { ok: true, pattern: { text, test: (subject) => compiled.test(subject) } }
  } catch (error) {
    return { ok: false, error: reason(error) }
  }
}

function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const text = message.replace(/^error parsing regexp: /, '')
  if (!text.startsWith('invalid or unsupported Perl syntax')) return text
  return `${text}; patterns are RE2, which has no look-around`
}
