import { addressIn } from './addresses.ts'
import type { Turn } from './contract.ts'
import { type Language, languageOfTalk } from './language.ts'
import { customerNumber, numbersOf, orderNumbers, postcodes } from './numbers.ts'
import { inEnglish, notWanted, onlyAsks, reasonFor, type Wish, wishes } from './vocabulary.ts'

/** One thing that the customer wants done. */
export interface Request {
  readonly wish: Wish
  readonly orderId: string | undefined
  /** What was said about it. */
  readonly text: string
}

/** A conversation as this agent understands it. */
export interface Reading {
  readonly language: Language
  readonly customerId: string | undefined
  readonly postcode: string | undefined
  readonly requests: readonly Request[]
  readonly questions: readonly string[]
  /** Orders that the latest topic is about. */
  readonly orders: readonly string[]
  readonly gifts: readonly string[]
  readonly invoices: readonly string[]
  /** The ticket that is worked on. */
  readonly ticketId: string | undefined
  /** All of the customer's words, quotations left out. */
  readonly said: string
  /** The words of the latest topic and what was added to it. */
  readonly topic: string
  readonly wantsMail: boolean
  /** What we have said so far. */
  readonly replies: readonly string[]
}

/**
 * Reads the whole conversation anew each turn: the latest message that wants something is the topic,
 * what came before fills in who speaks and which order is meant, what came after corrects it.
 *
 * @param ticketTexts - what the customer wrote into a ticket that the conversation is about
 */
export function understand(conversation: readonly Turn[], ticketTexts: readonly string[]): Reading {
  const language = languageOfTalk(textsOf(conversation, 'user').map(withoutQuotations))
  const texts = [...ticketTexts, ...textsOf(conversation, 'user')]
    .map(withoutQuotations)
    .map((text) => inEnglish(text, language))
  const at = topicIndex(texts)
  const topic = texts.slice(at).join('\n')
  const orders = ordersOf(texts, at)
  const said = texts.join('\n')
  const read = { texts, at, topic, orders }
  return {
    language,
    ...identity(texts),
    requests: isAboutRules(said) ? [] : requestsOf(read),
    questions: sentencesOf(topic).filter((one) => one.includes('?') && wishOf(one) === undefined),
    orders,
    gifts: numbersOf('G', said),
    invoices: numbersOf('I', said),
    ticketId: numbersOf('T', said)[0],
    said,
    topic,
    wantsMail:
      /\b(e-?mail|mail) (it )?(me|him|her|to me)\b(?! (one|a|the|an) )|\be-?mail me the\b|\b(by|per|via) (e-?)?mail\b|\bmail with\b/i.test(
        said,
      ),
    replies: textsOf(conversation, 'assistant'),
  }
}

/** A question of somebody who names neither themselves nor an order: about our rules, not about them. */
function isAboutRules(said: string): boolean {
  const named = [
    customerNumber(said),
    ...orderNumbers(said),
    ...numbersOf('T', said),
    ...numbersOf('G', said),
  ]
  return said.includes('?') && named.every((one) => one === undefined)
}

function textsOf(conversation: readonly Turn[], role: Turn['role']): readonly string[] {
  return conversation.filter((turn) => turn.role === role).map(({ text }) => text)
}

