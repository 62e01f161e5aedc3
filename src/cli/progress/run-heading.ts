import { plural, usd, whole } from '../../report/format.ts'
import { formatTrialKey, type TrialKey } from '../../schema/trial-key.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import type { Shell } from '../run/prepare-run.ts'
import { version } from '../version.ts'
import { mostColumns } from './fit-line.ts'
import { progressMode } from './progress-mode.ts'

/** What of a prepared run is told before it runs. */
interface ToldRun {
  readonly evalSet: { readonly shown: string }
  readonly baseline: { readonly from: string } | undefined
  /** US dollars; absent where nothing is asked that has a price. */
  readonly cost: { readonly estimate?: { readonly low: number; readonly high: number } }
  readonly plan: {
    readonly manifest: {
      readonly cases: readonly { readonly trials: number; readonly twinOf?: string | undefined }[]
    }
    readonly trials: readonly { readonly key: TrialKey }[]
  }
  /** Trials that are finished already. */
  readonly before: ReadonlySet<string>
}

/** Says what is going to be run, against what, and what it may cost. */
export function tellRun(run: ToldRun, { command, io, options }: Shell): void {
  const mode = progressMode(io, options.quiet)
  if (mode === 'silent' || mode === 'failures') return
  const lines = runHeading(run, command.purse.budgetUsd)
  io.stderr.write(lines.map((line) => `${line}\n`).join(''))
}

const lineWidth = 80

/**
 * The heading of a run, in lines of at most 80 columns; a longer name or path stays whole.
 *
 * @param budgetUsd - of the whole command; absent: there is none
 */
export function runHeading(run: ToldRun, budgetUsd: number | undefined): readonly string[] {
  const { baseline, cost, evalSet } = run
  const what = [
    `agent-eval ${version}`,
    evalSet.shown,
    trialsOf(run),
    ...(baseline === undefined ? [] : [`baseline ${baseline.from}`]),
  ]
  const { estimate } = cost
  const money = [
    ...(estimate === undefined ? [] : [`estimate ${usd(estimate.low)} to ${usd(estimate.high)}`]),
    ...(budgetUsd === undefined ? [] : [`budget ${usd(budgetUsd)}`]),
  ]
  return [...flowing(what, '  '), ...flowing(money, ', ')]
}

/** `24 cases x 5 trials`, and how many that comes to where twins or both modes make it more. */
function trialsOf({ before, plan: { manifest, trials } }: ToldRun): string {
  const cases = manifest.cases.filter((one) => one.twinOf === undefined)
  const counts = cases.map((one) => one.trials)
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  const each = least === most ? plural(most, 'trial') : `${least} to ${most} trials`
  const said = `${plural(cases.length, 'case')} x ${each}`
  const all = trials.length
  const open = trials.filter(({ key }) => !before.has(formatTrialKey(key))).length
  if (open < all) return `${said}, ${whole(open)} of ${whole(all)} left`
  return all === cases.length * most ? said : `${said}, ${whole(all)} in all`
}

/** Puts parts behind each other as long as they fit a line. */
function flowing(parts: readonly string[], between: string): readonly string[] {
  const lines: string[] = []
  for (const part of parts.map((text) => terminalLine(text))) {
    const last = lines.at(-1)
    const longer = last === undefined ? undefined : `${last}${between}${part}`
    if (longer !== undefined && mostColumns(longer) <= lineWidth) lines[lines.length - 1] = longer
    else lines.push(lines.length === 0 ? part : `  ${part}`)
  }
  return lines
}
