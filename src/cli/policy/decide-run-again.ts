import type { Controls } from '../../controls/controls.ts'
import { decideAgain } from '../../replay/decide-again.ts'
import type { PolicyDiff } from '../../schema/policy-diff.ts'
import type { RunManifest } from '../../schema/run-manifest.ts'
import { parseTrialKey } from '../../schema/trial-key.ts'
import type { BeginningOf } from './case-beginnings.ts'
import { readTracedTrials } from './read-trials.ts'
import { type MovedReading, tallyMoved } from './tally-moved.ts'

/** A run on disk whose actions are to be decided again, and by whom. */
export interface RunAgain extends Pick<MovedReading, 'recorded'> {
  /** Absolute folder. */
  readonly run: string
  readonly manifest: Pick<RunManifest, 'cases' | 'options'>
  readonly controls: Pick<Controls, 'decide'>
  readonly beginningOf: BeginningOf
}

/**
 * Decides every recorded action of a run by other controls. Of trials that were run twice, only those
 * count in which the controls were enforced: the others are what the model would do without them.
 *
 * @throws AgentEvalError (input) when an event of the run is not readable
 */
export async function decideRunAgain({
  beginningOf,
  controls,
  manifest,
  recorded,
  run,
}: RunAgain): Promise<Pick<PolicyDiff, 'decided' | 'undecided' | 'moved'>> {
  const hidden = new Set(
    manifest.cases.filter(({ split }) => split === 'holdout').map(({ id }) => id),
  )
  const mayName = (trial: string): boolean => !hidden.has(caseOf(trial))
  const tally = tallyMoved({ recorded, mayName })
  const isTwice = manifest.options['mode'] === 'both'
  let decided = 0
  let undecided = 0
  for await (const { events, trial } of readTracedTrials(run)) {
    const start = events.find((event) => event.type === 'trial.start')
    if (start === undefined || (isTwice && start.mode === 'observe')) continue
    const again = await decideAgain(events, controls, beginningOf(caseOf(trial), start))
    decided += again.decided
    undecided += again.undecided
    for (const action of again.differing) tally.add(trial, action)
  }
  return { decided, undecided, moved: tally.finish() }
}

function caseOf(trial: string): string {
  return parseTrialKey(trial)?.case ?? trial
}
