/** Cuts a stream of text into lines. */
export interface LineReader {
  readonly write: (text: string) => void
  /** A last line needs no end. */
  readonly end: () => void
}

/** Enough to tell what a line begins as. */
const longBeginning = 200

/**
 * @param ports.maxLength - in UTF-16 units; of a longer line only the beginning is kept
 * @param ports.onLine - without its line feed; `whole` is false for a line that was cut
 * @param ports.onLong - told how a line begins as soon as it is too long, because it may never end
 */
export function lineReader(ports: {
  readonly maxLength: number
  readonly onLine: (line: string, whole: boolean) => void
  readonly onLong?: (beginning: string) => void
}): LineReader {
  const { maxLength, onLine, onLong } = ports
  let pieces: string[] = []
  let length = 0
  const take = (piece: string): void => {
    const wasLong = length > maxLength
    if (length < maxLength && piece !== '') pieces.push(piece.slice(0, maxLength - length))
    length += piece.length
    if (!wasLong && length > maxLength) onLong?.(pieces.join('').slice(0, longBeginning))
  }
  const finish = (): void => {
    const line = pieces.join('')
    const whole = length <= maxLength
    pieces = []
    length = 0
    onLine(line, whole)
  }
  return {
    write(text) {
      let from = 0
      for (;;) {
        const at = text.indexOf('\n', from)
        take(text.slice(from, at === -1 ? undefined : at))
        if (at === -1) return
        finish()
        from = at + 1
      }
    },
    end() {
      if (length > 0) finish()
    },
  }
}
