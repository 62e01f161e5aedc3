import type { Diverted, Io } from '../io.ts'
import { fitLine, mostColumns } from './fit-line.ts'

/** Lines at the bottom of a terminal that are painted over again. */
export interface LiveRegion {
  /** Paints these instead of the lines before; what does not fit a line is cut. */
  readonly show: (lines: readonly string[]) => void
  /** Takes the lines away. May be called again. */
  readonly close: () => void
}

type Stream = 'stdout' | 'stderr'

const up = '\u001b[A'
const eraseLine = '\u001b[K'
/** Room for `^C`, which the terminal itself writes behind the last line. */
const keptFree = 3
/** Somebody who never ends a line is not waited for. */
const mostHeld = 4_096

/**
 * Opens a region. Until it is closed, whatever is written to the terminal goes above it, line by line:
 * our own messages as well as those of others in this process.
 *
 * The lines are moved by counting up from the last one. Where the terminal was made narrower meanwhile
 * each old line may stand on several, which is reckoned in.
 */
export function openRegion(io: Pick<Io, 'divert' | 'stderr'>): LiveRegion {
  let painted: readonly string[] = []
  let isOpen = true
  const held: Record<Stream, string> = { stdout: '', stderr: '' }

  const rows = (): number => {
    const columns = Math.max(1, io.stderr.columns)
    return painted.reduce((sum, line) => sum + rowsOf(line, columns), 0)
  }
  // Row by row: tmux keeps a screen that is cleared as a whole in its history.
  const erase = (): string =>
    painted.length === 0 ? '' : `\r${eraseLine}${`${up}${eraseLine}`.repeat(rows() - 1)}`
  // In place: a line that is erased first would flicker.
  const repainted = (lines: readonly string[]): string => {
    if (lines.length !== rows()) return erase() + lines.join('\n')
    return `\r${up.repeat(lines.length - 1)}${lines.map((line) => line + eraseLine).join('\n')}`
  }
  const above = (text: string, to: Stream): void => {
    if (to === 'stderr') terminal.write(erase() + text + painted.join('\n'), to)
    else {
      terminal.write(erase(), 'stderr')
      terminal.write(text, to)
      terminal.write(painted.join('\n'), 'stderr')
    }
  }
  const terminal: Diverted = io.divert((text, to) => {
    const all = held[to] + text
    const end = all.length > mostHeld ? all.length : all.lastIndexOf('\n') + 1
    held[to] = all.slice(end)
    const whole = all.slice(0, end)
    if (whole !== '') above(whole.endsWith('\n') ? whole : `${whole}\n`, to)
  })

  return {
    show(lines) {
      const fitting = lines.map((line) => fitLine(line, roomIn(io.stderr)))
      const isSame =
        fitting.length === painted.length && fitting.every((line, at) => line === painted[at])
      if (!isOpen || isSame) return
      terminal.write(repainted(fitting), 'stderr')
      painted = fitting
    },
    close() {
      if (!isOpen) return
      isOpen = false
      terminal.write(erase(), 'stderr')
      terminal.stop()
      for (const to of ['stdout', 'stderr'] as const)
        if (held[to] !== '') terminal.write(held[to], to)
    },
  }
}

/** How many columns a line of a region may take. */
export function roomIn({ columns }: Pick<Io['stderr'], 'columns'>): number {
  return Math.max(0, columns - keptFree)
}

function rowsOf(line: string, columns: number): number {
  return Math.max(1, Math.ceil(mostColumns(line) / columns))
}
