import type { ControlDecision } from '../controls/control-decision.ts'
import type { Controls } from '../controls/controls.ts'
import type { PolicyOutcome } from '../schema/policy-outcome.ts'
import type { TraceEvent } from '../schema/trace.ts'
import type { TrialBeginning } from './action-scene.ts'
import { outcomeOf } from './policy-outcome.ts'
import { type RecordedAction, recordedActions } from './recorded-actions.ts'

/** What the controls of one agent come to, and the rules that make it so. */
export interface OwnWord {
  readonly outcome: PolicyOutcome
  /** Ids of the rules that say just this, sorted; where an engine names none, the engine. */
  readonly rules: readonly string[]
}

/** A recorded action on which the controls do not say what the record says. */
export interface DecidedAgain extends Pick<RecordedAction, 'id' | 'kind' | 'tool'> {
  readonly recorded: OwnWord
  readonly again: OwnWord
}

/** The actions of one trial, decided once more. */
export interface TrialDecidedAgain {
  readonly decided: number
  /** Actions of which the record does not hold all that was asked. */
  readonly undecided: number
  readonly differing: readonly DecidedAgain[]
}

/**
 * Decides the recorded actions of one trial by other controls; no model and no tool is asked.
 *
 * Each action is asked about as if all before it had gone as recorded. An action that the new controls
 * would have refused still stands in what later rules see: the agent's way past it is not known.
 */
export async function decideAgain(
  events: readonly TraceEvent[],
  controls: Pick<Controls, 'decide'>,
  beginning: TrialBeginning,
): Promise<TrialDecidedAgain> {
  const differing: DecidedAgain[] = []
  let decided = 0
  let undecided = 0
  for (const { id, kind, questions, tool, was } of recordedActions(events, beginning)) {
    if (questions === undefined) {
      undecided += 1
      continue
    }
    decided += 1
    const recorded = wordOf(was)
    const again = wordOf(await askAll(controls, questions))
    if (recorded.outcome === again.outcome) continue
    differing.push({ id, kind, ...(tool !== undefined && { tool }), recorded, again })
  }
  return { decided, undecided, differing }
}

async function askAll(
  controls: Pick<Controls, 'decide'>,
  questions: NonNullable<RecordedAction['questions']>,
): Promise<readonly ControlDecision[]> {
  const said: ControlDecision[] = []
  for (const question of questions) said.push(...(await controls.decide(question)))
  return said
}

interface Said extends Pick<ControlDecision, 'decision' | 'rules' | 'source'> {
  readonly engine?: ControlDecision['engine'] | undefined
}

function wordOf(said: readonly Said[]): OwnWord {
  const outcome = outcomeOf(said)
  const decision = outcome === 'error' ? 'deny' : outcome
  const speaking = said.filter((one) => one.decision === decision)
  const ids = speaking.flatMap(({ engine, rules, source }) => {
    const named = rules.filter((rule) => rule.decision === decision).map(({ id }) => id)
    return named.length > 0 ? named : [engine ?? source]
  })
  return { outcome, rules: [...new Set(ids)].sort() }
}
