import { inputsChanged } from '../../gate/inputs-changed.ts'
import { byStanding } from '../../schema/deciding-cases.ts'
import type { SkippedRun } from '../../schema/skipped-run.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import { ageInDays } from '../at-base/age-in-days.ts'
import type { FoundBaseline } from '../at-base/baseline-source.ts'
import type { Io } from '../io.ts'
import { type ChosenReporter, printSkipped } from '../print/print-result.ts'
import type { PreparedRun, Shell } from './prepare-run.ts'
import type { RunOptions } from './run-options.ts'

/**
 * Answers `--skip-unchanged`: where everything that a run would be made of is what the baseline was
 * measured with, it prints so and nothing is run. Otherwise it says on stderr why the run is made.
 *
 * What a model answers may have changed all the same: this is for pull requests, and a nightly run finds
 * what they cannot have caused.
 */
export async function skipUnchanged(
  run: PreparedRun,
  chosen: readonly ChosenReporter[],
  shell: Shell,
): Promise<boolean> {
  const { io, options } = shell
  if (options.skipUnchanged !== true) return false
  const { baseline, plan } = run
  const why = baseline === undefined ? 'there is no baseline' : await whyRun(run, baseline, shell)
  if (baseline === undefined || why !== undefined) {
    if (options.quiet !== true) {
      io.stderr.write(`${terminalLine(`${run.evalSet.shown} is run: ${why ?? ''}`)}\n`)
    }
    return false
  }
  const skipped: SkippedRun = {
    apiVersion: 'agent-eval/v1',
    kind: 'SkippedRun',
    provenance: plan.manifest.provenance,
    why: 'unchanged',
    baseline: baseline.from,
  }
  await printSkipped(skipped, chosen, shell)
  return true
}

/** The first reason not to skip, in words. */
async function whyRun(
  run: PreparedRun,
  baseline: FoundBaseline,
  shell: Shell,
): Promise<string | undefined> {
  const [changed, ...more] = inputsChanged(baseline.arm.provenance, run.plan.manifest.provenance)
  if (changed !== undefined) return [changed, ...more].join(', ')
  return (
    whyAnotherRun(run, shell.options) ??
    whyWaiversMatter(run, shell.io) ??
    (await whyNoYardstick(run, baseline, shell.io))
  )
}

/** A baseline says nothing of a run of another kind. */
function whyAnotherRun(
  { plan, subject }: PreparedRun,
  { mode, resume }: Pick<RunOptions, 'mode' | 'resume'>,
): string | undefined {
  if (mode === 'both') return 'a baseline says nothing of what its agent does without controls'
  if (subject.candidate.target !== undefined) {
    return 'its agent is a program, and nobody knows all that it is made of'
  }
  const policies = [subject.candidate.policy, subject.evalSet.policy]
  if (policies.some(({ opa }) => opa?.url !== undefined)) {
    return 'a policy is a server, and nobody knows what it decides today'
  }
  const { split } = byStanding(plan.manifest.cases)
  if (split !== undefined) return `it is of the ${split} split`
  return resume === undefined ? undefined : 'it goes on with a run that was begun'
}

/** What was excused when the baseline was measured may count now, with nothing changed but the date. */
function whyWaiversMatter({ plan }: PreparedRun, { today }: Io): string | undefined {
  const isOver = plan.manifest.gate.waivers.some((one) => one.expires < today().slice(0, 10))
  return isOver ? 'a waiver has expired' : undefined
}

/**
 * Only a committed baseline that is not old says what main is like. One that the change itself brings
 * would let anybody accept anything, and so would its own rules.
 */
async function whyNoYardstick(
  { plan, rules }: PreparedRun,
  { committed }: FoundBaseline,
  io: Io,
): Promise<string | undefined> {
  const [touched] = rules?.changes ?? []
  if (touched !== undefined) return `the change touches ${touched.what}`
  if (committed === undefined) return 'its baseline is of no commit'
  if (rules !== undefined && committed.commit === undefined) {
    return 'its baseline is not that of the base'
  }
  const days = await ageInDays(committed, io)
  if (days === undefined) return 'nobody knows how old its baseline is'
  const limit = plan.manifest.gate.baseline.max_age_days
  return days > limit ? `its baseline is ${days} days old` : undefined
}
