import type { Excerpt } from './source-file.ts'

/** A policy's own text in its file. */
export interface Statement extends Excerpt {
  /** Where its `permit` or `forbid` begins in its text. */
  readonly effectAt: number
  /** How deep its brackets nest. */
  readonly depth: number
}

/**
 * White space and comments between policies, texts (with `;` and `//` of their own), brackets, the
 * `;` that ends a policy, and what is left.
 */
const token = /(\s+|\/\/[^\n\r]*)|("(?:[^"\\]|\\[^])*"?)|([([{])|([)\]}])|(;)|[^\s"([{)\]};/]+|\//gu

/**
 * Where each policy of a text begins and ends, from its first annotation to its semicolon.
 *
 * Cedar itself tells neither, and forgets the order. Knows only as much of the language as that
 * takes: the text must be one that Cedar can parse.
 */
export function splitPolicies(text: string): readonly Statement[] {
  const statements: Statement[] = []
  let current: Reading | undefined
  for (const { index, 0: all, 1: between, 3: opens, 4: closes, 5: ends } of text.matchAll(token)) {
    if (between !== undefined) continue
    current ??= { index, effectAt: 0, depth: 0, open: 0, previous: '' }
    if (opens !== undefined) current.depth = Math.max(current.depth, ++current.open)
    if (closes !== undefined) current.open--
    if (isEffect(all, current)) current.effectAt = index - current.index
    current.previous = all
    if (ends === undefined) continue
    const { depth, effectAt, index: start } = current
    statements.push({ text: text.slice(start, index + all.length), index: start, effectAt, depth })
    current = undefined
  }
  return statements
}

interface Reading {
  readonly index: number
  effectAt: number
  depth: number
  open: number
  previous: string
}

/** Annotations stand before it, and one of them may be called the same. */
function isEffect(word: string, { effectAt, open, previous }: Reading): boolean {
  if (effectAt > 0 || open > 0 || previous.endsWith('@')) return false
  return word === 'permit' || word === 'forbid'
}
