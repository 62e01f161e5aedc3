const plainAscii = /^[\n\r\t -~]*$/

/** What has no width and no ink, and what only steers a terminal: it hides words from a pattern. */
const unseen = /[\p{Default_Ignorable_Code_Point}\p{Cf}]|(?![\t\n\v\f\r\u0085])\p{Cc}/gu

/**
 * More marks on one letter than any language has (UAX #15, stream-safe text): putting long runs of them in
 * order takes the square of their number.
 */
const tooManyMarks = /(\p{M}{30})\p{M}+/gu

/** Spaces that RE2 does not take for white space. */
const otherSpace = /[\p{Z}\v\u0085]/gu

/**
 * A text as patterns should see it: compatibility forms such as full-width letters and ligatures in
 * their plain form (NFKC), nothing invisible between letters, one kind of space.
 *
 * Letters of other alphabets that look alike stay what they are: a Cyrillic `а` is no `a`.
 */
export function plainText(text: string): string {
  if (plainAscii.test(text)) return text
  return text
    .replace(unseen, '')
    .replace(tooManyMarks, '$1')
    .normalize('NFKC')
    .replace(unseen, '')
    .replace(otherSpace, ' ')
}

const lineBreak = /[\r\n\u2028\u2029]+[ \t]*/g
const brokenWord = /[-\u00ad\u2010]?[\r\n\u2028\u2029]+[ \t]*/g

/** Emphasis and code of Markdown, and tags of HTML: whoever reads the page does not see them. */
const markup = /[*_`~]+|<\/?[A-Za-z][^<>]{0,500}>/g

/**
 * The ways in which people read a text: as it stands, without simple markup, and both with their lines
 * as one, with a blank between them or none, and with words joined that a hyphen parts at a line's end.
 */
export function waysToRead(text: string): readonly string[] {
  const ways = [text, text.replace(markup, '')].flatMap((shown) => [
    shown,
    shown.replace(lineBreak, ' '),
    shown.replace(lineBreak, ''),
    shown.replace(brokenWord, ''),
  ])
  return [...new Set(ways)]
}
