import { addressIn } from './addresses.ts'
import type { Desk } from './desk.ts'
import { findOrder } from './find-order.ts'
import { tellDown } from './phrases.ts'
import type { Reading, Request } from './understand.ts'
import { verify } from './verify.ts'

/** Sends an order that has not shipped to another address. */
export async function changeAddress(
  request: Request,
  reading: Reading,
  desk: Desk,
): Promise<string> {
  const { language } = reading
  const found = await findOrder(request, reading, desk)
  if (!found.ok) return found.reply
  const { order_id, status } = found.order
  if (status !== 'placed' && status !== 'packed') return shipped[language](order_id)
  const address = addressIn(request.text)
  if (address === undefined) return askAddress[language]
  const verified = await verify(reading, desk)
  if (!verified.ok) return verified.reply
  const why = `The verified owner wants ${order_id}, which has not shipped, at another address.`
  const answer = await desk.act('orders.update_address', { order_id, address: { ...address } }, why)
  if (!answer.ok)
    return answer.code === 'already_shipped'
      ? shipped[language](order_id)
      : tellDown('change', language)
  return changed[language](order_id, `${address.line1}, ${address.city}`)
}

const shipped = {
  en: (id: string) => `${id} has already shipped, so its address can no longer be changed.`,
  de: (id: string) =>
    `${id} hat das Lager schon verlassen; die Adresse lässt sich nicht mehr ändern.`,
  es: (id: string) => `El pedido ${id} ya salió; la dirección no se puede cambiar.`,
}
const changed = {
  en: (id: string, to: string) => `${id} now goes to ${to}.`,
  de: (id: string, to: string) => `${id} geht jetzt an ${to}.`,
  es: (id: string, to: string) => `El pedido ${id} va ahora a ${to}.`,
}
const askAddress = {
  en: 'What is the complete new address, with street, city, state and zip?',
  de: 'Wie lautet die vollständige neue Adresse?',
  es: '¿Cuál es la nueva dirección completa?',
}
