import path from 'node:path'
import { powerFindings } from '../../gate/power-findings.ts'
import { gateReporters } from '../../report/gate/registry.ts'
import type { CaseStats } from '../../schema/case-stats.ts'
import { byStanding } from '../../schema/deciding-cases.ts'
import { type GatePower, gatePower } from '../../schema/gate-check.ts'
import type { PlannedCase } from '../../schema/run-manifest.ts'
import { planTrials } from '../../suites/plan-trials.ts'
import { selectCases } from '../../suites/select-cases.ts'
import { type FoundBaseline, findBaseline } from '../at-base/baseline-source.ts'
import { type GateOptions, type GateSubject, openGateSubject } from '../gate/gate-options.ts'
import type { Io } from '../io.ts'
import { chooseAmong, printChosen } from '../print/print-result.ts'
import { commandPrefix } from '../print/report-context.ts'

export interface GatePowerOptions extends GateOptions {
  readonly baseline?: string
  readonly assumeTsr?: number
}

/** Numbers of trials that are always looked at. */
const usualTrials = [1, 2, 3, 5, 10, 20]
/** A suite of easy, shaky and hard cases. */
const usualTsr = 0.74

/** What would this gate be able to show, before anything is spent? */
export async function gatePowerAction(
  named: string | undefined,
  options: GatePowerOptions,
  io: Io,
): Promise<void> {
  const chosen = chooseAmong(gateReporters.power, options)
  const subject = await openGateSubject(named, options, io)
  const document = gatePower.parse(await planPower(subject, options, io))
  const context = { evalSetName: subject.evalSet.shown, commandPrefix }
  await printChosen(chosen, { io, options }, (reporter, style) =>
    reporter.render(document, context, style),
  )
}

async function planPower(
  { concurrency, evalSet, trials: usual }: GateSubject,
  options: GatePowerOptions,
  io: Io,
): Promise<GatePower> {
  const { file, hash } = evalSet.loaded
  const { gate } = file
  const trials = options.trials ?? usual
  const planned = casesThatGate(evalSet.loaded)
  const found = options.assumeTsr === undefined ? await baselineOf(evalSet, options, io) : undefined
  const known = found === undefined ? undefined : stillTheSame(found, planned)
  const tsr = options.assumeTsr ?? usualTsr
  const findings = powerFindings({
    planned,
    attacked: new Set(planned.flatMap(({ twinOf }) => twinOf ?? [])),
    ...(known !== undefined && { baseline: known }),
    tsr,
    gate,
    trials: [...new Set([...usualTrials, trials])].sort((a, b) => a - b),
    concurrency,
  })
  return {
    apiVersion: 'agent-eval/v1',
    kind: 'GatePower',
    evalSet: { id: file.id, version: file.version, hash },
    basis:
      found === undefined || known === undefined
        ? { kind: 'assumption', tsr, baselineFactor: gate.baseline.trials_factor }
        : basisOf(found, known, findings.cases),
    trials,
    concurrency,
    ...findings,
  }
}

function casesThatGate(loaded: GateSubject['evalSet']['loaded']): readonly PlannedCase[] {
  const cases = selectCases(loaded.cases, {}).filter(({ status }) => status === 'active')
  const options = {
    trials: 1,
    defaultTrials: 1,
    seed: 0,
    mode: 'enforce',
    evalSet: loaded,
  } as const
  return planTrials(cases, options).planned
}

function baselineOf(
  evalSet: GateSubject['evalSet'],
  { baseline }: GatePowerOptions,
  { cwd }: Io,
): Promise<FoundBaseline | undefined> {
  return findBaseline({
    source: baseline,
    defaultFile: path.relative(cwd, evalSet.baselineFile),
    evalSetId: evalSet.id,
    cwd,
  })
}

/** What was measured on cases that are as they were; the others would not be compared. */
function stillTheSame({ arm }: FoundBaseline, planned: readonly PlannedCase[]): CaseStats[] {
  const now = new Map(planned.map((one) => [one.id, one]))
  return byStanding(arm.cases)
    .deciding.filter(({ definitionHash, id }) => now.get(id)?.definitionHash === definitionHash)
    .map((stats) => ({ ...stats, cluster: now.get(stats.id)?.cluster ?? stats.cluster }))
}

function basisOf(
  { arm, from }: FoundBaseline,
  known: readonly CaseStats[],
  cases: number,
): GatePower['basis'] {
  const own = known.filter((one) => one.twinOf === undefined && one.scored > 0)
  const inverse = own.reduce((sum, one) => sum + 1 / one.scored, 0)
  return {
    kind: 'baseline',
    from,
    behind: arm.provenance.agentBehind,
    trials: own.length === 0 ? 0 : Number((own.length / inverse).toPrecision(3)),
    cases: own.length,
    missing: cases - own.length,
  }
}
