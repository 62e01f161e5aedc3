import { AgentEvalError } from '../../errors.ts'
import { decideWithFigures } from '../../gate/decide-with-figures.ts'
import type { RunMetrics } from '../../schema/run-metrics.ts'
import type { Comparison } from '../../schema/run-result.ts'
import { type FoundBaseline, pathOfRun, readArm } from '../at-base/baseline-source.ts'
import { ciContext } from '../ci/ci-context.ts'
import { comparisonGround } from '../compare/compare-ground.ts'
import {
  type CompareOptions,
  gateInputOfRun,
  requireDecidable,
  requireSingleRun,
} from '../compare/compare-input.ts'
import { comparedRun } from '../compare/compared-run.ts'
import type { Io } from '../io.ts'
import { chooseReporters, printResult, requirePageInFile } from '../print/print-result.ts'
import { reportContext } from '../print/report-context.ts'

/** Decides again from files: BASE CANDIDATE, or CANDIDATE against `--baseline`; or decides on shards. */
export async function compareAction(
  runs: readonly string[],
  options: CompareOptions,
  io: Io,
): Promise<void> {
  const [first, second, ...more] = runs
  if (first === undefined || more.length > 0) {
    throw new AgentEvalError(`compare takes one or two runs, not ${runs.length}`, 'usage')
  }
  if (second !== undefined) await refuseSame(first, second, io.cwd)
  const candidate = second ?? first
  const named = second === undefined ? options : { ...options, baseline: first }
  const { expectShards } = named
  if (expectShards === undefined) {
    for (const run of runs) await requireSingleRun(run, io.cwd)
    await compareRuns(candidate, named, io)
    return
  }
  const { compareShards } = await import('./compare-shards.ts')
  await compareShards(candidate, { ...named, expectShards }, io)
}

async function compareRuns(named: string, options: CompareOptions, io: Io): Promise<void> {
  const chosen = chooseReporters(options)
  requirePageInFile(chosen, io)
  const candidate = await readArm(named, io.cwd)
  requireDecidable(candidate)
  const ground = await comparisonGround(candidate, { io, options })
  const { baseline } = ground
  if (baseline === undefined) {
    throw new AgentEvalError('there is nothing to compare with', 'usage', {
      hint: 'name two runs, or one with --baseline',
    })
  }
  requireDecidable(baseline)
  const verdict = decideWithFigures(gateInputOfRun(candidate, ground, { io, options }))
  const comparison: Comparison = {
    apiVersion: 'agent-eval/v1',
    kind: 'Comparison',
    baseline: side(baseline),
    candidate: side(candidate),
    verdict,
  }
  io.setExitCode(verdict.exitCode)
  const { arm, manifest } = candidate
  const ci = await ciContext(io)
  // Of a committed baseline there are no trials to look at.
  const path = candidate.committed === undefined ? named : undefined
  const context = reportContext(comparison, { path, manifest, ci, cases: arm.cases })
  const result = (await comparedRun(comparison, candidate, io.cwd)) ?? comparison
  await printResult({ result, document: comparison, context }, chosen, { io, options })
}

/** A run does as well as itself, however badly it does. */
async function refuseSame(first: string, second: string, cwd: string): Promise<void> {
  const [before, after] = await Promise.all([pathOfRun(first, cwd), pathOfRun(second, cwd)])
  if (before !== after) return
  throw new AgentEvalError('both sides are the same run', 'usage', {
    source: { file: second },
    hint: 'to see whether a gate alarms without a cause, run: npx agent-eval gate aa',
  })
}

function side({ arm, metrics }: FoundBaseline): Comparison['baseline'] {
  const known: { metrics?: RunMetrics } = metrics === undefined ? {} : { metrics }
  return { provenance: arm.provenance, ...known }
}
