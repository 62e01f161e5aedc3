import type { VerdictStatus } from '../../schema/verdict.ts'

/** What came of one eval set: `none` where nobody decided, `skipped` where nothing had to be run. */
export interface SetOutcome {
  readonly verdict: VerdictStatus | 'none' | 'skipped'
  readonly exitCode: number
  /** Share of tasks done; absent where no trial was scored. */
  readonly tsr?: number | undefined
  /** Path of its `result.json`. */
  readonly reportPath?: string | undefined
}

/** What later steps of a job read, by name. */
export type StepOutputs = Readonly<Record<'verdict' | 'exit-code' | 'tsr' | 'report-path', string>>

/** The worst first: nothing that was left undecided may look like a pass. */
const order = ['regression', 'error', 'inconclusive', 'none', 'pass', 'skipped'] as const

/** A command that was cut off or that broke has no verdict, whatever its first eval sets came to. */
const exitCodesOfVerdicts: ReadonlySet<number> = new Set([0, 1, 3])

/**
 * Puts the eval sets of one command together: the worst verdict, the lowest success rate, all paths.
 *
 * @param exitCode - of the command; without it the worst of the verdicts says
 */
export function stepOutputs(
  outcomes: readonly SetOutcome[],
  exitCode: number | undefined,
): StepOutputs {
  const code = exitCode ?? worstExitCode(outcomes)
  const worst = order.find((verdict) => outcomes.some((one) => one.verdict === verdict))
  const rates = outcomes.flatMap(({ tsr }) => tsr ?? [])
  return {
    verdict: exitCodesOfVerdicts.has(code) ? (worst ?? 'none') : 'error',
    'exit-code': String(code),
    tsr: rates.length === 0 ? '' : String(Math.min(...rates)),
    'report-path': outcomes.flatMap(({ reportPath }) => reportPath ?? []).join('\n'),
  }
}

function worstExitCode(outcomes: readonly SetOutcome[]): number {
  return [1, 4, 3].find((code) => outcomes.some((one) => one.exitCode === code)) ?? 0
}

/**
 * The text for the file that `GITHUB_OUTPUT` names.
 *
 * @param delimiter - that nobody could have foreseen: a value that holds it would end early
 */
export function outputLines(outputs: Readonly<Record<string, string>>, delimiter: string): string {
  return Object.entries(outputs)
    .map(([name, value]) =>
      /[\r\n]/.test(value)
        ? `${name}<<${delimiter}\n${value}\n${delimiter}\n`
        : `${name}=${value}\n`,
    )
    .join('')
}
