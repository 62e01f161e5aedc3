import type { Message } from '../../schema/message.ts'
import { searchMarkers } from '../../text/search-markers.ts'

/** Whether a message brings one of the texts, in its words or in the result of a call. */
export function containsMarker(message: Message, markers: readonly string[]): boolean {
  const brings = searchMarkers(markers)
  if (brings === undefined) return false
  return message.content.some((part) => {
    if (part.type === 'text') return brings(part.text)
    return part.type === 'tool_result' && brings(part.value)
  })
}
