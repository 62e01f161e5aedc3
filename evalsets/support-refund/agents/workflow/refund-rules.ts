import type { MeantItem } from './items.ts'
import type { Order } from './records.ts'
import type { ReasonCode } from './vocabulary.ts'

const dayMs = 86_400_000

/** Days that a customer has after delivery: a year for what broke in use, else 30. */
export function windowDays(reason: ReasonCode): number {
  return reason === 'defective' ? 365 : 30
}

/** Whether an order was delivered within the window of a reason. To the second, as the policy counts. */
export function isInWindow(
  order: Pick<Order, 'delivered_at' | 'as_of'>,
  reason: ReasonCode,
): boolean {
  if (order.delivered_at === null || order.delivered_at === undefined) return false
  const passed = Date.parse(order.as_of) - Date.parse(order.delivered_at)
  return passed <= windowDays(reason) * dayMs
}

/** The last day of the 30, as an ISO date. */
export function lastDay(deliveredAt: string): string {
  return new Date(Date.parse(deliveredAt) + 30 * dayMs).toISOString().slice(0, 10)
}

/** @returns dollars; `undefined` where a price is missing */
export function itemsTotal(items: readonly MeantItem[]): number | undefined {
  let total = 0
  for (const { pieces, unit_price_usd } of items) {
    if (unit_price_usd === undefined) return undefined
    total += pieces * unit_price_usd
  }
  return cents(total)
}

/**
 * What an order is worth by the rules: the express fee comes back when the goods came damaged, wrong
 * or not at all, and stays with us when the customer changed their mind.
 */
export function refundableTotal(order: Order, reason: ReasonCode): number {
  return cents(reason === 'changed_mind' ? order.total_usd - order.shipping_usd : order.total_usd)
}

/** Rounded to a cent: sums of prices are not exact in floating point. */
export function cents(amount: number): number {
  return Math.round(amount * 100) / 100
}
