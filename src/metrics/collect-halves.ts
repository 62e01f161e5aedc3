import type { TrialLine } from '../schema/trial.ts'
import { type CaseRows, collectTrials } from './trial-rows.ts'

/** The trials of a run, those that decide apart from those that only show what the model would do. */
interface RunHalves {
  readonly rows: readonly CaseRows[]
  /** Of a run with `--mode both`: its trials in which the controls only observed. */
  readonly observed?: readonly CaseRows[]
}

interface HalvesCollector {
  readonly add: (line: TrialLine) => void
  readonly finish: () => RunHalves
}

/** Whether a trial of a run stands beside those that decide, and enters none of their numbers. */
export function standsBeside({ mode }: Pick<TrialLine, 'mode'>, ofRun: unknown): boolean {
  return ofRun === 'both' && mode === 'observe'
}

/**
 * Gathers the trial lines of a run as `collectTrials` does. Nothing that decides may mix the halves of a
 * run with `--mode both`: with its controls and without them an agent is two agents.
 *
 * @param ofRun - the mode that the run was planned with
 */
export function collectHalves(ofRun: unknown): HalvesCollector {
  const own = collectTrials()
  const beside = collectTrials()
  return {
    add(line) {
      if (standsBeside(line, ofRun)) beside.add(line)
      else own.add(line)
    },
    finish: () => ({
      rows: own.finish(),
      ...(ofRun === 'both' && { observed: beside.finish() }),
    }),
  }
}
