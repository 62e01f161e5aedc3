import type { JsonValue } from '../../schema/json.ts'
import type { Message } from '../../schema/message.ts'

/** Whether a message brings one of the texts, however its white space was wrapped on the way. */
export function containsMarker(message: Message, markers: readonly string[]): boolean {
  return message.content.some((part) => {
    if (part.type === 'text') return holdsAny(part.text, markers)
    return part.type === 'tool_result' && valueHoldsAny(part.value, markers)
  })
}

function valueHoldsAny(value: JsonValue, markers: readonly string[]): boolean {
  if (typeof value === 'string') return holdsAny(value, markers)
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some((child: JsonValue) => valueHoldsAny(child, markers))
}

function holdsAny(text: string, markers: readonly string[]): boolean {
  const plain = oneLine(text)
  return markers.some((marker) => plain.includes(oneLine(marker)))
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}
