import type { Desk } from './desk.ts'
import { tellAllRefunded, tellRefund } from './phrases.ts'
import type { Order, Refund } from './records.ts'
import { cents } from './refund-rules.ts'
import type { Reading } from './understand.ts'

/** What was paid back for an order before, and what of its price is still open. */
export interface RefundHistory {
  readonly refunds: readonly Refund[]
  /** Dollars. */
  readonly open: number
}

/** Reads the books: they may know of a refund that the order does not show yet. */
export async function refundHistory(order: Order, desk: Desk): Promise<RefundHistory> {
  const { order_id, refunded_usd, total_usd } = order
  const books = await desk.look<{ refunds: readonly Refund[] }>('payments.get_refund_status', {
    order_id,
  })
  const refunds = books.ok ? books.value.refunds : []
  const paid = refunds.reduce((sum, { amount_usd }) => sum + amount_usd, 0)
  return { refunds, open: cents(total_usd - Math.max(refunded_usd, paid)) }
}

/**
 * What to tell a customer whose money is out already; `undefined` where something is to be paid. A
 * part of the same price that went out today is what they ask about, not one more piece.
 */
export function paidBefore(
  order: Order,
  amount: number,
  { history, reading }: { readonly history: RefundHistory; readonly reading: Reading },
): string | undefined {
  const { open, refunds } = history
  const today = order.as_of.slice(0, 10)
  const same = refunds.find((one) => one.amount_usd === amount && one.at.slice(0, 10) === today)
  const out = same ?? (open <= 0 ? refunds.at(-1) : undefined)
  if (out !== undefined) return tellRefund(out, order.order_id, reading.language)
  return open <= 0 ? tellAllRefunded(order.order_id, reading.language) : undefined
}
