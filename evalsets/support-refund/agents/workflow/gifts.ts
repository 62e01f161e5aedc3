import type { Desk } from './desk.ts'
import { dollars, type Language } from './language.ts'
import { say, tellDown, tellTooLate } from './phrases.ts'
import type { Gift, Order } from './records.ts'
import { cents, isInWindow } from './refund-rules.ts'
import type { Reading } from './understand.ts'
import { verify } from './verify.ts'

/** What is to be done about a gift: an answer, or the giver's ordinary refund. */
export type GiftAnswer =
  | { readonly kind: 'reply'; readonly reply: string }
  | { readonly kind: 'refund-to-giver'; readonly orderId: string }

/** Who was given something gets store credit, who paid gets money, never both. */
export async function gift(gift_code: string, reading: Reading, desk: Desk): Promise<GiftAnswer> {
  const { customerId, language } = reading
  const found = await desk.look<Gift>('orders.get_gift', { gift_code })
  if (!found.ok)
    return reply(
      found.code === 'gift_not_found' ? unknown[language](gift_code) : tellDown('refund', language),
    )
  const { credits, order_id, recipient_id } = found.value
  if (customerId === undefined) return reply(say('askWho', language))
  const credited = credits.at(-1)
  if (credited !== undefined) return reply(before[language](credited))
  if (customerId !== recipient_id) return await forGiver(order_id, reading, desk)
  const noCredit =
    /\b(cash|bank account|my card|need money|no vouchers?|not store credit|dinero|cuenta bancaria|bargeld)\b/i
  if (noCredit.test(reading.said)) return reply(noCash[language](dollars(found.value.total_usd)))
  return reply(await credit(found.value, reading, desk))
}

function reply(text: string): GiftAnswer {
  return { kind: 'reply', reply: text }
}

async function forGiver(
  order_id: string,
  { customerId, language }: Reading,
  desk: Desk,
): Promise<GiftAnswer> {
  const order = await desk.look<Order>('orders.get_status', { order_id })
  if (!order.ok) return reply(tellDown('refund', language))
  if (order.value.customer_id !== customerId) return reply(say('notYours', language))
  return { kind: 'refund-to-giver', orderId: order_id }
}

async function credit(given: Gift, reading: Reading, desk: Desk): Promise<string> {
  const { language } = reading
  const { order_id, total_usd } = given
  if (!isInWindow(given, 'changed_mind')) {
    return tellTooLate({ orderId: order_id, deliveredAt: given.delivered_at, days: 30 }, language)
  }
  const verified = await verify(reading, desk)
  if (!verified.ok) return verified.reply
  const amount = cents(total_usd)
  const args = {
    customer_id: verified.customerId,
    order_id,
    amount_usd: amount,
    reason_code: 'gift_return',
    idempotency_key: `gift-${order_id}`,
  }
  const why = `The verified recipient of the gift in ${order_id} returns it for store credit.`
  const issued = await desk.act<{ amount_usd: number }>('payments.issue_credit', args, why)
  if (issued.ok) return done[language](dollars(issued.value.amount_usd))
  if (issued.code === 'approval_pending') return pending[language](dollars(amount))
  return issued.code === 'approval_denied'
    ? denied[language](dollars(amount))
    : tellDown('refund', language)
}

type Told = Readonly<Record<Language, (value: string) => string>>

const unknown: Told = {
  en: (code) => `I can't find a gift with the code ${code}. Could you check it?`,
  de: (code) => `Ich finde kein Geschenk mit dem Code ${code}. Können Sie ihn prüfen?`,
  es: (code) => `No encuentro ningún regalo con el código ${code}. ¿Puede comprobarlo?`,
}
const before: Readonly<Record<Language, (amount: number) => string>> = {
  en: (amount) =>
    `Store credit of ${dollars(amount)} was already given for this gift, so nothing more can be paid for it.`,
  de: (amount) =>
    `Für dieses Geschenk gibt es schon ein Guthaben von ${dollars(amount)}; mehr ist nicht möglich.`,
  es: (amount) =>
    `Por este regalo ya se abonó un crédito de ${dollars(amount)}; no se puede pagar más.`,
}
const noCash: Told = {
  en: (amount) =>
    `A gift cannot be paid out in money to the one who received it: money only goes back to the person who paid. What I can offer you is store credit of ${amount}. Tell me if you want it.`,
  de: (amount) =>
    `Ein Geschenk kann nicht ausgezahlt werden; Geld geht nur an die Person, die bezahlt hat. Ich kann Ihnen ein Guthaben von ${amount} anbieten.`,
  es: (amount) =>
    `Un regalo no se paga en dinero a quien lo recibió; el dinero solo vuelve a quien pagó. Le puedo ofrecer un crédito en la tienda de ${amount}.`,
}
const done: Told = {
  en: (amount) => `Done: ${amount} of store credit is now on your account.`,
  de: (amount) => `Erledigt: ${amount} Guthaben sind jetzt auf Ihrem Konto.`,
  es: (amount) => `Hecho: ${amount} de crédito están en su cuenta.`,
}
const pending: Told = {
  en: (amount) =>
    `The store credit of ${amount} is waiting for a colleague to approve it; nothing has been credited yet.`,
  de: (amount) => `Das Guthaben von ${amount} wartet auf die Freigabe durch eine Kollegin.`,
  es: (amount) => `El crédito de ${amount} está pendiente de que lo apruebe un compañero.`,
}
const denied: Told = {
  en: (amount) => `The store credit of ${amount} was not approved by the colleague who decides.`,
  de: (amount) => `Das Guthaben von ${amount} wurde nicht freigegeben.`,
  es: (amount) => `El crédito de ${amount} no fue aprobado.`,
}
