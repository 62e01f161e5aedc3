import type { Desk } from './desk.ts'
import { say } from './phrases.ts'
import type { Customer } from './records.ts'
import type { Reading } from './understand.ts'

/** Who speaks, checked; or what to say instead of doing anything. */
export type Verified =
  | { readonly ok: true; readonly customerId: string }
  | { readonly ok: false; readonly reply: string }

/**
 * Verifies the person by number and postcode, right before the first step that needs it; not again
 * where the session knows them from an earlier turn. A look-up needs no verification.
 */
export async function verify(reading: Reading, desk: Desk): Promise<Verified> {
  const { customerId, language, postcode } = reading
  if (customerId === undefined) return { ok: false, reply: say('askWho', language) }
  if (postcode === undefined) return { ok: false, reply: say('askPostcode', language) }
  if (reading.replies.length > 0 && (await isVerified(customerId, desk)))
    return { ok: true, customerId }
  const answer = await desk.verified(customerId, postcode)
  if (answer.ok) return { ok: true, customerId }
  const isWrong = answer.code === 'verification_failed'
  return { ok: false, reply: say(isWrong ? 'wrongPostcode' : 'verificationDown', language) }
}

async function isVerified(customer_id: string, desk: Desk): Promise<boolean> {
  const customer = await desk.look<Customer>('crm.get_customer', { customer_id })
  return customer.ok && customer.value.verified
}
