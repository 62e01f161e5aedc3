import { terminalLine } from '../../text/sanitise-terminal.ts'
import { clockTime } from './clock-time.ts'
import { fitLine, mostColumns } from './fit-line.ts'

/** How far a run is. */
export interface Standing {
  readonly done: number
  readonly all: number
  readonly notOk: number
  /** In words; absent while nothing was paid. */
  readonly spent: string | undefined
  readonly elapsedMs: number
  readonly running: readonly RunningTrial[]
}

interface RunningTrial {
  readonly name: string
  readonly trial: number
  readonly elapsedMs: number
}

const barWidth = 20

/** The two lines of a run at a terminal: how far it is, and what it waits for longest. */
export function liveLines(standing: Standing, columns: number): readonly string[] {
  const { all, done, notOk, spent } = standing
  const eta = etaOf(standing)
  const parts = [
    `${done}/${all} trials`,
    ...(notOk === 0 ? [] : [`${notOk} not ok`]),
    ...(spent === undefined ? [] : [spent]),
    ...(eta === undefined ? [] : [`eta ${eta}`]),
  ].join('  ')
  const withBar = `  [${bar(done, all)}]  ${parts}`
  const first = mostColumns(withBar) <= columns ? withBar : `  ${parts}`
  return [fitLine(first, columns), ...slowestLine(standing.running, columns)]
}

function bar(done: number, all: number): string {
  const filled = Math.min(barWidth, Math.floor((barWidth * done) / Math.max(1, all)))
  return '#'.repeat(filled) + '-'.repeat(barWidth - filled)
}

function etaOf({ all, done, elapsedMs }: Standing): string | undefined {
  if (done === 0 || done >= all) return undefined
  return clockTime((elapsedMs / done) * (all - done))
}

/** The name gives way: how long it takes is what one looks for. */
function slowestLine(running: readonly RunningTrial[], columns: number): readonly string[] {
  const [first, ...others] = running
  if (first === undefined) return []
  const slowest = others.reduce((a, b) => (b.elapsedMs > a.elapsedMs ? b : a), first)
  const more = others.length === 0 ? '' : `  +${others.length} more`
  const before = '  running '
  const after = ` (trial ${slowest.trial}, ${clockTime(slowest.elapsedMs)})${more}`
  const name = fitLine(
    terminalLine(slowest.name),
    Math.max(0, columns - before.length - after.length),
  )
  return [fitLine(before + name + after, columns)]
}
