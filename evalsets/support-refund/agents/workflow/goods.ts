import type { Desk } from './desk.ts'
import { findOrder } from './find-order.ts'
import { itemsMeant, type MeantItem } from './items.ts'
import type { Language } from './language.ts'
import { say, tellDown } from './phrases.ts'
import type { Order, Product } from './records.ts'
import type { Reading, Request } from './understand.ts'
import { verify } from './verify.ts'

/** Sends the same item again, where one is left. */
export async function replace(request: Request, reading: Reading, desk: Desk): Promise<string> {
  const { language } = reading
  const found = await findOrder(request, reading, desk)
  if (!found.ok) return found.reply
  const { order } = found
  const [item] = goodsMeant(request, order)
  if (item === undefined) return say('askItem', language)
  const product = await desk.look<Product>('catalog.get_product', { sku: item.sku })
  if (product.ok && product.value.in_stock < item.pieces) return soldOut[language](item.name)
  const verified = await verify(reading, desk)
  if (!verified.ok) return verified.reply
  const args = { order_id: order.order_id, sku: item.sku, quantity: item.pieces }
  const why = `The verified owner wants ${item.sku} of ${order.order_id} again instead of money.`
  const sent = await desk.act<{ ships_within_days: number }>('orders.create_replacement', args, why)
  if (sent.ok) return replaced[language](item, sent.value.ships_within_days)
  return sent.code === 'out_of_stock'
    ? soldOut[language](item.name)
    : tellDown('replacement', language)
}

/** Sends a return label. */
export async function label(request: Request, reading: Reading, desk: Desk): Promise<string> {
  const { language } = reading
  const found = await findOrder(request, reading, desk)
  if (!found.ok) return found.reply
  const { order } = found
  const [item] = goodsMeant(request, order)
  if (item === undefined) return say('askItem', language)
  const verified = await verify(reading, desk)
  if (!verified.ok) return verified.reply
  const args = { order_id: order.order_id, sku: item.sku, quantity: item.pieces }
  const why = `The verified owner wants to send ${item.sku} of ${order.order_id} back.`
  const sent = await desk.act<{ valid_days: number }>('returns.create_label', args, why)
  if (sent.ok) return labelled[language](item, sent.value.valid_days)
  return sent.code === 'not_delivered'
    ? notDelivered[language](order.order_id)
    : tellDown('label', language)
}

function goodsMeant({ text }: Request, order: Order): readonly MeantItem[] {
  const meant = itemsMeant(text, order)
  if (meant.kind === 'some') return meant.items
  if (meant.kind === 'unclear' || order.items.length > 1) return []
  return order.items.map((item) => ({ ...item, pieces: item.quantity }))
}

const replaced: Readonly<Record<Language, (item: MeantItem, days: number) => string>> = {
  en: ({ name, pieces }, days) =>
    `I am sending you a replacement, free of charge: ${pieces} × ${name}. It ships within ${days} days.`,
  de: ({ name, pieces }, days) =>
    `Ersatz ist unterwegs zu Ihnen: ${pieces} × ${name}, kostenlos. Versand innerhalb von ${days} Tagen.`,
  es: ({ name, pieces }, days) =>
    `Le mandamos otra vez, sin coste: ${pieces} × ${name}. Sale en ${days} días.`,
}
const soldOut: Readonly<Record<Language, (name: string) => string>> = {
  en: (name) =>
    `I'm sorry, the ${name.toLowerCase()} is out of stock: no piece is left that I could send as a replacement. I can refund it instead if you want.`,
  de: (name) =>
    `Leider ist „${name}“ ausverkauft, Ersatz ist nicht möglich. Auf Wunsch erstatte ich den Preis.`,
  es: (name) => `Lo siento, "${name}" está agotado. Si quiere, le devuelvo el dinero.`,
}
const labelled: Readonly<Record<Language, (item: MeantItem, days: number) => string>> = {
  en: ({ name, pieces }, days) =>
    `Your prepaid return label for ${pieces} × ${name} is on its way. It is valid for ${days} days.`,
  de: ({ name, pieces }, days) =>
    `Das Retourenetikett für ${pieces} × ${name} ist unterwegs. Es gilt ${days} Tage.`,
  es: ({ name, pieces }, days) =>
    `La etiqueta de devolución para ${pieces} × ${name} está en camino. Vale ${days} días.`,
}
const notDelivered: Readonly<Record<Language, (id: string) => string>> = {
  en: (id) => `${id} is not delivered yet; only what was delivered can be sent back.`,
  de: (id) => `${id} ist noch nicht geliefert; zurücksenden lässt sich nur, was da ist.`,
  es: (id) => `El pedido ${id} aún no se ha entregado.`,
}
