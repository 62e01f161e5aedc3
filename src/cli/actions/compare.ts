import { AgentEvalError } from '../../errors.ts'
import { decide } from '../../gate/decide.ts'
import type { GateInput } from '../../gate/gate-input.ts'
import { samplingOfRun } from '../../gate/sampling-of-run.ts'
import type { Comparison, RunMetrics } from '../../schema/run-result.ts'
import { type FoundBaseline, pathOfRun, readArm } from '../baseline-source.ts'
import { type ComparisonGround, comparisonGround } from '../compare-ground.ts'
import type { Io } from '../io.ts'
import type { OutputOptions } from '../options.ts'
import { chooseReporters, printResult } from '../print-result.ts'
import { reportContext } from '../report-context.ts'

export interface CompareOptions extends OutputOptions {
  readonly config?: string
  readonly baseline?: string
  readonly strict?: boolean
}

/** Decides again from files: BASE CANDIDATE, or CANDIDATE against `--baseline`. */
export async function compareAction(
  runs: readonly string[],
  options: CompareOptions,
  io: Io,
): Promise<void> {
  const chosen = chooseReporters(options)
  const [first, second, ...more] = runs
  if (first === undefined || more.length > 0) {
    throw new AgentEvalError(`compare takes one or two runs, not ${runs.length}`, 'usage')
  }
  if (second !== undefined) await refuseSame(first, second, io.cwd)
  const candidate = await readArm(second ?? first, io.cwd)
  refuseObserved(candidate)
  const named = second === undefined ? options : { ...options, baseline: first }
  const ground = await comparisonGround(candidate, { io, options: named })
  const { baseline } = ground
  if (baseline !== undefined) refuseObserved(baseline)
  if (baseline === undefined) {
    throw new AgentEvalError('there is nothing to compare with', 'usage', {
      hint: 'name two runs, or one with --baseline',
    })
  }
  const verdict = decide(gateInput(candidate, ground, { io, options }))
  const comparison: Comparison = {
    apiVersion: 'agent-eval/v1',
    kind: 'Comparison',
    baseline: side(baseline),
    candidate: side(candidate),
    verdict,
  }
  io.setExitCode(verdict.exitCode)
  const { manifest } = candidate
  const context = reportContext(comparison, { path: second ?? first, manifest })
  await printResult({ result: comparison, context }, chosen, { io, options })
}

/** A run does as well as itself, however badly it does. */
async function refuseSame(first: string, second: string, cwd: string): Promise<void> {
  const [before, after] = await Promise.all([pathOfRun(first, cwd), pathOfRun(second, cwd)])
  if (before !== after) return
  throw new AgentEvalError('both sides are the same run', 'usage', {
    source: { file: second },
    hint: 'to see whether a gate alarms without a cause, run: agent-eval gate aa',
  })
}

/** What executed only because nothing stopped it is no behaviour of the agent as it is deployed. */
function refuseObserved({ from, manifest }: FoundBaseline): void {
  if (manifest?.options['mode'] !== 'observe') return
  throw new AgentEvalError('in this run the controls only observed', 'usage', {
    source: { file: from },
    hint: 'compare a run with --mode enforce',
  })
}

/** The same question that the run itself asked, so that it gets the same answer. */
function gateInput(
  { arm, manifest }: FoundBaseline,
  { advice, anchor, baseline, candidate, gate, goneSets, rules }: ComparisonGround,
  { io, options }: { readonly io: Io; readonly options: CompareOptions },
): GateInput {
  const sampling = manifest === undefined ? undefined : samplingOfRun(manifest, arm.cases)
  return {
    candidate,
    ...(baseline !== undefined && { baseline }),
    ...(anchor !== undefined && { anchor }),
    gate: options.strict === true ? { ...gate, preset: 'release' } : gate,
    ...(rules !== undefined && { rules }),
    ...(sampling !== undefined && { sampling }),
    ...(advice !== undefined && { advice }),
    ...(goneSets !== undefined && { goneSets }),
    today: io.today().slice(0, 10),
    notSelected: new Set(manifest?.notSelected),
  }
}

function side({ arm, metrics }: FoundBaseline): Comparison['baseline'] {
  const known: { metrics?: RunMetrics } = metrics === undefined ? {} : { metrics }
  return { provenance: arm.provenance, ...known }
}
