import type { Desk } from './desk.ts'
import { ordersOf, readOrder } from './find-order.ts'
import { searchHelp } from './help-centre.ts'
import { answerInvoice } from './invoice-questions.ts'
import { names } from './items.ts'
import { dollars, type Language, spokenDay } from './language.ts'
import { openOrders, ordersPlaced } from './order-lists.ts'
import { tellTracking } from './parcels.ts'
import { say, tellDown, tellRefund } from './phrases.ts'
import { answerProduct, productNamed } from './products.ts'
import type { Customer, Order, Refund, Tracking } from './records.ts'
import { cents, lastDay } from './refund-rules.ts'
import type { Reading } from './understand.ts'

/** A question, and whom to ask. */
export interface Asked {
  readonly text: string
  readonly reading: Reading
  readonly desk: Desk
}

/** A kind of question: the words that show it, and who answers. */
interface Topic {
  readonly asks: RegExp
  readonly answer: (asked: Asked) => Promise<string | undefined>
  /** Only where an order is named. */
  readonly ofOrder?: true
}

const topics: readonly Topic[] = [
  {
    asks: /\b(address|street|what name)\b.{0,60}\b(on|is|for|going|order)|read me the (delivery )?address/i,
    answer: keepPrivate,
    ofOrder: true,
  },
  { asks: /\bI-?\d{4}\b|invoice/, answer: answerInvoice },
  { asks: /loyalty|which level/i, answer: loyalty },
  {
    asks: /(last|until which) day|still (return|send)|until when/i,
    answer: returnDay,
    ofOrder: true,
  },
  {
    asks: /refund|money back|that money|gave me|bank got|devuelto|geld|fee back|has my bank/i,
    answer: refundStatus,
    ofOrder: true,
  },
  { asks: /expres+ fee|shipping fee|delivery fee/i, answer: shippingFee, ofOrder: true },
  {
    asks: /(when|what day|which days?|what date|date|day|on which).{0,40}(deliver|arriv|come|did i get|did it)|day of delivery|delivery date|come on \w+day|when did .* (arrive|come)/i,
    answer: deliveryDay,
  },
  {
    asks: /(how|hw) (much|mch)|what did i pay|total|add up|sum\b|spend|bezahlt|cobraron|pagu[eé]|altogether/i,
    answer: paid,
    ofOrder: true,
  },
  {
    asks: /where|wo (ist|steckt)|d[oó]nde|track|stuck|scan|carrier|parcel service|how far|bringing me|haven't arrived|isn't here/i,
    answer: tracking,
    ofOrder: true,
  },
  { asks: /courier write|note say|what .* note/i, answer: courierNote, ofOrder: true },
  {
    asks: /placed|bought|ordered between|which orders|in which of my orders/i,
    answer: ordersPlaced,
  },
  {
    asks: /still on its way|(not|n't) (yet )?(been )?(delivered|shipped|turned up|arrived)|not yet shipped|lost track/i,
    answer: openOrders,
  },
  {
    asks: /status|\bleft\b|state|gone|how many|on its way|shipped/i,
    answer: status,
    ofOrder: true,
  },
]

/** Answers a question from the systems; what is about nothing in particular goes to the help centre. */
export async function answer(text: string, reading: Reading, desk: Desk): Promise<string> {
  const asked = { text, reading, desk }
  for (const topic of topics) {
    if (topic.ofOrder === true && reading.orders.length === 0) continue
    if (!topic.asks.test(text)) continue
    const told = await topic.answer(asked)
    if (told !== undefined) return told
  }
  return (await aboutNothingNamed(asked)) ?? say('askWhat', reading.language)
}

/** A product, else the order of the talk, else an article of the help centre. */
async function aboutNothingNamed(asked: Asked): Promise<string | undefined> {
  const { desk, reading, text } = asked
  const sku = productNamed(text)
  const product = sku === undefined ? undefined : await answerProduct(sku, text, desk)
  if (product !== undefined) return product
  if (reading.orders.length > 0) return await status(asked)
  return await searchHelp(text, reading.language, desk)
}

async function eachOrder(
  { desk, reading }: Asked,
  tell: (order: Order, language: Language) => string,
): Promise<string | undefined> {
  const told: string[] = []
  for (const orderId of reading.orders) {
    const found = await readOrder(orderId, reading.language, desk)
    told.push(found.ok ? tell(found.order, reading.language) : found.reply)
  }
  return told.length === 0 ? undefined : told.join(' ')
}

async function keepPrivate({ desk, reading }: Asked): Promise<string> {
  const orderId = reading.orders[0]
  if (orderId !== undefined) await readOrder(orderId, reading.language, desk)
  return `I can't tell the name or address on ${orderId ?? 'an order'}: they are private and only for its verified owner.`
}

async function loyalty({ desk, reading }: Asked): Promise<string | undefined> {
  const { customerId: customer_id } = reading
  if (customer_id === undefined) return say('askWho', reading.language)
  const customer = await desk.look<Customer>('crm.get_customer', { customer_id })
  return customer.ok ? `Your loyalty level is ${customer.value.loyalty}.` : undefined
}

async function returnDay(asked: Asked): Promise<string | undefined> {
  await asked.desk.look('kb.search', { query: 'return window days' })
  return await eachOrder(asked, ({ delivered_at, order_id }, language) => {
    if (!delivered_at) return `${order_id} has not been delivered yet.`
    return `${order_id} was delivered on ${spokenDay(delivered_at, language)}; you can return it within 30 days, until ${spokenDay(lastDay(delivered_at), language)}.`
  })
}

async function deliveryDay(asked: Asked): Promise<string | undefined> {
  const { desk, reading } = asked
  if (reading.orders.length === 0) {
    if (reading.customerId !== undefined) {
      const orders = await ordersOf(reading.customerId, desk)
      const fitting = orders.filter(({ items }) =>
        items.some((name) => names(asked.text, { name })),
      )
      const [only, ...more] = fitting
      if (only !== undefined && more.length === 0) {
        return await deliveryDay({ ...asked, reading: { ...reading, orders: [only.order_id] } })
      }
    }
    return say('askOrder', reading.language)
  }
  return await eachOrder(asked, ({ delivered_at, order_id, status: state }, language) =>
    delivered_at
      ? tells.delivered[language](order_id, spokenDay(delivered_at, language))
      : tells.state[language](order_id, state),
  )
}

const tells = {
  delivered: {
    en: (id: string, day: string) => `${id} was delivered on ${day}.`,
    de: (id: string, day: string) => `${id} wurde am ${day} geliefert.`,
    es: (id: string, day: string) => `El pedido ${id} se entregó el ${day}.`,
  },
  state: {
    en: (id: string, state: string) =>
      `${id} has not been delivered yet; its status is "${state}".`,
    de: (id: string, state: string) => `${id} ist noch nicht geliefert; Status: ${state}.`,
    es: (id: string, state: string) => `El pedido ${id} aún no se ha entregado; estado: ${state}.`,
  },
  paid: {
    en: (id: string, sum: string) => `You paid ${sum} for ${id}.`,
    de: (id: string, sum: string) => `Für ${id} haben Sie ${sum} bezahlt.`,
    es: (id: string, sum: string) => `En total ha pagado ${sum} por el pedido ${id}.`,
  },
}

async function refundStatus({ desk, reading }: Asked): Promise<string | undefined> {
  const told: string[] = []
  for (const order_id of reading.orders) {
    const answer = await desk.look<{ refunds: readonly Refund[] }>('payments.get_refund_status', {
      order_id,
    })
    if (!answer.ok) return tellDown('answer', reading.language)
    const latest = answer.value.refunds.at(-1)
    told.push(
      latest === undefined
        ? noRefund[reading.language](order_id)
        : tellRefund(latest, order_id, reading.language),
    )
  }
  return told.join(' ')
}

const noRefund: Readonly<Record<Language, (id: string) => string>> = {
  en: (id) => `No refund is booked for ${id}.`,
  de: (id) => `Für ${id} ist keine Erstattung gebucht.`,
  es: (id) => `No hay ningún reembolso para ${id}.`,
}

async function shippingFee(asked: Asked): Promise<string | undefined> {
  return await eachOrder(
    asked,
    ({ order_id, shipping_usd }) => `The express fee on ${order_id} was ${dollars(shipping_usd)}.`,
  )
}

async function paid(asked: Asked): Promise<string | undefined> {
  const { orders } = asked.reading
  if (orders.length === 1) {
    const pieces = /how many/i.test(asked.text)
    return await eachOrder(asked, ({ items, order_id, total_usd }, language) => {
      const list = items.map(({ name, quantity }) => `${quantity} × ${name}`).join(', ')
      return `${tells.paid[language](order_id, dollars(total_usd))}${pieces ? ` It was ${list}.` : ''}`
    })
  }
  let sum = 0
  const told = await eachOrder(asked, (order) => {
    sum += order.total_usd
    return ''
  })
  return told === undefined
    ? undefined
    : `${orders.join(' and ')} come to ${dollars(cents(sum))} in total.`
}

async function tracking({ desk, reading }: Asked): Promise<string | undefined> {
  const [order_id] = reading.orders
  if (order_id === undefined) return undefined
  const tracked = await desk.look<Tracking>('shipments.track', { order_id })
  if (tracked.ok && tracked.value.events.length > 0)
    return tellTracking(tracked.value, order_id, reading.language)
  return undefined
}

async function courierNote(asked: Asked): Promise<string | undefined> {
  return await eachOrder(
    asked,
    ({ note, order_id }) => `The note on ${order_id} says: ${note.split('\n')[0] || 'nothing'}`,
  )
}

async function status(asked: Asked): Promise<string | undefined> {
  const pieces = /how many/i.test(asked.text)
  return await eachOrder(asked, ({ delivered_at, items, order_id, status: state }, language) => {
    if (delivered_at) return tells.delivered[language](order_id, spokenDay(delivered_at, language))
    const list = items.map(({ name, quantity }) => `${quantity} × ${name}`).join(', ')
    const left =
      state === 'shipped'
        ? 'has left our warehouse'
        : 'has not shipped yet, so it can still be cancelled'
    return language === 'en'
      ? `${order_id} ${left}; its status is "${state}".${pieces ? ` You ordered ${list}.` : ''}`
      : tells.state[language](order_id, state)
  })
}
