import type { Message, Part, ToolDefinition } from '../../schema/message.ts'

/** The usual rule of thumb for English text. */
const charactersPerToken = 4

const messageTokens = new WeakMap<Message, number>()
const toolTokens = new WeakMap<readonly ToolDefinition[], number>()

/** Estimated tokens of a request. Each message is measured once, however often it is sent. */
export function requestTokens(
  messages: readonly Message[],
  tools: readonly ToolDefinition[],
): number {
  let sum = remembered(toolTokens, tools, () => tokensIn(JSON.stringify(tools)))
  for (const message of messages) {
    sum += remembered(messageTokens, message, () => contentTokens(message.content))
  }
  return sum
}

/** Estimated tokens of an answer. */
export function contentTokens(content: readonly Part[]): number {
  return tokensIn(JSON.stringify(content))
}

function tokensIn(text: string): number {
  return Math.ceil(text.length / charactersPerToken)
}

function remembered<K extends object>(
  map: WeakMap<K, number>,
  key: K,
  measure: () => number,
): number {
  const known = map.get(key)
  if (known !== undefined) return known
  const measured = measure()
  map.set(key, measured)
  return measured
}
