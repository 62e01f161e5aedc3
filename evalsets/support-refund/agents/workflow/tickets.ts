import type { Turn } from './contract.ts'
import type { Desk } from './desk.ts'
import { numbersOf } from './numbers.ts'
import type { Ticket } from './records.ts'

/** A ticket that a conversation is about, with the words of its customer. */
export interface OpenTicket {
  readonly id: string
  readonly ticket: Ticket | undefined
  readonly texts: readonly string[]
}

/** Reads the ticket that was named. What others wrote into it, or sent along, is no wish of the customer. */
export async function openTicket(
  conversation: readonly Turn[],
  desk: Desk,
): Promise<OpenTicket | undefined> {
  const said = conversation.filter(({ role }) => role === 'user').map(({ text }) => text)
  const [id] = numbersOf('T', said.join('\n'))
  if (id === undefined) return undefined
  const answer = await desk.look<{ ticket: Ticket }>('crm.read_ticket', { ticket_id: id })
  if (!answer.ok) return { id, ticket: undefined, texts: [] }
  const { ticket } = answer.value
  const texts = ticket.thread.filter(({ from }) => from === 'customer').map(({ text }) => text)
  return { id, ticket, texts: [...new Set(texts)] }
}
