import { deleteAccount } from './accounts.ts'
import type { AgentTask, Tools } from './contract.ts'
import { type Desk, openDesk } from './desk.ts'
import { escalate } from './escalations.ts'
import { gift } from './gifts.ts'
import { type Handle, handlers } from './handlers.ts'
import { isAboutBilling, settleInvoice } from './invoices.ts'
import { mail } from './mail.ts'
import { orderNumbers } from './numbers.ts'
import { answer } from './questions.ts'
import { type OpenTicket, openTicket } from './tickets.ts'
import { type Reading, type Request, understand } from './understand.ts'
import { escalationQueue } from './vocabulary.ts'

type Agent = (task: AgentTask, tools: Tools, signal: AbortSignal) => Promise<string>

/** The parts that a version of this agent may bring its own of. */
export interface Parts {
  readonly refund: Handle
}

/**
 * The support agent of the shop: reads the conversation by its own rules, looks things up, decides,
 * acts, and tells what it did. No model, no memory between turns, the same answer every time.
 */
export function supportAgent(parts: Parts): Agent {
  return async ({ conversation }, tools) => {
    const desk = openDesk(tools)
    const ticket = await openTicket(conversation, desk)
    const read = understand(conversation, ticket?.texts ?? [])
    const customerId = read.customerId ?? ticket?.ticket?.customer_id
    const reading = { ...read, customerId }
    const told = await work({ reading, ticket, desk, parts })
    return reading.wantsMail && !told.endsWith('?')
      ? `${told} ${await mail(told, reading, desk)}`
      : told
  }
}

interface Work {
  readonly reading: Reading
  readonly ticket: OpenTicket | undefined
  readonly desk: Desk
  readonly parts: Parts
}

/** Some matters are one thing only; everything else is a list of wishes, or a question. */
async function work(one: Work): Promise<string> {
  const { desk, reading, ticket } = one
  const queue = escalationQueue(reading.said)
  if (queue !== undefined) return await escalate(queue, reading, desk)
  if (ticket?.ticket?.kind === 'deletion_request') {
    return await deleteAccount(ticket.id, reading, desk)
  }
  if (isAboutBilling(reading.topic)) {
    const request = { wish: 'invoice', orderId: reading.orders[0], text: reading.topic } as const
    return await settleInvoice(request, reading, desk)
  }
  const [code] = reading.gifts
  if (code !== undefined) return await settleGift(code, one)
  const told = [...(await carryOut(one)), ...(await answerBeside(one))]
  return told.length > 0 ? [...new Set(told)].join(' ') : await answer(reading.topic, reading, desk)
}

async function carryOut({ desk, parts, reading, ticket }: Work): Promise<readonly string[]> {
  const requests = requestsOf(reading, ticket)
  if (requests.length > 1) {
    // Looks at everything that is to be decided about before anything is done.
    for (const order_id of reading.orders) await desk.look('orders.get_status', { order_id })
  }
  const told: string[] = []
  for (const request of requests) {
    const handle = request.wish === 'refund' ? parts.refund : handlers[request.wish]
    told.push(await handle(request, reading, desk))
  }
  return told
}

/** Answers the questions beside wishes: about the order that they name, or about delivery of the wish's. */
async function answerBeside({ desk, reading }: Work): Promise<readonly string[]> {
  if (reading.requests.length === 0) return []
  const told: string[] = []
  for (const question of reading.questions.filter(isItsOwn)) {
    const named = orderNumbers(question)
    const meant = isAboutDelivery(question) ? reading.orders : []
    const orders = named.length > 0 ? named : meant
    told.push(await answer(question, { ...reading, orders }, desk))
  }
  return told
}

function isAboutDelivery(question: string): boolean {
  return /deliver|arriv/i.test(question)
}

/** A question beside a wish that asks for something else than the wish's own outcome. */
function isItsOwn(question: string): boolean {
  return /price|cost|how much|how long|wie lange|where|when|wo /i.test(question)
}

/** A complaint that names no wish, in a ticket or with an order, is most often one for the money. */
function requestsOf(reading: Reading, ticket: OpenTicket | undefined): readonly Request[] {
  if (reading.requests.length > 0 || ticket === undefined) return reading.requests
  if (reading.said.includes('?')) return []
  return [{ wish: 'refund', orderId: reading.orders[0], text: reading.said }]
}

async function settleGift(code: string, { desk, parts, reading }: Work): Promise<string> {
  const settled = await gift(code, reading, desk)
  if (settled.kind === 'reply') return settled.reply
  const request = { wish: 'refund', orderId: settled.orderId, text: reading.topic } as const
  return await parts.refund(request, reading, desk)
}
