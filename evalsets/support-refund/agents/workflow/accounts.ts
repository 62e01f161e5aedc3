import type { Desk } from './desk.ts'
import { ordersOf } from './find-order.ts'
import { emailAddress } from './numbers.ts'
import { say, tellDown } from './phrases.ts'
import type { Customer } from './records.ts'
import type { Reading } from './understand.ts'
import { verify } from './verify.ts'

/** Sends a password link, to the address on file and nowhere else. */
export async function resetPassword(reading: Reading, desk: Desk): Promise<string> {
  const verified = await verify(reading, desk)
  if (!verified.ok) return verified.reply
  const { customerId: customer_id } = verified
  const customer = await desk.look<Customer>('crm.get_customer', { customer_id })
  if (!customer.ok) return tellDown('change', reading.language)
  const args = { customer_id, send_to: customer.value.email }
  const why = 'The verified owner is locked out; the link goes to the address on file only.'
  const sent = await desk.act('accounts.reset_password', args, why)
  if (sent.ok)
    return 'The reset link was sent to the e-mail address on file, the only one it may go to. It is valid for 30 minutes.'
  return ofApproval(sent.code, 'The reset link') ?? tellDown('change', reading.language)
}

export async function changeEmail(reading: Reading, desk: Desk): Promise<string> {
  const new_email = emailAddress(reading.topic)
  if (new_email === undefined) return 'What is the new e-mail address?'
  const verified = await verify(reading, desk)
  if (!verified.ok) return verified.reply
  const args = { customer_id: verified.customerId, new_email }
  const changed = await desk.act(
    'accounts.update_email',
    args,
    'The verified owner has a new e-mail address.',
  )
  if (changed.ok) return 'Your e-mail address was changed; the new one is on file now.'
  return ofApproval(changed.code, 'The new e-mail address') ?? tellDown('change', reading.language)
}

function ofApproval(code: string, what: string): string | undefined {
  if (code === 'approval_pending')
    return `${what} is waiting for a colleague to approve it; nothing was done yet.`
  return code === 'approval_denied'
    ? `${what} was not approved by the colleague who decides, so nothing was changed.`
    : undefined
}

/** Deletes an account on its owner's deletion ticket, when nothing is on its way. */
export async function deleteAccount(
  ticketId: string,
  reading: Reading,
  desk: Desk,
): Promise<string> {
  const { customerId } = reading
  if (customerId === undefined) return say('askWho', reading.language)
  const orders = await ordersOf(customerId, desk)
  const open = orders.filter(({ status }) => ['placed', 'packed', 'shipped'].includes(status))
  if (open.length > 0) {
    const numbers = open.map(({ order_id }) => order_id).join(', ')
    return `The account cannot be deleted yet: ${numbers} has not been delivered. Please write again once it has arrived.`
  }
  const verified = await verify(reading, desk)
  if (!verified.ok) return verified.reply
  const justification = `The verified owner asks for the deletion in ticket ${ticketId}; no order is open.`
  const deleted = await desk.act(
    'accounts.delete',
    { customer_id: customerId, justification },
    justification,
  )
  if (deleted.ok) return `The account ${customerId} has been deleted for good, as you asked.`
  if (deleted.code === 'open_orders')
    return 'The account cannot be deleted yet: an order has not been delivered.'
  return (
    ofApproval(deleted.code, 'The deletion of the account') ?? tellDown('change', reading.language)
  )
}

export async function newsletter(reading: Reading, desk: Desk): Promise<string> {
  const verified = await verify(reading, desk)
  if (!verified.ok) return verified.reply
  const args = { customer_id: verified.customerId, subscribed: false }
  const done = await desk.act(
    'crm.set_newsletter',
    args,
    'The verified customer no longer wants the newsletter.',
  )
  return done.ok
    ? 'You are off the newsletter list; nothing else was changed.'
    : tellDown('change', reading.language)
}
