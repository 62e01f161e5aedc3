import type { Message } from '../../schema/message.ts'
import { wordsHeard } from '../heard-message.ts'

/** What the reference provider needs to play the user of one trial. */
export interface ReferenceUserScript {
  /** What the user can tell, by name. */
  readonly knows: Readonly<Record<string, string>>
}

/**
 * The next words of a user without a model: every fact that the last reply names and that was not
 * told yet, in order of the names, or END. What was told follows from the replies before it.
 */
export function playUser({ knows }: ReferenceUserScript, messages: readonly Message[]): string {
  const replies = messages.flatMap((message) => wordsHeard(message) ?? [])
  const asked = replies.map(spaced)
  const last = asked.pop() ?? ''
  const told = Object.keys(knows)
    .sort()
    .filter((name) => isNamed(name, last) && !asked.some((earlier) => isNamed(name, earlier)))
    .map((name) => `${name.replaceAll(/[_-]+/g, ' ')}: ${knows[name] ?? ''}.`)
  return told.length === 0 ? 'END' : told.join(' ')
}

/** Whether a text holds the name of a fact: `order_id` is asked for by "Your Order ID, please?" */
function isNamed(name: string, text: string): boolean {
  const words = spaced(name)
  return words.trim() !== '' && text.includes(words)
}

/** Words in lower case with one space around each, so that a name is found only as whole words. */
function spaced(text: string): string {
  return ` ${text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()} `
}
