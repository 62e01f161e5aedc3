import type { Desk } from './desk.ts'
import { names } from './items.ts'
import { dollars } from './language.ts'
import { tellDown } from './phrases.ts'
import type { Asked } from './questions.ts'
import type { Invoice, Order } from './records.ts'

/** Answers what an invoice says; `undefined` where none is named. */
export async function answerInvoice({ desk, reading, text }: Asked): Promise<string | undefined> {
  const told: string[] = []
  for (const invoice_id of reading.invoices) {
    const found = await desk.look<Invoice>('invoices.get', { invoice_id })
    if (!found.ok)
      return found.code === 'invoice_not_found'
        ? `I can't find invoice ${invoice_id}.`
        : tellDown('answer', reading.language)
    told.push(await tell(found.value, text, desk))
  }
  return told.length === 0 ? undefined : told.join(' ')
}

async function tell(invoice: Invoice, text: string, desk: Desk): Promise<string> {
  const { invoice_id, issued_on, order_id, total_usd } = invoice
  if (/date|when|issued/i.test(text)) return `${invoice_id} was issued on ${issued_on}.`
  if (/which (of my )?orders?|belong/i.test(text))
    return `${invoice_id} belongs to order ${order_id}.`
  const order = await desk.look<Order>('orders.get_status', { order_id })
  const item = order.ok ? order.value.items.find((one) => names(text, one)) : undefined
  const line = invoice.lines.find(({ sku }) => sku === item?.sku)
  if (item !== undefined && line !== undefined && invoice.lines.length > 1) {
    return `On ${invoice_id} the ${item.name.toLowerCase()} stands with ${dollars(line.amount_usd)}.`
  }
  return `${invoice_id} comes to ${dollars(total_usd)}.`
}
