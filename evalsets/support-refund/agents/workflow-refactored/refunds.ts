import type { Desk } from '../workflow/desk.ts'
import { findOrder } from '../workflow/find-order.ts'
import { payOut } from '../workflow/pay.ts'
import { say } from '../workflow/phrases.ts'
import type { Order } from '../workflow/records.ts'
import { carriersWord, type Price, priceOf, reasonOf, refusal } from '../workflow/refund-terms.ts'
import type { Reading, Request } from '../workflow/understand.ts'
import { verify } from '../workflow/verify.ts'

/** A refund that has been decided, with all that its payment needs. */
interface DecidedRefund {
  readonly order: Order
  readonly price: Price
  readonly request: Request
}

/** What came of deciding: a refund to pay, or what to tell the customer instead. */
type Decision = { readonly pay: DecidedRefund } | { readonly reply: string }

/** Pays money back for an order, or says why not. Deciding and paying are one step each. */
export async function refund(request: Request, reading: Reading, desk: Desk): Promise<string> {
  const decision = await decideRefund(request, reading, desk)
  return 'pay' in decision ? await settleRefund(decision.pay, reading, desk) : decision.reply
}

/** Decides without changing anything: whose order, within the rules, which items, how much. */
async function decideRefund(request: Request, reading: Reading, desk: Desk): Promise<Decision> {
  const found = await findOrder(request, reading, desk)
  if (!found.ok) return found
  const { order } = found
  const refused = await refusal(order, request, { reading, desk })
  if (refused !== undefined) return { reply: refused }
  const price = await priceOf(order, request, { reading, desk })
  if (price === undefined) return { reply: say('askItem', reading.language) }
  return { pay: { order, price, request } }
}

/** Verifies the customer and pays what was decided. */
async function settleRefund(
  { order, price, request }: DecidedRefund,
  reading: Reading,
  desk: Desk,
): Promise<string> {
  const verified = await verify(reading, desk)
  if (!verified.ok) return verified.reply
  const lost = await carriersWord(order, reading, desk)
  const { order_id: orderId } = order
  const { amount, notes } = price
  const reason = reasonOf(order, request)
  return await payOut({ orderId, amount, reason, notes: [...lost, ...notes] }, reading, desk)
}
