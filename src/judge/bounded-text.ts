/** Of what is cut, this share of the room goes to its beginning: that says what it is. */
const headShare = 0.7

/**
 * Keeps the beginning and the end of a text that is too long, and says between them what is missing.
 *
 * Never splits a surrogate pair. The note comes on top of `room`.
 *
 * @param room - characters (UTF-16 code units) of the text that are kept, ≥ 2
 */
export function headAndTail(text: string, room: number): string {
  if (text.length <= room) return text
  const head = wholeEnd(text, Math.ceil(room * headShare))
  const tail = wholeEnd(text, text.length - (room - Math.ceil(room * headShare)))
  return `${text.slice(0, head)} […${tail - head} characters left out…] ${text.slice(tail)}`
}

/** An index that does not stand inside a surrogate pair. */
function wholeEnd(text: string, index: number): number {
  const before = text.charCodeAt(index - 1)
  return before >= 0xd800 && before <= 0xdbff ? index - 1 : index
}
