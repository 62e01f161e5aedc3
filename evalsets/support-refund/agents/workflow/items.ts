import { countIn } from './numbers.ts'
import type { Order, OrderItem } from './records.ts'

/** What of an order is meant. */
export type Meant =
  | { readonly kind: 'all' }
  | { readonly kind: 'some'; readonly items: readonly MeantItem[] }
  /** A part of it, and nobody said which. */
  | { readonly kind: 'unclear' }

export interface MeantItem extends OrderItem {
  /** Pieces that are meant, at most those in the order. */
  readonly pieces: number
}

const allOfIt =
  /\ball (of|the|\w+ \w+ of|four|five|six|three)\b|everything|in full|full (price|refund)|complete refund|the (whole|lot)\b|both (go|of them go)|alles|enteros?\b|was (paid )?in total|paid .{0,12}in total|altogether/i
const vague =
  /\bsomething (in|was)|one (piece|of the two)|half of|for (the|that) (one|piece)\b|only what's broken/i
const expected = /should have (had|been)|\bordered\b|\bof the \w+ [a-z]+s\b/i
const kept =
  /\b(fine|keep(ing)?|kept|whole|perfect|lovely|great|stays?|good|okay|ok|heil|in ordnung|clean|already given)\b/i

/** Which pieces of an order a text is about. */
export function itemsMeant(text: string, order: Order): Meant {
  const clauses = clausesOf(text).filter((clause) => !kept.test(clause))
  const telling = clauses.filter((clause) => !expected.test(clause))
  const isNamed = telling.some((one) => order.items.some((item) => saysOf(item, order)(one)))
  const named = order.items.flatMap((item) => {
    const says = saysOf(item, order)
    const clause = (isNamed ? telling : clauses).find(says)
    return clause === undefined
      ? []
      : [{ ...item, pieces: piecesOf(item, clause, order.items.length === 1 ? clauses : []) }]
  })
  const isWhole =
    named.length === order.items.length && named.every((one) => one.pieces === one.quantity)
  if (isWhole) return { kind: 'all' }
  if (named.length > 0 && (order.items.length > 1 || !allOfIt.test(text)))
    return { kind: 'some', items: named }
  if (allOfIt.test(text) || named.length > 0) return { kind: 'all' }
  return unnamed(text, order, clauses)
}

function saysOf(item: OrderItem, { items }: Order): (clause: string) => boolean {
  return (clause) => names(clause, item) && isApart(clause, item, items)
}

function unnamed(text: string, order: Order, clauses: readonly string[]): Meant {
  const [only, ...others] = order.items
  if (others.length > 0) return vague.test(text) ? { kind: 'unclear' } : { kind: 'all' }
  if (only === undefined || only.quantity === 1) return { kind: 'all' }
  const count = clauses.map(countOfPart).find((one) => one !== undefined)
  if (count === undefined || count >= only.quantity) return { kind: 'all' }
  return { kind: 'some', items: [{ ...only, pieces: count }] }
}

/** The latest words first: who corrects himself means the correction. */
function clausesOf(text: string): readonly string[] {
  return text.split('\n').toReversed().flatMap(clausesOfLine)
}

function clausesOfLine(line: string): readonly string[] {
  return line
    .split(
      /[.;:!?,\n()]|\bbut\b|\baber\b|\bpero\b|\b(?:and|und|y) (?=\w+ (?:cups?|jars?|glasses|spoons?|are|is)\b)/i,
    )
    .filter((one) => one.trim() !== '')
}

/** "two of the three", "only one is cracked", "two broken". */
function countOfPart(clause: string): number | undefined {
  const found =
    /\b(\w+) of (them|the|these)\b|\bonly (\w+)\b|\b(\w+) (broken|cracked|damaged|arrived|came)\b|\b(\w+) der (drei|vier|fünf|sechs)\b|\banother\b/i.exec(
      clause,
    )
  if (found === null) return undefined
  return /another/i.test(found[0]) ? 1 : countIn(found[0])
}

function piecesOf(item: OrderItem, clause: string, clauses: readonly string[]): number {
  if (/\ball\b/i.test(clause)) return item.quantity
  const part = clauses.map(countOfPart).find((one) => one !== undefined)
  const said = part ?? countOfPart(clause) ?? countBefore(clause, item)
  if (said !== undefined) return Math.min(said, item.quantity)
  return item.quantity
}

function countBefore(clause: string, item: OrderItem): number | undefined {
  const words = clause.toLowerCase().split(/\s+/)
  const at = words.findIndex((word) => isNoun(word, item))
  const before = words.slice(Math.max(0, at - 3), at).join(' ')
  const count = countIn(before)
  if (count !== undefined) return count
  return /\b(the|a|an|another)$/.test(before) && !(words[at] ?? '').replace(/\W/g, '').endsWith('s')
    ? 1
    : undefined
}

/** Of a chef's knife and a bread knife a text names the one whose first word it has, too. */
function isApart(text: string, item: OrderItem, items: readonly OrderItem[]): boolean {
  const noun = nounOf(item)
  if (items.filter((other) => nounOf(other) === noun).length < 2) return true
  const first = item.name.toLowerCase().split(/[\s'’]/)[0] ?? ''
  return text.toLowerCase().includes(first)
}

function nounOf({ name }: Pick<OrderItem, 'name'>): string {
  return singular(name.split(',')[0]?.split(' ').at(-1) ?? name)
}

/** Whether a text names an item: by its noun, in the singular or the plural. */
export function names(text: string, item: Pick<OrderItem, 'name'>): boolean {
  return text
    .toLowerCase()
    .split(/[\s/]+/)
    .some((word) => isNoun(word, item))
}

function isNoun(word: string, item: Pick<OrderItem, 'name'>): boolean {
  const noun = nounOf(item)
  const said = singular(word.replaceAll(/[^\p{L}-]/gu, ''))
  return (
    said !== '' && (said === noun || (noun.length > 4 && said.length > 4 && noun.startsWith(said)))
  )
}

function singular(word: string): string {
  const lower = word.toLowerCase()
  if (/(sh|ch|ss|x)es$/.test(lower)) return lower.slice(0, -2)
  if (/ves$/.test(lower)) return `${lower.slice(0, -3)}fe`
  return lower.length > 3 && lower.endsWith('s') && !lower.endsWith('ss')
    ? lower.slice(0, -1)
    : lower
}
