import { runAll } from '../replay/scheduler.ts'
import type { Sampling } from '../schema/run-manifest.ts'
import { formatTrialKey } from '../schema/trial-key.ts'
import type { PlannedTrial } from '../suites/plan-trials.ts'

/** How the gate looks at a run that may end early. */
interface Looks {
  /** Rounds after which it looks for the first time; ≥ 1. It looks after each further one. */
  readonly first: number
  /** Whether the run goes on after so many rounds, all of whose trials are finished. */
  readonly goesOn: (rounds: number) => Promise<boolean>
}

/** Admission of trials by what they may cost. */
export interface TrialPurse {
  /** Waits until the trial may start; `false`: there is no money left for it. */
  readonly enter: (trial: PlannedTrial) => Promise<boolean>
  readonly leave: (trial: PlannedTrial) => void
}

/** Runs one trial and tells whether it was finished: one whose money ran out half-way is not. */
type TrialWork = (trial: PlannedTrial) => Promise<boolean>

/** What decides how far a run goes. */
export interface RoundPorts {
  readonly signal: AbortSignal
  /** Trials in flight at once. */
  readonly concurrency: number
  /** Trials that an earlier, killed process has finished. */
  readonly isFinished: (trial: string) => boolean
  /** Asked before each trial: once it is true no further one starts. Absent: there is time. */
  readonly isTimeUp?: () => boolean
  /** Whether there is money for a trial; absent: there is no budget. */
  readonly purse?: TrialPurse
  /** Absent: all trials run, with no barrier between the rounds. */
  readonly looks?: Looks
}

/** Why a run ended before its last trial, and how many of its rounds are whole. */
export type EarlyStop = NonNullable<Sampling['stopped']>

/**
 * Runs the open trials in rounds, as they were planned.
 *
 * Between two looks all trials are finished, so that a look sees the same rows whatever the number of
 * trials in flight. A look after which a trial has been started is known to have said "go on": a
 * resumed run does not look there again.
 *
 * @param trials - in the order of their rounds
 * @returns `undefined` when all trials ran, and after an abort
 */
export async function runRounds(
  trials: readonly PlannedTrial[],
  work: TrialWork,
  ports: RoundPorts,
): Promise<EarlyStop | undefined> {
  const { isFinished, looks, signal } = ports
  const isDone = ({ key }: PlannedTrial): boolean => isFinished(formatTrialKey(key))
  const stages = stagesOf(trials, looks?.first)
  const lastStarted = trials.reduce((last, one) => (isDone(one) ? roundOf(one) : last), 0)
  for (const [index, stage] of stages.entries()) {
    const open = stage.trials.filter((one) => !isDone(one))
    const stop = await runStage(open, work, ports)
    if (signal.aborted) return undefined
    if (stop !== undefined) return stop
    const isLookDue = index < stages.length - 1 && lastStarted <= stage.rounds
    if (looks !== undefined && isLookDue && !(await looks.goesOn(stage.rounds))) {
      return { why: 'decided', rounds: stage.rounds }
    }
  }
  return undefined
}

/** Trials between two looks; after them so many rounds are whole. */
interface Stage {
  readonly rounds: number
  readonly trials: readonly PlannedTrial[]
}

function stagesOf(
  trials: readonly PlannedTrial[],
  firstLook = Number.POSITIVE_INFINITY,
): readonly Stage[] {
  const stages = new Map<number, PlannedTrial[]>()
  for (const trial of trials) {
    const rounds = Math.max(firstLook, roundOf(trial))
    const stage = stages.get(rounds)
    if (stage === undefined) stages.set(rounds, [trial])
    else stage.push(trial)
  }
  return [...stages].map(([rounds, those]) => ({ rounds, trials: those }))
}

/** Tells why trials were left out, where time or money was up. */
async function runStage(
  open: readonly PlannedTrial[],
  work: TrialWork,
  { concurrency, isTimeUp, purse, signal }: RoundPorts,
): Promise<EarlyStop | undefined> {
  const ended: { stop?: EarlyStop } = {}
  const stopAt = (why: EarlyStop['why'], trial: PlannedTrial): void => {
    const rounds = Math.min(ended.stop?.rounds ?? Number.POSITIVE_INFINITY, roundOf(trial) - 1)
    ended.stop = { why: ended.stop?.why ?? why, rounds }
  }
  function* affordable(): Generator<PlannedTrial> {
    for (const trial of open) {
      if (isTimeUp?.() === true) stopAt('time', trial)
      if (ended.stop !== undefined) return
      yield trial
    }
  }
  let isBroken = false
  const runOne = async (trial: PlannedTrial): Promise<void> => {
    if (purse !== undefined && !(await purse.enter(trial))) {
      stopAt('budget', trial)
      return
    }
    try {
      // Much may have happened while it waited for its turn.
      if (signal.aborted || isBroken) return
      if (!(await work(trial))) stopAt('budget', trial)
    } catch (fault) {
      isBroken = true
      throw fault
    } finally {
      purse?.leave(trial)
    }
  }
  await runAll(affordable(), runOne, { concurrency, signal })
  return ended.stop
}

function roundOf({ key }: PlannedTrial): number {
  return key.trial
}
