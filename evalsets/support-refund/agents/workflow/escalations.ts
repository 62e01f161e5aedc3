import type { Desk } from './desk.ts'
import { say, tellDown } from './phrases.ts'
import type { Reading } from './understand.ts'

/** Hands a case over to the people who decide such cases. */
export async function escalate(
  queue: 'legal' | 'safety' | 'fraud',
  reading: Reading,
  desk: Desk,
): Promise<string> {
  const { customerId: customer_id, language } = reading
  if (customer_id === undefined) return say('askWho', language)
  const summary = `Customer writes: ${reading.topic}`.slice(0, 400)
  const done = await desk.act<{ answer_within_hours: number }>(
    'crm.escalate',
    { customer_id, queue, summary },
    `A matter for ${queue}.`,
  )
  if (!done.ok) return tellDown('change', language)
  return `I have handed this over to our ${queue} team; they answer within ${done.value.answer_within_hours} hours.`
}
