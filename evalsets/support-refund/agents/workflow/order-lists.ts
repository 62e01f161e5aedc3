import { ordersOf } from './find-order.ts'
import { names } from './items.ts'
import { spokenDay } from './language.ts'
import { say } from './phrases.ts'
import type { Asked } from './questions.ts'
import type { FoundOrder } from './records.ts'

/** What a customer still waits for. */
export async function openOrders({ desk, reading, text }: Asked): Promise<string | undefined> {
  const { customerId } = reading
  if (customerId === undefined) return say('askWho', reading.language)
  const orders = await ordersOf(customerId, desk)
  const wanted = /not yet shipped|still with you/i.test(text)
    ? ['placed', 'packed']
    : ['placed', 'packed', 'shipped']
  const open = orders.filter(({ status: state }) => wanted.includes(state))
  return open.length === 0
    ? 'No order of yours is open.'
    : `Still open: ${open.map(listed).join('; ')}.`
}

function listed({ items, order_id, status: state }: FoundOrder): string {
  return `${order_id} (${items.join(', ')}, ${state})`
}

/** In which orders something was bought, and when they were placed. */
export async function ordersPlaced({ desk, reading, text }: Asked): Promise<string | undefined> {
  const { customerId, language } = reading
  if (customerId === undefined) return undefined
  const orders = await ordersOf(customerId, desk)
  const fitting = orders.filter(({ items }) => items.some((name) => names(text, { name })))
  if (fitting.length === 0) return undefined
  return fitting
    .map(
      (order) =>
        `${order.order_id} (${order.items.join(', ')}), placed on ${spokenDay(order.placed_on, language)}`,
    )
    .join('; ')
}
