import type { RunOptions } from '../run/run-options.ts'

/** What a round is run with: the options of the watch, where nothing else is said of it. */
export interface Round {
  readonly options: RunOptions
  /** Absent: all that are selected. */
  readonly cases: readonly string[] | undefined
  readonly replays: boolean
  /** US dollars; absent: no limit but that of the project. */
  readonly leftUsd: number | undefined
  /** A person has been asked already. */
  readonly isAgreed: boolean
}

/** Cases alone are no measurement of the agent, and these options need one. */
const needVerdict: readonly (keyof RunOptions)[] = ['maxTrials', 'confirm', 'skipUnchanged']

/** The words that a round is started with. */
export function roundArgv(folder: string, round: Round): readonly string[] {
  const { cases, isAgreed, leftUsd, options, replays } = round
  const asked: RunOptions = {
    ...options,
    ...(cases !== undefined && { gate: false, case: cases }),
    ...(replays && { cassette: 'replay' }),
    ...(leftUsd !== undefined && { budget: leftUsd }),
    ...(isAgreed && { yes: true }),
  }
  const leftOut = new Set<string>(['watch', ...(cases === undefined ? [] : needVerdict)])
  const kept = (Object.keys(asked) as (keyof RunOptions)[]).filter((name) => !leftOut.has(name))
  return ['run', folder, ...kept.flatMap((name) => wordsOf(name, asked[name]))]
}

/** What holds where nobody says `--no-…`: there is no other word for it. */
const onlyNegated: ReadonlySet<string> = new Set<keyof RunOptions>(['gate', 'github'])

/**
 * An option of a run as words of a command line. Each value stands behind its own `=`, so that one which
 * begins with a dash, or which an option may do without, is read as it was meant.
 */
function wordsOf(name: string, value: RunOptions[keyof RunOptions]): readonly string[] {
  const kebab = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  if (value === undefined || (value === true && onlyNegated.has(name))) return []
  if (value === true) return [`--${kebab}`]
  if (value === false) return [`--no-${kebab}`]
  const values: readonly (string | number)[] = typeof value === 'object' ? value : [value]
  return values.map((one) => `--${kebab}=${inWords(name, one)}`)
}

function inWords(name: string, value: string | number): string {
  if (typeof value === 'string') return value
  if (name === 'maxDuration') return timeInWords(value)
  return name === 'budget' ? value.toFixed(9) : String(value)
}

/** In the largest unit that it is a whole number of, since the command line takes six digits at most. */
function timeInWords(ms: number): string {
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000}h`
  return ms % 60_000 === 0 ? `${ms / 60_000}m` : `${ms / 1000}s`
}
