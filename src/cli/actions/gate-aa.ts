import { AgentEvalError } from '../../errors.ts'
import { aaFindings } from '../../gate/aa-findings.ts'
import { deckOf } from '../../gate/split-arms.ts'
import { createRng } from '../../providers/reference/rng.ts'
import { gateReporters } from '../../report/gate/registry.ts'
import { type GateAa, gateAa } from '../../schema/gate-check.ts'
import { type AaMaterial, type AaOptions, playBothArms, takeFromRun } from '../gate/aa-material.ts'
import type { Io } from '../io.ts'
import { chooseAmong, printChosen } from '../print/print-result.ts'
import { commandPrefix } from '../print/report-context.ts'

/** Random splits of each kind: enough to tell 5 % from 10 %. Of very large runs fewer. */
const mostSplits = 200
const fewestSplits = 20
/** Trials dealt in all, which is some seconds of work. */
const trialsToDeal = 1_000_000

/** Does this gate raise an alarm where nothing has changed? Exits 1 when it does. */
export async function gateAaAction(
  named: string | undefined,
  options: AaOptions,
  io: Io,
): Promise<void> {
  const chosen = chooseAmong(gateReporters.aa, options)
  const shell = { options, io }
  const material =
    options.from === undefined
      ? await playBothArms(named, shell)
      : await takeFromRun(options.from, named, shell)
  if (material === undefined) return
  const document = documentOf(material, options, io)
  io.setExitCode(document.exitCode)
  const context = { evalSetName: material.evalSetName, commandPrefix }
  await printChosen(chosen, { io, options }, (reporter, style) =>
    reporter.render(document, context, style),
  )
}

function documentOf(
  { currentTrials, gate, manifest, trials }: AaMaterial,
  options: AaOptions,
  io: Io,
): GateAa {
  const { provenance } = manifest
  const deck = deckOf(trials)
  if (deck.cases.length === 0) {
    throw new AgentEvalError('no case has two trials to compare with one another', 'usage', {
      hint: 'make a run with two trials of each case at least: npx agent-eval run -n 2',
    })
  }
  const dealt = trials.rows.reduce((sum, { rows }) => sum + rows.length, 0)
  const seed = options.seed ?? provenance.seed
  return gateAa.parse({
    apiVersion: 'agent-eval/v1',
    kind: 'GateAa',
    evalSet: provenance.evalSet,
    candidate: { name: provenance.candidate.name, behind: provenance.agentBehind },
    ...(options.from !== undefined && { from: options.from }),
    seed,
    configuredUnit: gate.unit,
    current: { trials: currentTrials },
    ...aaFindings({
      deck,
      provenance,
      gate,
      today: io.today().slice(0, 10),
      random: createRng(seed),
      splits: Math.max(fewestSplits, Math.min(mostSplits, Math.floor(trialsToDeal / dealt))),
      isHoldout: trials.planned.some((one) => one.split === 'holdout'),
    }),
  })
}
