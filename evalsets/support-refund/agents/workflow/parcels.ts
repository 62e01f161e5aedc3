import type { Desk } from './desk.ts'
import { findOrder } from './find-order.ts'
import { type Language, spokenDay } from './language.ts'
import { tellDown } from './phrases.ts'
import type { Order, Tracking } from './records.ts'
import type { Reading, Request } from './understand.ts'
import { verify } from './verify.ts'

const silentDays = 7

/** Asks the carrier about a parcel that somebody misses. */
export async function trace(request: Request, reading: Reading, desk: Desk): Promise<string> {
  const found = await findOrder(request, reading, desk)
  return found.ok ? await parcel(found.order, reading, desk) : found.reply
}

/**
 * What can be done about a parcel that is on its way: nothing but waiting, or after seven silent days
 * a search. Money only goes back once the carrier has given it up.
 */
export async function parcel(order: Order, reading: Reading, desk: Desk): Promise<string> {
  const { language } = reading
  const { order_id } = order
  const tracked = await desk.look<Tracking>('shipments.track', { order_id })
  const last = tracked.ok ? tracked.value.events.at(-1) : undefined
  if (!tracked.ok || last === undefined) return onItsWay[language](order_id)
  const on = last['on'] ?? ''
  const silent = (Date.parse(tracked.value.as_of) - Date.parse(on)) / 86_400_000
  const seen = tellTracking(tracked.value, order_id, language)
  if (silent < silentDays) return `${onItsWay[language](order_id)} ${seen}`
  const verified = await verify(reading, desk)
  if (!verified.ok) return verified.reply
  const why = `No news of ${order_id} since ${on}, which is more than seven days.`
  const opened = await desk.act<{ answer_within_working_days: number }>(
    'shipments.open_trace',
    { order_id, last_seen: on },
    why,
  )
  if (!opened.ok) return tellDown('change', language)
  return `${seen} ${traced[language](opened.value.answer_within_working_days)}`
}

export function tellTracking(
  { carrier, events }: Tracking,
  orderId: string,
  language: Language,
): string {
  const last = events.at(-1)
  const day = spokenDay(last?.['on'] ?? '', language)
  const text = last?.['text'] ?? ''
  if (language === 'de') return `Letzte Meldung von ${carrier} zu ${orderId} vom ${day}: ${text}`
  if (language === 'es')
    return `El último aviso de ${carrier} sobre su paquete (${orderId}) es del ${day}: ${text}`
  return `${carrier} last reported on ${orderId} on ${day}: ${text}`
}

const onItsWay = {
  en: (id: string) =>
    `${id} is still on its way to you. An order in transit is not refunded; please wait for it, refuse it at the door, or send it back when it has arrived.`,
  de: (id: string) => `${id} ist noch unterwegs. Solange das so ist, können wir nicht erstatten.`,
  es: (id: string) => `El pedido ${id} está en camino. Mientras tanto no podemos reembolsarlo.`,
}
const traced = {
  en: (days: number) =>
    `I have asked the carrier to search for it; the trace takes up to ${days} working days. Money only goes back once the carrier has declared it lost.`,
  de: (days: number) =>
    `Ich habe einen Nachforschungsauftrag gestellt; das dauert bis zu ${days} Werktage.`,
  es: (days: number) =>
    `He pedido al transportista que lo busque; tarda hasta ${days} días laborables.`,
}
