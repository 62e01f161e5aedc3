import { gradeTrial, isOpenToJudge } from '../graders/grade-trial.ts'
import { afterTrial } from '../judge/after-trial.ts'
import { askCanaries } from '../judge/ask-canaries.ts'
import { askJudge, type JudgePort } from '../judge/ask-judge.ts'
import { requireOtherFamily } from '../judge/require-other-family.ts'
import { isStoredJudge, storedVotes } from '../judge/stored-votes.ts'
import { transcriptOf } from '../judge/transcript.ts'
import type { FinishedTrial } from '../replay/trial-plan.ts'
import type { Candidate } from '../schema/candidate.ts'
import { asJson } from '../schema/json.ts'
import type { TraceEvent } from '../schema/trace.ts'
import type { LoadedEvalSet, LoadedJudge } from '../suites/load-evalset.ts'
import type { Redactor } from '../text/redact.ts'
import { modelsOfTask } from './agent-models.ts'
import type { Models } from './open-models.ts'
import type { PreparedCase } from './prepare-case.ts'

/** Asks the judge about a trial that has ended. */
export interface TrialJudge {
  /**
   * Looks at the canaries first, where there are any. They belong to no trial, so that what they cost
   * stands in none: whoever starts the run is told.
   */
  readonly start: (signal: AbortSignal) => Promise<JudgeStart>
  /** @returns the trial with the votes on it; itself where its case asks no judge */
  readonly judge: (
    trial: FinishedTrial,
    about: JudgedTrialPlace,
    write: (event: TraceEvent) => void,
  ) => Promise<FinishedTrial>
}

/** How a judge was found at the start of a run. */
export interface JudgeStart {
  /** Why it asks nobody. */
  readonly stopped?: string
  /** Transcripts that it was asked about again, to see whether it has drifted. */
  readonly canaries: number
  /** What they cost; absent where no price is known. */
  readonly costUsd?: number
}

interface JudgedTrialPlace {
  readonly prepared: PreparedCase
  readonly trial: string
  readonly seed: number
  readonly signal: AbortSignal
}

interface JudgeGround {
  readonly models: Models
  readonly candidate: Candidate
  readonly redactor: Redactor | undefined
}

const nobody: TrialJudge = {
  start: () => Promise.resolve({ canaries: 0 }),
  judge: (trial) => Promise.resolve(trial),
}

/**
 * Makes the judge of an eval set ready; without one, or where no case that runs asks it, nobody is
 * asked.
 *
 * @throws AgentEvalError (usage) for a judge of the candidate's own family, or one that cannot be asked
 */
export function openJudge(
  { judge }: LoadedEvalSet,
  cases: Iterable<PreparedCase>,
  ground: JudgeGround,
): TrialJudge {
  const isAsked = [...cases].some(({ evalCase }) => evalCase.expect.judge !== undefined)
  if (judge === undefined || !isAsked) return nobody
  const { candidate, models } = ground
  const live = liveJudge(judge, candidate, models)
  const port: JudgePort = {
    yardstick: judge.yardstick,
    stored: storedVotes(judge.votes),
    ...(live !== undefined && { live }),
  }
  const state: { stopped?: string } = {}
  return {
    async start(signal) {
      const { asked, costUsd, stopped } = await askCanaries(port, judge.calibration, signal)
      if (stopped !== undefined) state.stopped = stopped
      return {
        canaries: asked,
        ...(costUsd !== undefined && { costUsd }),
        ...(stopped !== undefined && { stopped }),
      }
    },
    judge: (trial, about, write) =>
      judgeTrial(trial, about, { port: { ...port, ...state }, ground, write }),
  }
}

function liveJudge(
  { settings }: LoadedJudge,
  candidate: Candidate,
  { open }: Models,
): JudgePort['live'] {
  // Votes that were stored were cast by somebody too.
  requireOtherFamily(settings.model, modelsOfTask(candidate), settings)
  if (isStoredJudge(settings.model)) return undefined
  return open(settings.model, () => undefined)
}

interface Desk {
  readonly port: JudgePort
  readonly ground: JudgeGround
  readonly write: (event: TraceEvent) => void
}

async function judgeTrial(
  finished: FinishedTrial,
  { prepared, seed, signal, trial }: JudgedTrialPlace,
  { ground: { redactor }, port, write }: Desk,
): Promise<FinishedTrial> {
  const { evalCase, graders, markers } = prepared
  const criteria = evalCase.expect.judge
  if (criteria === undefined) return finished
  const { events, finalState } = finished
  const shown = redactor === undefined ? events : events.map((event) => redacted(event, redactor))
  const { books, events: judged } = afterTrial(events, write)
  const isOpen = isOpenToJudge(gradeTrial({ graders, events, finalState, markers }))
  const about = { transcript: transcriptOf(shown), criteria, trial, seed, isOpen }
  await askJudge(about, port, { books, signal })
  return { ...finished, events: judged }
}

function redacted(event: TraceEvent, redactor: Redactor): TraceEvent {
  return redactor.json(asJson(event)) as unknown as TraceEvent
}
