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

/** The same, and characters that only look like others or are not seen. */
const foldable = new RegExp(`${escape.source}|(?![\\0-\\x7f])[\\p{CWKCF}\\p{Pd}\\u2212]`, 'gu')

/**
 * The ways in which a text can be read: as it stands and, where that differs, with escapes decoded,
 * compatible characters (full-width, mathematical) as plain ones, every dash as `-` and space as ` `,
 * and without what nobody sees (zero-width and bidi characters).
 *
 * As it stands too, because an invisible character can also part what would be found alone.
 */
export function readings(text: string): readonly Reading[] {
  const asItStands: Reading = { text, original: (start, end) => [start, end] }
  const isPlain = plainAscii.test(text)
  if (isPlain && !mayEscape.test(text)) return [asItStands]
  const edits: Edit[] = []
  let shift = 0
  const folded = text.replace(isPlain ? escape : foldable, (piece, from: number) => {
    const plain = foldPiece(piece)
    if (plain === piece) return piece
    const start = from + shift
    edits.push({ start, end: start + plain.length, from, to: from + piece.length })
    shift += plain.length - piece.length
    return plain
  })
  if (edits.length === 0) return [asItStands]
  const original: Reading['original'] = (start, end) => [
    originOfStart(edits, start),
    originOfEnd(edits, end),
  ]
  return [asItStands, { text: folded, original }]
}

function foldPiece(piece: string): string {
  return decodeEscape(piece)
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/[\p{Pd}\u2212]/gu, '-')
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
