import { lintJson } from './lint-json.ts'
import type { LintReporter } from './lint-reporter.ts'
import { lintSarif } from './lint-sarif.ts'
import { lintTerminal } from './lint-terminal.ts'

/** Every format that findings of lint can be rendered in, by id. */
export const lintReporters: ReadonlyMap<string, LintReporter> = new Map(
  [lintTerminal, lintJson, lintSarif].map((reporter) => [reporter.id, reporter]),
)
