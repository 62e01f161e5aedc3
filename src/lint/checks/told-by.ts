import { tells } from '../../graders/says/tells.ts'
import type { CallView } from '../../graders/trial-view.ts'
import type { JsonValue } from '../../schema/json.ts'

/** A value of a call that `bind` or `cites` can compare with what the agent said. */
export interface ToldBy {
  readonly key: 'bind' | 'cites'
  readonly tool: string
  /** `args.amount_usd`, `result.items.0.sku`. */
  readonly value: string
}

/** The call that carries a number or id that was said: a write that happened, else a read. */
export function toldBy(calls: readonly CallView[], said: string): ToldBy | undefined {
  const writes = calls.filter((call) => call.tookEffect)
  const reads = calls.filter((call) => call.effect === 'read' && call.status === 'ok')
  return carrier(writes, said, 'bind') ?? carrier(reads, said, 'cites')
}

function carrier(calls: readonly CallView[], said: string, key: ToldBy['key']): ToldBy | undefined {
  for (const { args, tool, value } of calls) {
    const found = pathTo(args, said, 'args') ?? pathTo(value, said, 'result')
    if (found !== undefined) return { key, tool, value: found }
  }
  return undefined
}

function pathTo(value: JsonValue | undefined, said: string, path: string): string | undefined {
  if (typeof value === 'string' || typeof value === 'number') {
    return path.includes('.') && isAll(said, value) ? path : undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, member] of Object.entries<JsonValue>(value)) {
    // Other names cannot be written in a path.
    const found = /^[\w-]+$/.test(key) ? pathTo(member, said, `${path}.${key}`) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * The value and nothing else: "O-1" tells the text "o" as well. Results hold thousands of values, so
 * what cannot be it is turned away before its words are compared.
 */
function isAll(said: string, value: string | number): boolean {
  const isPossible =
    typeof value === 'number'
      ? significantDigits(String(Number(value.toPrecision(12)))) === significantDigits(said)
      : value.length <= said.length + longestSpelling && /\d/.test(value)
  return isPossible && tells(said, value)
}

/** An amount that is kept as text may have more zeros than the words that tell it. */
const longestSpelling = 8

/** However a number is written, these are the same: of `1,299.00 €` and of 1299 they are `1299`. */
function significantDigits(text: string): string {
  return text.replaceAll(/\D/g, '').replaceAll(/^0+|0+$/g, '')
}
