import type { Ended, Outcome } from './situation.ts'

const withoutVerdict: ReadonlyMap<number, Outcome> = new Map([
  [1, 'regression'],
  [2, 'refused'],
  [3, 'inconclusive'],
  [4, 'error'],
  [130, 'interrupted'],
])

/**
 * How a command line ended: by the last line that it printed, which is the verdict; where nothing was
 * printed, by its exit code alone.
 *
 * @returns `undefined` for an exit code of 0 that nobody explained: there must be none
 */
export function outcomeOf({ exitCode, stdout }: Ended): Outcome | undefined {
  const verdicts = stdout.split('\n').flatMap((line) => verdictOf(line) ?? [])
  return worst(verdicts) ?? withoutVerdict.get(exitCode ?? -1)
}

function verdictOf(line: string): Outcome | undefined {
  if (line === 'no verdict') return 'unjudged'
  const [, status] = /^(pass|regression|inconclusive|error)(?: \(.*\))?$/.exec(line) ?? []
  return status as Outcome | undefined
}

/** Of several eval sets, as the exit code says it. */
function worst(verdicts: readonly Outcome[]): Outcome | undefined {
  const order: readonly Outcome[] = ['regression', 'error', 'inconclusive', 'unjudged', 'pass']
  return order.find((one) => verdicts.includes(one))
}
