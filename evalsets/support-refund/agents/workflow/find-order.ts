import type { Desk } from './desk.ts'
import { names } from './items.ts'
import type { Language } from './language.ts'
import { say, tellDown } from './phrases.ts'
import type { FoundOrder, Order } from './records.ts'
import type { Reading, Request } from './understand.ts'
import { inEnglish } from './vocabulary.ts'

export type Found =
  | { readonly ok: true; readonly order: Order }
  | { readonly ok: false; readonly reply: string }

/**
 * The order that a request is about, when it belongs to the one who asks. Without a number it is
 * looked for by the goods that were named; where more than one fits, the customer is asked.
 */
export async function findOrder(request: Request, reading: Reading, desk: Desk): Promise<Found> {
  const { customerId, language } = reading
  const orderId = request.orderId ?? (await orderByItem(reading, desk))
  if (orderId === undefined) return { ok: false, reply: say('askOrder', language) }
  const found = await readOrder(orderId, language, desk)
  if (!found.ok) return found
  if (customerId === undefined) return { ok: false, reply: say('askWho', language) }
  if (found.order.customer_id !== customerId) return { ok: false, reply: say('notYours', language) }
  return found
}

export async function readOrder(orderId: string, language: Language, desk: Desk): Promise<Found> {
  const answer = await desk.look<Order>('orders.get_status', { order_id: orderId })
  if (answer.ok) return { ok: true, order: answer.value }
  return {
    ok: false,
    reply:
      answer.code === 'order_not_found' ? unknown[language](orderId) : tellDown('answer', language),
  }
}

const unknown: Readonly<Record<Language, (id: string) => string>> = {
  en: (id) =>
    `I can't find an order with the number ${id}; it does not exist in our system. Could you check the order number?`,
  de: (id) => `Ich finde keine Bestellung ${id}. Können Sie die Bestellnummer prüfen?`,
  es: (id) => `No encuentro ningún pedido ${id}. ¿Puede comprobar el número de pedido?`,
}

async function orderByItem(
  { customerId, language, topic, said }: Reading,
  desk: Desk,
): Promise<string | undefined> {
  if (customerId === undefined) return undefined
  const orders = await ordersOf(customerId, desk)
  const byWords = (text: string): readonly FoundOrder[] =>
    orders.filter(({ items }) => items.some((name) => names(inEnglish(text, language), { name })))
  const fitting = byWords(topic).length > 0 ? byWords(topic) : byWords(said)
  const particular = fitting.filter(({ items }) => items.some((name) => hasAllWords(topic, name)))
  const [first, ...others] = particular.length > 0 ? particular : fitting
  return others.length === 0 ? first?.order_id : undefined
}

/** "the white one": words before the noun tell two lamps apart. */
function hasAllWords(text: string, name: string): boolean {
  const words = text.toLowerCase().split(/[^\p{L}]+/u)
  const apart = name
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => /^(white|blue|black|red|green|round|tall|small|floor|desk)$/.test(word))
  return apart.length > 0 && apart.every((word) => words.includes(word) || word === 'desk')
}

export async function ordersOf(customer_id: string, desk: Desk): Promise<readonly FoundOrder[]> {
  const answer = await desk.look<{ orders: readonly FoundOrder[] }>('orders.search', {
    customer_id,
  })
  return answer.ok ? answer.value.orders : []
}
