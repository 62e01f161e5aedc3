/** A terminal as far as our own output goes: it throws at whatever else it is sent. */
export interface Screen {
  readonly write: (text: string) => void
  /** What scrolled away and what is visible, without trailing space and empty last lines. */
  readonly lines: () => readonly string[]
  /** Only what is visible. */
  readonly visible: () => readonly string[]
  /** Makes it narrower or wider; long lines are broken anew, as most terminals do. */
  readonly resize: (columns: number) => void
  /** How often a line was too long and went on in the next row. */
  readonly wraps: () => number
}

interface Row {
  cells: string[]
  /** Goes on in the next row. */
  goesOn: boolean
}

/** A sequence, or one character; what is no sequence of these is an error below. */
const pieces = /\u001b\[(\d*(?:;\d+)*)([A-Za-z])|[\s\S]/gu

export function createScreen(height: number, width: number): Screen {
  let rows: Row[] = [blank()]
  let [row, column, columns, wrapped] = [0, 0, width, 0]
  const at = (index: number): Row => (rows[index] ??= blank())
  const newRow = (): void => {
    row += 1
    column = 0
    at(row)
  }
  const put = (character: string): void => {
    const size = isWide(character) ? 2 : 1
    if (column + size > columns) {
      at(row).goesOn = true
      wrapped += 1
      newRow()
    }
    at(row).cells[column] = character
    if (size === 2) at(row).cells[column + 1] = ''
    column += size
  }
  const clearFrom = (index: number, from: number): void => {
    at(index).cells.length = Math.min(at(index).cells.length, from)
    at(index).goesOn = false
  }
  const obey = (count: string, command: string): void => {
    switch (command) {
      case 'm':
        return
      case 'A':
        row = Math.max(rows.length - height, 0, row - Number(count || 1))
        return
      case 'K':
        clearFrom(row, column)
        return
      case 'J':
        clearFrom(row, column)
        rows.length = row + 1
        return
      default:
        throw new Error(`an escape sequence that is none of ours: ${count}${command}`)
    }
  }
  const lines = (): readonly string[] => {
    const all = rows.map(textOf)
    return all.slice(0, all.findLastIndex((line) => line !== '') + 1)
  }
  return {
    write(text) {
      for (const [whole, count = '', command] of text.matchAll(pieces)) {
        if (command !== undefined) obey(count, command)
        else if (whole === '\r') column = 0
        else if (whole === '\n') newRow()
        else if (whole < ' ') throw new Error(`a control character: ${JSON.stringify(whole)}`)
        else put(whole)
      }
    },
    lines,
    visible: () => rows.slice(-height).map(textOf),
    resize(narrower) {
      const texts = joined(rows)
      const cursorRow = rows.slice(0, row).filter((one) => !one.goesOn).length
      const cursorAt = rows.slice(0, row).reduce((sum, one) => (one.goesOn ? sum + columns : 0), 0)
      columns = narrower
      rows = texts.flatMap((text) => broken(text, columns))
      row = texts.slice(0, cursorRow).reduce((sum, text) => sum + broken(text, columns).length, 0)
      row += Math.floor((cursorAt + column) / columns)
      column = (cursorAt + column) % columns
      at(row)
    },
    wraps: () => wrapped,
  }
}

function blank(): Row {
  return { cells: [], goesOn: false }
}

function textOf({ cells }: Row): string {
  return Array.from(cells, (one) => (one as string | undefined) ?? ' ')
    .join('')
    .trimEnd()
}

function joined(rows: readonly Row[]): readonly (readonly string[])[] {
  const texts: string[][] = []
  let isOpen = false
  for (const { cells, goesOn } of rows) {
    if (isOpen) texts.at(-1)?.push(...cells)
    else texts.push([...cells])
    isOpen = goesOn
  }
  return texts
}

function broken(cells: readonly string[], columns: number): Row[] {
  const rows: Row[] = []
  for (let from = 0; from === 0 || from < cells.length; from += columns) {
    rows.push({ cells: cells.slice(from, from + columns), goesOn: from + columns < cells.length })
  }
  return rows
}

/** East Asian wide characters and emoji; the rest of Unicode is one column here. */
function isWide(character: string): boolean {
  return /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
    character,
  )
}
