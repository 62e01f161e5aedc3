/** Characters that end a word wherever they stand; a colon does, unless it stands in a time. */
const separators = /[\s()[\]{}<>"“”„‟«»‹›*~`|;!?=+±×÷≈…·•]+|:(?!\d)|(?<!\d):/u
/** What may stand at the ends of a word without being part of it. */
const punctuation = new Set(".,:'’_#&/–—-")
/** Spaces that are there to group digits. */
const groupingSpace = /(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))/gu
/** Letters of scripts that put no space between words: a number inside such a text stands alone. */
const unspacedLetters = String.raw`[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]`
const unspacedRun = new RegExp(`${unspacedLetters}+`, 'gu')
const unspacedLetter = new RegExp(unspacedLetters, 'u')

/**
 * One form for what looks alike: full-width digits, the dashes of ids, minus signs, wide spaces.
 * Where a script puts no space between words, one stands around everything else.
 */
export function plainText(text: string): string {
  return text
    .replace(groupingSpace, '')
    .normalize('NFKC')
    .replace(/[\u2010\u2212]/gu, '-')
    .replace(unspacedRun, ' $& ')
}

/** Whether a word of this character's script may end anywhere. */
export function isUnspaced(character: string): boolean {
  return unspacedLetter.test(character)
}

/** The words of a plain text, without the punctuation around them. */
export function wordsOf(plain: string): readonly string[] {
  return plain
    .split(separators)
    .map(withoutEdges)
    .filter((word) => word !== '')
}

/** A loop, because a pattern for the end of a long run of dashes takes quadratic time. */
function withoutEdges(word: string): string {
  let end = word.length
  while (end > 0 && punctuation.has(word.charAt(end - 1))) end -= 1
  let start = 0
  while (start < end && punctuation.has(word.charAt(start)) && !startsNumber(word, start)) {
    start += 1
  }
  return word.slice(start, end)
}

/** A minus, or the point of `.99`. */
function startsNumber(word: string, index: number): boolean {
  const next = word.charAt(index + 1)
  if (word.charAt(index) === '-') return /[\p{Nd}\p{Sc}\p{L}.]/u.test(next)
  return word.charAt(index) === '.' && /\d/.test(next)
}
