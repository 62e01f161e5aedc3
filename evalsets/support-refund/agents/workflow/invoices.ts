import type { Desk } from './desk.ts'
import { findOrder } from './find-order.ts'
import { dollars } from './language.ts'
import { payOut } from './pay.ts'
import { tellDown } from './phrases.ts'
import type { Invoice, Order } from './records.ts'
import { cents } from './refund-rules.ts'
import type { Reading, Request } from './understand.ts'
import { verify } from './verify.ts'

/** Whether a text is about what was charged against what was billed. */
export function isAboutBilling(text: string): boolean {
  return /\bI-?\d{4}\b.{0,120}(wrong|off|fix|correct|more|too much|different|charged|compare|check|says|reissue|new one|add up|nonsense)|took .{0,30}more|too much, please|was charged|i was charged|bank statement says|more than (that|you)/is.test(
    text,
  )
}

/**
 * Compares what was charged with the items and the express fee. Too much comes back; where only the
 * paper is wrong it is issued again.
 */
export async function settleInvoice(
  request: Request,
  reading: Reading,
  desk: Desk,
): Promise<string> {
  const invoice = await openInvoice(reading, desk)
  if (invoice?.ok === false) return invoice.reply
  const paper = invoice?.invoice
  const orderId = request.orderId ?? paper?.order_id
  const found = await findOrder({ ...request, orderId }, reading, desk)
  if (!found.ok) return found.reply
  await desk.look('kb.search', { query: 'invoice charged' })
  const { order } = found
  const due = dueFor(order)
  if (due === undefined) return tellDown('answer', reading.language)
  const tooMuch = cents(order.total_usd - due - order.refunded_usd)
  if (tooMuch > 0) return await payDifference({ order, due, tooMuch }, reading, desk)
  if (paper === undefined || agrees(paper, order)) return chargeIsRight(order)
  return await reissue(paper, order, { reading, desk })
}

function agrees(invoice: Invoice, order: Order): boolean {
  return cents(invoice.total_usd) === cents(order.total_usd)
}

type OpenedInvoice =
  | { readonly ok: true; readonly invoice: Invoice }
  | { readonly ok: false; readonly reply: string }

/** The invoice that was named; `undefined` where none was. */
async function openInvoice(reading: Reading, desk: Desk): Promise<OpenedInvoice | undefined> {
  const [invoice_id] = reading.invoices
  if (invoice_id === undefined) return undefined
  const read = await desk.look<Invoice>('invoices.get', { invoice_id })
  if (read.ok) return { ok: true, invoice: read.value }
  const reply =
    read.code === 'invoice_not_found'
      ? `I can't find invoice ${invoice_id}; what is its number?`
      : tellDown('answer', reading.language)
  return { ok: false, reply }
}

async function payDifference(
  {
    due,
    order,
    tooMuch,
  }: { readonly order: Order; readonly due: number; readonly tooMuch: number },
  reading: Reading,
  desk: Desk,
): Promise<string> {
  const verified = await verify(reading, desk)
  if (!verified.ok) return verified.reply
  const note = `You were charged ${dollars(order.total_usd)} although ${dollars(due)} was due.`
  const payment = {
    orderId: order.order_id,
    amount: tooMuch,
    reason: 'billing_error',
    notes: [note],
  } as const
  return await payOut(payment, reading, desk)
}

function chargeIsRight({ order_id, shipping_usd, total_usd }: Order): string {
  const fee =
    shipping_usd > 0 ? ` That includes the express shipping fee of ${dollars(shipping_usd)}.` : ''
  return `The charge is right: ${dollars(total_usd)} for ${order_id}.${fee} Nothing was charged too much, so there is nothing to refund.`
}

/** Dollars for the items and the express fee; `undefined` where a price is missing. */
function dueFor({ items, shipping_usd }: Order): number | undefined {
  let due = shipping_usd
  for (const { quantity, unit_price_usd } of items) {
    if (unit_price_usd === undefined) return undefined
    due += quantity * unit_price_usd
  }
  return cents(due)
}

async function reissue(
  { invoice_id }: Invoice,
  { total_usd }: Order,
  { desk, reading }: { readonly reading: Reading; readonly desk: Desk },
): Promise<string> {
  const verified = await verify(reading, desk)
  if (!verified.ok) return verified.reply
  const args = { invoice_id, total_usd, reason_code: 'wrong_total' }
  const done = await desk.act(
    'invoices.reissue',
    args,
    `The total of ${invoice_id} differs from what was charged.`,
  )
  if (!done.ok) return tellDown('change', reading.language)
  return `You are right: ${invoice_id} had a wrong total. A corrected invoice of ${dollars(total_usd)}, which is what you paid, is on its way; no money moves.`
}
