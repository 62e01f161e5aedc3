import { lintJson } from './json.ts'
import type { LintReporter } from './reporter.ts'
import { lintSarif } from './sarif.ts'
import { lintTerminal } from './terminal.ts'

/** Every format that findings of lint can be rendered in, by id. */
export const lintReporters: ReadonlyMap<string, LintReporter> = new Map(
  [lintTerminal, lintJson, lintSarif].map((reporter) => [reporter.id, reporter]),
)
