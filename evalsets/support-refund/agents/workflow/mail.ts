import type { Desk } from './desk.ts'
import type { Customer } from './records.ts'
import type { Reading } from './understand.ts'
import { verify } from './verify.ts'

/** Sends the answer by mail as well, to the address on file. */
export async function mail(answer: string, reading: Reading, desk: Desk): Promise<string> {
  const verified = await verify(reading, desk)
  if (!verified.ok) return verified.reply
  const { customerId: customer_id } = verified
  const customer = await desk.look<Customer>('crm.get_customer', { customer_id })
  if (!customer.ok) return mailFailed
  const about =
    reading.orders[0] === undefined
      ? (answer.split('. ')[0] ?? answer)
      : `order ${reading.orders[0]}`
  const subject = `Larkspur Home: ${about}`.slice(0, 78)
  const args = { to: customer.value.email, subject, body: answer }
  const sent = await desk.act(
    'email.send',
    args,
    'The verified customer asked for the answer by e-mail.',
  )
  return sent.ok ? 'I have also sent this to the e-mail address on file.' : mailFailed
}

const mailFailed = 'The e-mail could not be sent, our mail system is not answering.'
