/** Numbers as customers write them: `O 12 01`, `c17`, `ninety seven two one four`. */

function all(text: string, pattern: RegExp): readonly RegExpMatchArray[] {
  return [...text.matchAll(pattern)]
}

function unique(list: readonly string[]): readonly string[] {
  return [...new Set(list)]
}

/** Order numbers in the order in which they are named. */
export function orderNumbers(text: string): readonly string[] {
  const marked = all(text, /\bO[\s-]{0,2}(\d{2})\s?(\d{2})\b/gi).map(([, a, b]) => `O-${a}${b}`)
  if (marked.length > 0) return unique(marked)
  const said = all(text, /\b(?:order|bestellung|pedido)(?: number| no\.?)?\s#?(\d{4})\b/gi)
  if (said.length > 0) return unique(said.map(([, digits]) => `O-${digits}`))
  const bare = all(withoutOtherNumbers(text), /(?<![\d$.,-])(\d{4})(?![\d.,]*\d)\b/g)
  return unique(
    bare.flatMap(([, digits]) => (/^(19|20)\d\d$/.test(digits ?? '') ? [] : [`O-${digits}`])),
  )
}

function withoutOtherNumbers(text: string): string {
  return text
    .replaceAll(/\b[A-Z]-\d+\b/gi, ' ')
    .replaceAll(/\b(staff|code|gate|lot)\b.{0,20}\d{4}/gi, ' ')
}

export function customerNumber(text: string): string | undefined {
  const found =
    /\bC[\s-]?(\d{2})\b/i.exec(text) ??
    /\b(?:cust\w*|customer)(?: number| no\.?| id)?\s(\d{2})\b/i.exec(text)
  return found === null ? undefined : `C-${found[1]}`
}

/** Numbers of a kind that always stand with their letter: tickets, invoices, gift codes. */
export function numbersOf(letter: 'T' | 'I' | 'G', text: string): readonly string[] {
  return unique(
    all(text, new RegExp(`\\b${letter}-?(\\d{4})\\b`, 'g')).map(([, n]) => `${letter}-${n}`),
  )
}

const digitWords: Readonly<Record<string, string>> = {
  zero: '0',
  oh: '0',
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
}
const tens: Readonly<Record<string, string>> = {
  twenty: '2',
  thirty: '3',
  forty: '4',
  fifty: '5',
  sixty: '6',
  seventy: '7',
  eighty: '8',
  ninety: '9',
}

/** Postcodes in a text, also dictated ones. */
export function postcodes(text: string): readonly string[] {
  const written = all(text, /(?<![\d$.-])(\d{5})(?!\d)/g).map(([, code]) => code ?? '')
  if (written.length > 0) return written
  const spaced = /(?<!\d)(\d \d \d \d \d)(?!\d)/.exec(text)?.[1]
  if (spaced !== undefined) return [spaced.replaceAll(' ', '')]
  const spoken = spokenDigits(text)
  return spoken.length === 5 ? [spoken] : []
}

function spokenDigits(text: string): string {
  let run = ''
  for (const word of text.toLowerCase().split(/[^a-z]+/)) {
    const digit = digitWords[word] ?? tens[word]
    if (digit !== undefined) run += digit
    else if (run.length === 5) return run
    else run = ''
  }
  return run
}

/** Amounts of money, in dollars. */
export function amounts(text: string): readonly number[] {
  return all(text, /\$\s?(\d+(?:[.,]\d{1,2})?)|(?<![\d-])(\d+[.,]\d{2})(?!\d)/g).map(([, a, b]) =>
    Number((a ?? b ?? '').replace(',', '.')),
  )
}

export function emailAddress(text: string): string | undefined {
  return /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/.exec(text)?.[0]
}

const counts: Readonly<Record<string, number>> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  ein: 1,
  eine: 1,
  einen: 1,
  einer: 1,
  eines: 1,
  zwei: 2,
  drei: 3,
  vier: 4,
  fünf: 5,
  sechs: 6,
  uno: 1,
  dos: 2,
  tres: 3,
  cuatro: 4,
  cinco: 5,
  seis: 6,
  both: 2,
  beide: 2,
  beiden: 2,
  ambos: 2,
  ambas: 2,
}

/** The first number of pieces in a phrase. */
export function countIn(phrase: string): number | undefined {
  for (const word of phrase.toLowerCase().split(/[^\p{L}\d]+/u)) {
    const count = Object.hasOwn(counts, word) ? counts[word] : undefined
    if (count !== undefined) return count
    if (/^\d{1,2}$/.test(word)) return Number(word)
  }
  return undefined
}
