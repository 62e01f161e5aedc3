/** A question mark inside a link asks nothing. */
const link = /(?:https?:\/\/|www\.)\S*/gi

/** A question mark at the very end of a link belongs to the sentence; some marks may follow it. */
const lastMarks = /[?？؟][\])"'»”’.!*_]*$/

/** Whether words hold a question: a question mark anywhere outside of links. */
export function asksQuestion(text: string): boolean {
  return /[?？؟¿]/.test(text.replaceAll(link, (found) => lastMarks.exec(found)?.[0] ?? ''))
}
