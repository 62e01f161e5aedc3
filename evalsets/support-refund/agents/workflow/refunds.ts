import type { Desk } from './desk.ts'
import { findOrder } from './find-order.ts'
import { dollars } from './language.ts'
import { payOut } from './pay.ts'
import { say } from './phrases.ts'
import { paidBefore, refundHistory } from './refund-history.ts'
import { carriersWord, priceOf, reasonOf, refusal } from './refund-terms.ts'
import type { Reading, Request } from './understand.ts'
import { verify } from './verify.ts'

/** Pays money back for an order, or says why not. */
export async function refund(request: Request, reading: Reading, desk: Desk): Promise<string> {
  const found = await findOrder(request, reading, desk)
  if (!found.ok) return found.reply
  const { order } = found
  const lost = await carriersWord(order, reading, desk)
  const refused = await refusal(order, request, { reading, desk })
  if (refused !== undefined) return refused

  const history = await refundHistory(order, desk)
  const price = await priceOf(order, request, { reading, desk })
  if (price === undefined) return say('askItem', reading.language)
  const told = paidBefore(order, price.amount, { history, reading })
  if (told !== undefined) return told

  const verified = await verify(reading, desk)
  if (!verified.ok) return verified.reply
  const amount = Math.min(price.amount, history.open)
  const notes = [...lost, ...price.notes, ...smaller(order.refunded_usd)]
  const reason = reasonOf(order, request)
  return await payOut({ orderId: order.order_id, amount, reason, notes }, reading, desk)
}

/** That a part was paid back earlier, which explains a smaller amount. */
function smaller(refunded: number): readonly string[] {
  return refunded > 0 ? [`Before, ${dollars(refunded)} had been refunded for it.`] : []
}
