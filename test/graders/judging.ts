import { type GradedTrial, gradeTrial } from '../../src/graders/grade-trial.ts'
import type { Grader, Judgement } from '../../src/graders/grader.ts'
import { prepareGraders } from '../../src/graders/prepare-graders.ts'
import type { TrialView } from '../../src/graders/trial-view.ts'
import { viewTrial } from '../../src/graders/view-trial.ts'
import type { EvalCase, EvalCaseInput } from '../../src/schema/case.ts'
import type { JsonValue } from '../../src/schema/json.ts'
import { textOf } from '../../src/schema/message.ts'
import { approvalRules } from '../../src/schema/policy.ts'
import type { TraceEvent } from '../../src/schema/trace.ts'
import { aCase, anExpectation } from '../builders/case.ts'
import { aTrace } from '../builders/trace.ts'

/** The field's defaults: one approval for tier 3, two for tier 4. */
export const usualApprovals = approvalRules.parse({})

type Trial = Parameters<typeof aTrace>[0]

export interface Judged {
  readonly status: Judgement['status'] | 'no grade'
  readonly reason?: string
  /** The events it points at, as `type name`. */
  readonly evidence?: readonly string[]
}

/** What one grader says of one trial. */
export async function judge(
  grader: Grader,
  expect: EvalCaseInput['expect'],
  trial: Trial & { readonly state?: JsonValue },
): Promise<Judged> {
  const check = await grader.prepare(anExpectation(expect))
  const events = aTrace(trial)
  const judgement = check?.(aView(trial))
  if (judgement === undefined) return { status: 'no grade' }
  if (judgement.status === 'pass') return { status: 'pass' }
  if (judgement.status === 'unscored') return { status: 'unscored', reason: judgement.reason }
  const evidence = nameEvents(events, judgement.events)
  return { status: 'fail', reason: judgement.reason, evidence }
}

export function aView(trial: Trial & { readonly state?: JsonValue }): TrialView {
  return viewTrial({
    case: aCase({ expect: { calls: [{ tool: 'orders.get_status' }] } }),
    events: aTrace(trial),
    finalState: trial.state ?? {},
  })
}

/** A trial of a case, through all graders. */
export async function gradeCase(
  evalCase: EvalCase,
  trial: Trial & { readonly state?: JsonValue; readonly markers?: readonly string[] },
): Promise<GradedTrial> {
  return gradeTrial({
    graders: await prepareGraders(evalCase, usualApprovals),
    events: aTrace(trial),
    finalState: trial.state ?? {},
    ...(trial.markers !== undefined && { markers: trial.markers }),
  })
}

/** Events by sequence number, as a reader would name them. */
export function nameEvents(
  events: readonly TraceEvent[],
  seqs: readonly number[],
): readonly string[] {
  return seqs.map((seq) => {
    const event = events[seq]
    if (event === undefined) throw new Error(`no event ${seq}`)
    if (event.type === 'message') return `${event.role} says ${textOf(event.content)}`
    return 'tool' in event ? `${event.type} ${event.tool}` : event.type
  })
}
