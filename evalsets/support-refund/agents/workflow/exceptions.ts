import type { Desk } from './desk.ts'
import { findOrder } from './find-order.ts'
import { tellDown } from './phrases.ts'
import type { Reading, Request } from './understand.ts'
import { verify } from './verify.ts'

/** Hands a wish outside the rules to a specialist. */
export async function openException(
  request: Request,
  reading: Reading,
  desk: Desk,
): Promise<string> {
  const { language } = reading
  const found = await findOrder(request, reading, desk)
  if (!found.ok) return found.reply
  const { order } = found
  if (reading.postcode !== undefined) {
    const verified = await verify(reading, desk)
    if (!verified.ok) return verified.reply
  }
  const goods = order.items.map(({ name }) => name).join(', ')
  const summary = `Customer asks for an exception: refund of ${order.order_id} (${goods}), delivered ${order.delivered_at?.slice(0, 10) ?? 'not yet'}, after the window of 30 days.`
  const why = 'The customer insists on a refund that the rules do not allow; a specialist decides.'
  const opened = await desk.act<{ answer_within_days: number }>(
    'crm.open_exception',
    { order_id: order.order_id, summary: summary.slice(0, 400) },
    why,
  )
  return opened.ok
    ? told[language](order.order_id, opened.value.answer_within_days)
    : tellDown('change', language)
}

const told = {
  en: (id: string, days: number) =>
    `${id} is past the 30 days, so I can't refund it myself. I have opened an exception request; a specialist decides and answers within ${days} days.`,
  de: (id: string, days: number) =>
    `${id} liegt außerhalb der 30 Tage, deshalb kann ich nicht selbst erstatten. Ich habe eine Ausnahme beantragt; eine Fachkraft entscheidet innerhalb von ${days} Tagen.`,
  es: (id: string, days: number) =>
    `El pedido ${id} está fuera de los 30 días. He abierto una solicitud de excepción; un especialista contesta en ${days} días.`,
}
