import { AgentEvalError } from '../../errors.ts'
import { decide, type GateInput } from '../../gate/decide.ts'
import { type GateConfig, gateConfig } from '../../schema/gate-config.ts'
import type { Comparison, RunMetrics } from '../../schema/run-result.ts'
import { type FoundBaseline, findBaseline, readArm } from '../baseline-source.ts'
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
  const candidate = await readArm(second ?? first, io.cwd)
  const baseline = await findBase(second === undefined ? undefined : first, candidate, {
    options,
    io,
  })
  const comparison = compareArms(baseline, candidate, {
    gate: gateOf(candidate, options),
    today: io.today().slice(0, 10),
  })
  io.setExitCode(comparison.verdict.exitCode)
  const context = reportContext(comparison, second ?? first)
  await printResult({ result: comparison, context }, chosen, { io, options })
}

async function findBase(
  base: string | undefined,
  candidate: FoundBaseline,
  { io, options }: { readonly io: Io; readonly options: CompareOptions },
): Promise<FoundBaseline> {
  const found = await findBaseline({
    source: base ?? options.baseline,
    defaultFile: candidate.manifest?.baselineFile,
    evalSetId: candidate.arm.provenance.evalSet.id,
    cwd: io.cwd,
  })
  if (found !== undefined) return found
  throw new AgentEvalError('there is nothing to compare with', 'usage', {
    hint: 'name two runs, or one with --baseline',
  })
}

function gateOf(candidate: FoundBaseline, options: CompareOptions): GateConfig {
  const gate = candidate.manifest?.gate ?? gateConfig.parse({})
  return options.strict === true ? { ...gate, preset: 'release' } : gate
}

function compareArms(
  baseline: FoundBaseline,
  candidate: FoundBaseline,
  rules: Pick<GateInput, 'gate' | 'today'>,
): Comparison {
  const { manifest } = candidate
  const verdict = decide({
    candidate: candidate.arm,
    baseline,
    ...rules,
    notSelected: new Set(manifest?.notSelected),
  })
  return {
    apiVersion: 'agent-eval/v1',
    kind: 'Comparison',
    baseline: side(baseline),
    candidate: side(candidate),
    verdict,
  }
}

function side({ arm, metrics }: FoundBaseline): Comparison['baseline'] {
  const known: { metrics?: RunMetrics } = metrics === undefined ? {} : { metrics }
  return { provenance: arm.provenance, ...known }
}
