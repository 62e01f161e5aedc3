import type { Answer, Desk } from './desk.ts'
import { dollars } from './language.ts'
import { declined, tellDenied, tellDown, tellPaid, tellPending, waiting } from './phrases.ts'
import type { Refund } from './records.ts'
import type { Reading } from './understand.ts'
import type { ReasonCode } from './vocabulary.ts'

export interface Payment {
  readonly orderId: string
  /** Dollars. */
  readonly amount: number
  readonly reason: ReasonCode
  /** What is to be said about the amount. */
  readonly notes: readonly string[]
}

interface Issued {
  readonly refund_id: string
  readonly amount_usd: number
}

/** Sends a refund off and tells what became of it. What a person decides is proposed once. */
export async function payOut(payment: Payment, reading: Reading, desk: Desk): Promise<string> {
  const { amount, notes, orderId } = payment
  const { language, replies } = reading
  const before = replies.findLast((reply) => reply.includes(orderId))
  if (before?.includes(waiting[language])) return tellPending(amount, orderId, language)
  if (before?.includes(declined[language])) return tellDenied(amount, orderId, language)

  const answer = await issue(payment, reading, desk)
  if (answer.ok) {
    const told = tellPaid(answer.value.amount_usd, answer.value.refund_id, language)
    return [told, ...notes].join(' ')
  }
  if (answer.code === 'approval_pending') return tellPending(amount, orderId, language)
  if (answer.code === 'approval_denied') return tellDenied(amount, orderId, language)
  return tellDown('refund', language)
}

/**
 * One refund, once. Where the answer got lost, the books tell whether the money has left; the second
 * try carries the same key, so that it cannot pay again.
 */
async function issue(payment: Payment, reading: Reading, desk: Desk): Promise<Answer<Issued>> {
  const { amount, orderId, reason } = payment
  const key = reading.ticketId ?? `${orderId}-${Math.round(amount * 100)}`
  const args = { order_id: orderId, amount_usd: amount, reason_code: reason, idempotency_key: key }
  const why = `The verified owner asks for ${dollars(amount)} of ${orderId} (${reason}), within the rules.`
  const send = (): Promise<Answer<Issued>> => desk.act('payments.issue_refund', args, why)

  const first = await send()
  if (first.ok || !/timeout|unavailable|error|down/.test(first.code)) return first
  const booked = await findBooked(payment, desk)
  if (booked !== undefined && reading.ticketId === undefined) return { ok: true, value: booked }
  return await send()
}

async function findBooked({ amount, orderId }: Payment, desk: Desk): Promise<Refund | undefined> {
  const books = await desk.lookAgain<{ refunds: readonly Refund[] }>('payments.get_refund_status', {
    order_id: orderId,
  })
  if (!books.ok) return undefined
  // What was there before this turn was paid for something else.
  const known = desk.remembered<{ refunds: readonly Refund[] }>('payments.get_refund_status', {
    order_id: orderId,
  })
  const old = new Set(known?.refunds.map(({ refund_id }) => refund_id))
  return books.value.refunds.find((one) => one.amount_usd === amount && !old.has(one.refund_id))
}
