import { duration, plural } from '../../report/format.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import type { Linted } from './lint-cache.ts'

/** How much was played and how long it took, for stderr: a report holds no times. */
export function describeEffort(linted: readonly Linted[], elapsedMs: number): string {
  const results = linted.map(({ result }) => result)
  const cases = results.reduce((sum, one) => sum + one.cases.length, 0)
  const mutants = results
    .flatMap((one) => one.cases)
    .reduce((sum, one) => sum + one.mutants.made, 0)
  const isKnown = linted.every(({ isCached }) => isCached)
  const from = isKnown ? ', nothing has changed since they were linted' : ''
  return terminalLine(
    `${plural(cases, 'case')}, ${plural(mutants, 'mutant')} in ${duration(elapsedMs)}${from}`,
  )
}
