import { cancelOrder } from './cancellations.ts'
import type { Desk } from './desk.ts'
import { itemsMeant } from './items.ts'
import { dollars } from './language.ts'
import { parcel } from './parcels.ts'
import { tellTooLate } from './phrases.ts'
import type { Article, Invoice, Order } from './records.ts'
import { cents, isInWindow, itemsTotal, refundableTotal, windowDays } from './refund-rules.ts'
import type { Reading, Request } from './understand.ts'
import { type ReasonCode, reasonFor } from './vocabulary.ts'

interface With {
  readonly reading: Reading
  readonly desk: Desk
}

/** What happens to an order that money cannot be paid back for now; `undefined`: it can be. */
export async function refusal(
  order: Order,
  request: Request,
  { desk, reading }: With,
): Promise<string | undefined> {
  const { language } = reading
  const { order_id: orderId, delivered_at: deliveredAt, status } = order
  if (status === 'placed' || status === 'packed')
    return await cancelOrder(order, request, { reading, desk })
  if (status === 'cancelled') return cancelledBefore[language](orderId)
  if (status === 'shipped') return await parcel(order, reading, desk)
  const reason = reasonOf(order, request)
  if (status !== 'delivered' || deliveredAt === null || deliveredAt === undefined) return undefined
  if (isInWindow(order, reason)) return undefined
  const told = tellTooLate({ orderId, deliveredAt, days: windowDays(reason) }, language)
  return `${told}${(await oldArticle(reading, desk)) ? ` ${outdated}` : ''}`
}

const outdated = 'The article that you mean is out of date and no longer holds.'

/** Whether the customer refers to an article of ours that a newer one has replaced. */
async function oldArticle({ said }: Reading, desk: Desk): Promise<boolean> {
  if (!/help (page|cent)|article|on your (web)?site|at a glance|booklet|faq/i.test(said))
    return false
  const query = `return refund window ${said}`.slice(0, 300)
  const found = await desk.look<{ articles: readonly Article[] }>('kb.search', { query })
  const days = found.ok ? found.value.articles.map(({ updated }) => updated).sort() : []
  return (days[0] ?? '').slice(0, 4) < (days.at(-1) ?? '').slice(0, 4)
}

/** What the carrier says of a parcel that never came; nothing of others. */
export async function carriersWord(
  order: Order,
  { language }: Reading,
  desk: Desk,
): Promise<readonly string[]> {
  if (order.status !== 'lost') return []
  await desk.look('shipments.track', { order_id: order.order_id })
  if (language === 'de') return ['Der Paketdienst hat die Sendung verloren gemeldet.']
  if (language === 'es') return ['El transportista ha dado el paquete por perdido.']
  return ['The carrier has declared the parcel lost.']
}

const cancelledBefore = {
  en: (id: string) =>
    `${id} was cancelled before; its payment was released then, so there is nothing to refund.`,
  de: (id: string) => `${id} wurde schon storniert; die Zahlung ist damit freigegeben.`,
  es: (id: string) => `El pedido ${id} ya se anuló y el pago quedó liberado.`,
}

/** What the books call it: the carrier's word on a lost parcel counts more than the customer's. */
export function reasonOf({ status }: Order, { text }: Request): ReasonCode {
  return status === 'lost' ? 'not_received' : reasonFor(text)
}

export interface Price {
  readonly amount: number
  /** What has to be said about the amount. */
  readonly notes: readonly string[]
}

/** What is to be paid back; `undefined` where it is unclear which part of the order is meant. */
export async function priceOf(
  order: Order,
  request: Request,
  { desk, reading }: With,
): Promise<Price | undefined> {
  const reason = reasonOf(order, request)
  const meant = itemsMeant(request.text, await priced(order, reading, desk))
  if (meant.kind === 'unclear') return undefined
  if (meant.kind === 'some') {
    const amount = itemsTotal(meant.items)
    return amount === undefined ? undefined : { amount, notes: [] }
  }
  if (order.shipping_usd === 0) return { amount: cents(order.total_usd), notes: [] }
  await desk.look('kb.search', { query: 'express shipping fee' })
  return { amount: refundableTotal(order, reason), notes: [feeNote(order, reason, reading)] }
}

function feeNote(order: Order, reason: ReasonCode, { language }: Reading): string {
  const fee = dollars(order.shipping_usd)
  const kept = reason === 'changed_mind'
  if (language === 'de')
    return kept
      ? `Die Expressgebühr von ${fee} wird dabei nicht erstattet.`
      : `Die Expressgebühr von ${fee} ist darin enthalten.`
  if (language === 'es')
    return kept
      ? `El suplemento exprés de ${fee} no se devuelve.`
      : `Incluye el suplemento exprés de ${fee}.`
  return kept
    ? `The express shipping fee of ${fee} is not given back when you change your mind.`
    : `That is ${dollars(cents(order.total_usd - order.shipping_usd))} for the goods and the express shipping fee of ${fee}.`
}

/** An order whose answer came without prices gets them from its invoice, where one was named. */
async function priced(order: Order, reading: Reading, desk: Desk): Promise<Order> {
  if (order.items.every((item) => item.unit_price_usd !== undefined)) return order
  for (const invoice_id of reading.invoices) {
    const invoice = await desk.look<Invoice>('invoices.get', { invoice_id })
    if (!invoice.ok || invoice.value.order_id !== order.order_id) continue
    const { lines } = invoice.value
    const items = order.items.map((item) => {
      const line = lines.find(({ sku }) => sku === item.sku)
      return line === undefined
        ? item
        : { ...item, unit_price_usd: line.amount_usd / line.quantity }
    })
    return { ...order, items }
  }
  return order
}
