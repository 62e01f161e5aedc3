import { gateReporters } from '../../report/gate/registry.ts'
import { judgeSelfTest } from '../../run-evalset/self-test.ts'
import { planSelfTest } from '../../run-evalset/self-test-arms.ts'
import type { Candidate } from '../../schema/candidate.ts'
import { gateSelfTest } from '../../schema/gate-check.ts'
import { openCandidate } from '../candidate/candidate-file.ts'
import { loadModuleTools } from '../candidate/module-tools.ts'
import { type GateOptions, type GateSubject, openGateSubject } from '../gate/gate-options.ts'
import { playPlans } from '../gate/play-plans.ts'
import type { Io } from '../io.ts'
import { chooseAmong, printChosen } from '../print/print-result.ts'
import { commandPrefix } from '../print/report-context.ts'
import { version } from '../version.ts'

/** Does this gate stop agents that are known to be bad? Exits 1 when it lets one pass. */
export async function gateSelfTestAction(
  named: string | undefined,
  options: GateOptions,
  io: Io,
): Promise<void> {
  const chosen = chooseAmong(gateReporters.selfTest, options)
  const subject = await openGateSubject(named, options, io)
  const { concurrency, evalSet, seed } = subject
  const { loaded } = evalSet
  const trials = options.trials ?? subject.trials
  const planned = planSelfTest({
    evalSet: loaded,
    modules: await loadModuleTools(evalSet),
    candidate: await ownCandidate(subject),
    trials,
    seed,
    toolVersion: version,
  })
  const settings = { io, concurrency, quiet: options.quiet === true }
  const played = await playPlans([planned.baseline, ...planned.arms], settings)
  if (played === undefined) return
  const [baseline = [], ...arms] = played
  const terms = { evalSet: loaded, trials, today: io.today().slice(0, 10) }
  const document = gateSelfTest.parse(judgeSelfTest(planned, { baseline, arms }, terms))
  io.setExitCode(document.exitCode)
  const context = { evalSetName: evalSet.shown, commandPrefix }
  await printChosen(chosen, { io, options }, (reporter, style) =>
    reporter.render(document, context, style),
  )
}

/** A set may leave its candidate to the command line; the self-test needs none. */
async function ownCandidate({ evalSet, project }: GateSubject): Promise<Candidate | undefined> {
  if (evalSet.loaded.file.candidate === undefined) return undefined
  return (await openCandidate(project, evalSet, {})).candidate
}