/** What somebody else wrote is not what the customer wants. */
function withoutQuotations(text: string): string {
  return text
    .replaceAll(/^\s*>.*$/gm, '')
    .replaceAll(/["“„][^"”“]{30,}["”]/g, ' ')
    .trim()
}

function topicIndex(texts: readonly string[]): number {
  const wanting = texts.findLastIndex((text) => wishesIn(text).length > 0)
  if (wanting >= 0) return wanting
  return Math.max(
    0,
    texts.findIndex((text) => text.includes('?')),
  )
}

/** Orders named since the topic began, the last word first where one is corrected; else the last one before. */
function ordersOf(texts: readonly string[], at: number): readonly string[] {
  const later = texts.slice(at + 1).flatMap(orderNumbers)
  if (later.length > 0) return later
  for (const text of texts.slice(0, at + 1).toReversed()) {
    const named = orderNumbers(text)
    if (named.length > 0) return named
  }
  return []
}

function identity(texts: readonly string[]): Pick<Reading, 'customerId' | 'postcode'> {
  const destination = texts.map((text) => addressIn(text)?.postcode).findLast((one) => one)
  const given = texts.flatMap(postcodes)
  // What comes first in a message stands beside the name; what is behind it may be anybody's.
  const own = texts.flatMap((text) =>
    postcodes(text)
      .filter((code) => code !== destination)
      .slice(0, 1),
  )
  return {
    customerId: texts.map(customerNumber).findLast((one) => one !== undefined),
    postcode: own.at(-1) ?? (given.length > 1 ? given.at(-1) : undefined),
  }
}

interface Read {
  readonly texts: readonly string[]
  readonly at: number
  readonly topic: string
  readonly orders: readonly string[]
}

function requestsOf({ at, orders, texts, topic }: Read): readonly Request[] {
  const found = settle(wishesIn(texts[at] ?? ''))
  const wanted: readonly Wish[] =
    found.length === 0 && isComplaint(texts.join('\n')) ? ['refund'] : found
  if (orders.length <= 1) {
    // What was wrong with the goods may have been said before the wish changed.
    const isNewOrder = orderNumbers(texts[at] ?? '').length > 0
    const text = isNewOrder ? topic : texts.join('\n')
    return wanted.map((wish) => ({ wish, orderId: orders[0], text }))
  }
  const perOrder = orders.flatMap((orderId) => {
    const text = aboutOrder(topic, orderId)
    const own = settle(wishesIn(text)).filter(isAboutAnOrder)
    const meant = own.length > 0 ? own : wanted.filter(isAboutAnOrder).slice(0, 1)
    return meant.map((wish) => ({ wish, orderId, text }))
  })
  const others = wanted.filter((wish) => !isAboutAnOrder(wish))
  return [...perOrder, ...others.map((wish) => ({ wish, orderId: undefined, text: topic }))]
}

function isAboutAnOrder(wish: Wish): boolean {
  return !['newsletter', 'password', 'account-email'].includes(wish)
}

export function wishOf(sentence: string): Wish | undefined {
  if (onlyAsks.test(sentence)) return undefined
  const wanted = sentence.replaceAll(notWanted, ' ')
  return wishes.find(([, pattern]) => pattern.test(wanted))?.[0]
}

function wishesIn(text: string): readonly Wish[] {
  const found = [...new Set(sentencesOf(text).flatMap((sentence) => wishOf(sentence) ?? []))]
  return found.length === 0 && isComplaint(text) ? ['refund'] : found
}

/** Something is wrong with goods of ours, and nothing else is said: most often that means the money. */
function isComplaint(text: string): boolean {
  if (orderNumbers(text).length === 0 && customerNumber(text) === undefined) return false
  const reason = reasonFor(text)
  return reason !== 'changed_mind' && reason !== 'not_received' && !onlyAsks.test(text)
}

/** Of wishes that exclude each other the more particular one holds. */
const yieldsTo: Readonly<Partial<Record<Wish, readonly Wish[]>>> = {
  refund: ['label', 'replace', 'cancel', 'exception', 'invoice', 'address'],
  'refund-status': ['refund'],
  trace: ['refund'],
  replace: ['exception', 'label'],
  cancel: ['address'],
}

function settle(wanted: readonly Wish[]): readonly Wish[] {
  return wanted.filter((wish) => !yieldsTo[wish]?.some((stronger) => wanted.includes(stronger)))
}

/** Sentences, list entries, and the halves of "cancel this, and refund that". */
export function sentencesOf(text: string): readonly string[] {
  return text
    .split(
      /(?<=[.!?;])\s+|\n+|(?=\([a-c1-3]\)\s)|(?=\b[1-3]\. )|,? and (?=how much|(?:please |also )?(?:refund|cancel|send|take|tell|drop|put)\b)/i,
    )
    .map((one) => one.trim())
    .filter((one) => one !== '')
}

/** The part of a message that is about one of its orders: from its first mention to the next order's. */
export function aboutOrder(text: string, orderId: string): string {
  const parts = sentencesOf(text).flatMap(splitBetweenOrders)
  let about: string | undefined
  const own: string[] = []
  for (const part of parts) {
    const named = orderNumbers(part)[0]
    if (named !== undefined) about = named
    if (about === orderId || (about === undefined && orderNumbers(text)[0] === orderId))
      own.push(part)
  }
  return own.join(' ')
}

function splitBetweenOrders(sentence: string): readonly string[] {
  if (orderNumbers(sentence).length < 2) return [sentence]
  return sentence.split(/,? and |, |; /)
}
