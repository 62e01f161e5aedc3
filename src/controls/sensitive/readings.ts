/** One way to read a text, and where in the text a stretch of the reading stands. */
export interface Reading {
  readonly text: string
  readonly original: (start: number, end: number) => readonly [start: number, end: number]
}

/** A stretch of the reading that does not say what the text says at `from` to `to`. */
interface Edit {
  readonly start: number
  readonly end: number
  readonly from: number
  readonly to: number
}

const plainAscii = /^[\t\n\r -~]*$/
const mayEscape = /&[#a-z]|%[2-7]|\\[unrtx]/

/** Characters that HTML can write by name and that stand in addresses and numbers, or hide in them. */
const entities: Readonly<Record<string, string>> = {
  colon: ':',
  commat: '@',
  dash: '-',
  emsp: ' ',
  ensp: ' ',
  equals: '=',
  hyphen: '-',
  lowbar: '_',
  lpar: '(',
  nbsp: ' ',
  period: '.',
  plus: '+',
  rpar: ')',
  shy: '',
  sol: '/',
  thinsp: ' ',
  zwj: '',
  zwnj: '',
}

/** HTML entities, percent escapes and those of JSON, also escaped again a few times. */
const escape = new RegExp(
  [
    `&(?:amp;){0,3}(?:#\\d{1,7}|#[xX][\\da-fA-F]{1,6}|${Object.keys(entities).join('|')});?`,
    '%(?:25){0,3}[2-7][\\da-fA-F]',
    '\\\\{1,7}(?:(?:u00|x)[2-7][\\da-fA-F]|[nrt])',
  ].join('|'),
  'gu',
)

/** The full stop of Chinese and Japanese, where browsers take it for the dot of a domain. */
const otherDot = '(?<=[\\w\\uff10-\\uff5a])[\\u3002\\uff61](?=[\\w\\uff10-\\uff5a])'

/** The same, and characters that only look like others or are not seen, and digits of other scripts. */
const foldable = new RegExp(
  `${escape.source}|${otherDot}|(?![\\0-\\x7f])[\\p{CWKCF}\\p{Pd}\\p{Nd}\\u2212]`,
  'gu',
)

/** Breaks between lines, with the indent of the line behind them. */
const lineBreaks = /[\r\n\u2028\u2029]+[ \t]*/g

/**
 * The ways in which a text can be read: as it stands and, where that differs, with escapes decoded,
 * compatible characters (full-width, mathematical) and digits of other scripts as plain ones, every
 * dash as `-` and space as ` `, and without what nobody sees (zero-width and bidi characters).
 *
 * As it stands too, because an invisible character can also part what would be found alone.
 */
export function readings(text: string): readonly Reading[] {
  const asItStands: Reading = { text, original: (start, end) => [start, end] }
  const isPlain = plainAscii.test(text)
  if (isPlain && !mayEscape.test(text)) return [asItStands]
  return [asItStands, ...edited(asItStands, isPlain ? escape : foldable, foldPiece)]
}

/**
 * What a reading says where its lines are one: without the breaks, and with a blank for each. None
 * where it has a single line.
 */
export function joinedLines(reading: Reading): readonly Reading[] {
  return ['', ' '].flatMap((glue) => edited(reading, lineBreaks, () => glue))
}

/** How many times a text goes on in another line. */
export function countLineBreaks(text: string): number {
  return text.match(lineBreaks)?.length ?? 0
}

/** A reading with another text for each piece that a pattern finds; none where that changes nothing. */
function edited(
  reading: Reading,
  pattern: RegExp,
  replace: (piece: string) => string,
): readonly Reading[] {
  const edits: Edit[] = []
  let shift = 0
  const text = reading.text.replace(pattern, (piece, from: number) => {
    const plain = replace(piece)
    if (plain === piece) return piece
    const start = from + shift
    edits.push({ start, end: start + plain.length, from, to: from + piece.length })
    shift += plain.length - piece.length
    return plain
  })
  if (edits.length === 0) return []
  const original: Reading['original'] = (start, end) =>
    reading.original(originOfStart(edits, start), originOfEnd(edits, end))
  return [{ text, original }]
}

function foldPiece(piece: string): string {
  return decodeEscape(piece)
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/[\p{Pd}\u2212]/gu, '-')
    .replace(/\u3002/g, '.')
    .replace(/(?![0-9])\p{Nd}/gu, plainDigit)
}

const decimalDigit = /^\p{Nd}$/u

/** Every script has its ten digits in a row, from zero to nine (UAX #44). */
function plainDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0
  let before = 0
  while (decimalDigit.test(String.fromCodePoint(code - before - 1))) before += 1
  return String(before % 10)
}

function decodeEscape(piece: string): string {
  if (piece.startsWith('&')) return decodeEntity(piece)
  if (/^\\+[nrt]$/.test(piece)) return ' '
  const code = /^(?:%(?:25)*|\\+(?:u00|x))([2-7][\da-fA-F])$/.exec(piece)?.[1]
  return code === undefined ? piece : String.fromCharCode(Number.parseInt(code, 16))
}

function decodeEntity(piece: string): string {
  const name = piece.replace(/^&(?:amp;)*/, '').replace(/;$/, '')
  if (!name.startsWith('#')) return entities[name] ?? piece
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
  return code <= 0x10ffff ? String.fromCodePoint(code) : piece
}

function originOfStart(edits: readonly Edit[], start: number): number {
  const edit = lastBefore(edits, start)
  if (edit === undefined) return start
  return start < edit.end ? edit.from : edit.to + start - edit.end
}

function originOfEnd(edits: readonly Edit[], end: number): number {
  const edit = lastBefore(edits, end - 1)
  if (edit === undefined) return end
  return end <= edit.end ? edit.to : edit.to + end - edit.end
}

/** The last edit that starts at a place of the reading or before it. */
function lastBefore(edits: readonly Edit[], at: number): Edit | undefined {
  let low = 0
  let high = edits.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((edits[middle] as Edit).start <= at) low = middle + 1
    else high = middle
  }
  return edits[low - 1]
}
