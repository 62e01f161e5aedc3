import type { Desk } from './desk.ts'
import { findOrder } from './find-order.ts'
import { tellDown } from './phrases.ts'
import type { Order } from './records.ts'
import type { Reading, Request } from './understand.ts'
import { verify } from './verify.ts'
import { cancelReason } from './vocabulary.ts'

interface With {
  readonly reading: Reading
  readonly desk: Desk
}

export async function cancel(request: Request, reading: Reading, desk: Desk): Promise<string> {
  const found = await findOrder(request, reading, desk)
  if (!found.ok) return found.reply
  return await cancelOrder(found.order, request, { reading, desk })
}

/** Cancels what has not shipped; that releases the payment, so no refund is made besides. */
export async function cancelOrder(
  order: Order,
  { text }: Request,
  { desk, reading }: With,
): Promise<string> {
  const { language } = reading
  const { order_id, status } = order
  if (status === 'cancelled') return cancelled[language](order_id)
  if (status !== 'placed' && status !== 'packed') return tooLate[language](order_id)
  const verified = await verify(reading, desk)
  if (!verified.ok) return verified.reply
  const args = { order_id, reason_code: cancelReason(text) }
  const answer = await desk.act(
    'orders.cancel',
    args,
    `The verified owner no longer wants ${order_id}, which has not shipped.`,
  )
  if (!answer.ok)
    return answer.code === 'already_shipped'
      ? tooLate[language](order_id)
      : tellDown('cancel', language)
  const after = await desk.lookAgain<Order>('orders.get_status', { order_id })
  const lags = after.ok && after.value.status !== 'cancelled'
  return `${cancelled[language](order_id)}${lags ? ` ${lagging[language](after.value.status)}` : ''}`
}

const cancelled = {
  en: (id: string) =>
    `${id} is cancelled. Your payment is released by this, so no refund is needed.`,
  de: (id: string) => `${id} ist storniert. Die Zahlung wird damit freigegeben.`,
  es: (id: string) => `El pedido ${id} está anulado (cancelado). El pago queda liberado con eso.`,
}
const tooLate = {
  en: (id: string) =>
    `${id} has already shipped, so it can no longer be cancelled. You can refuse it at the door or send it back.`,
  de: (id: string) => `${id} hat das Lager schon verlassen und kann nicht mehr storniert werden.`,
  es: (id: string) => `El pedido ${id} ya salió del almacén y no se puede anular.`,
}
const lagging = {
  en: (status: string) =>
    `The cancellation was confirmed, but the status still shows "${status}"; that view may be out of date.`,
  de: (status: string) =>
    `Die Stornierung wurde bestätigt, der Status zeigt aber noch „${status}“; diese Anzeige hinkt vielleicht nach.`,
  es: (status: string) =>
    `La anulación está confirmada, pero el estado todavía muestra "${status}"; puede que vaya con retraso.`,
}
