/**
 * Caps a text at `maxLength` code points; a text that is cut ends in an ellipsis, which counts.
 *
 * Never splits a surrogate pair. It may split an emoji of several code points.
 */
export function truncate(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text
  if (maxLength < 1) return ''

  let end = 0
  for (let count = 1; count < maxLength; count++) end = nextCodePoint(text, end)
  return nextCodePoint(text, end) >= text.length ? text : `${text.slice(0, end)}…`
}

/**
 * The longest beginning of a text that takes at most `maxBytes` in UTF-8; no ellipsis.
 *
 * Never splits a code point. A lone surrogate counts as the three bytes of U+FFFD, which
 * is what gets written for it.
 */
export function truncateBytes(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(Math.max(0, maxBytes)))
  return text.slice(0, read)
}

function nextCodePoint(text: string, index: number): number {
  return index + ((text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1)
}
