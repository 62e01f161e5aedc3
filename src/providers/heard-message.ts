import { type Message, textOf, textPart } from '../schema/message.ts'

/**
 * An agent's reply as a simulated user gets it: as data. JSON has no way out of its quotes, so that
 * words of the agent never look like instructions of ours.
 */
export function heardMessage(words: string): Message {
  return { role: 'user', content: [textPart(JSON.stringify({ agent: words }))] }
}

/** The reverse of {@link heardMessage}; `undefined` for every other message. */
export function wordsHeard({ content, role }: Message): string | undefined {
  if (role !== 'user') return undefined
  const { agent } = JSON.parse(textOf(content)) as { readonly agent: string }
  return agent
}
