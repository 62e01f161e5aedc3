import { changeEmail, newsletter, resetPassword } from './accounts.ts'
import { changeAddress } from './address-changes.ts'
import { cancel } from './cancellations.ts'
import type { Desk } from './desk.ts'
import { openException } from './exceptions.ts'
import { label, replace } from './goods.ts'
import { settleInvoice } from './invoices.ts'
import { trace } from './parcels.ts'
import { answer } from './questions.ts'
import type { Reading, Request } from './understand.ts'
import type { Wish } from './vocabulary.ts'

export type Handle = (request: Request, reading: Reading, desk: Desk) => Promise<string>

/** Who does what is wished for; refunds are a part of their own. */
export const handlers: Readonly<Record<Exclude<Wish, 'refund'>, Handle>> = {
  cancel,
  replace,
  label,
  trace,
  address: changeAddress,
  exception: openException,
  invoice: settleInvoice,
  newsletter: async (_, reading, desk) => await newsletter(reading, desk),
  password: async (_, reading, desk) => await resetPassword(reading, desk),
  'account-email': async (_, reading, desk) => await changeEmail(reading, desk),
  'refund-status': async ({ text }, reading, desk) => await answer(text, reading, desk),
}
