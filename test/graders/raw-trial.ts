import type { TrialView } from '../../src/graders/trial-view.ts'
import { viewTrial } from '../../src/graders/view-trial.ts'
import type { RuleDecision } from '../../src/schema/control-events.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { textPart } from '../../src/schema/message.ts'
import { type EventBody, eventBody, type TraceEvent } from '../../src/schema/trace.ts'
import { aCase } from '../builders/case.ts'

type Body<T extends EventBody['type']> = Extract<EventBody, { type: T }>
type Decision = Body<'policy.decision'>

/** A trial with exactly these events between its start and its end. */
export function rawEvents(
  bodies: readonly EventBody[],
  agent: Partial<Body<'trial.start'>['agent']> = {},
): readonly TraceEvent[] {
  const start: EventBody = {
    type: 'trial.start',
    layer: 'outcome',
    seed: 7,
    mode: 'enforce',
    definitionHash: 'sha256:0',
    clock: '2026-09-30T10:00:00Z',
    agent: { name: 'support', principal: 'agent', ...agent },
  }
  const end: EventBody = { type: 'trial.end', termination: 'done', elapsedMs: 10 }
  return [start, ...bodies, end].map((body, seq) => ({ ...eventBody.parse(body), seq, tMs: seq }))
}

export function rawView(...given: Parameters<typeof rawEvents>): TrialView {
  return viewTrial({
    case: aCase({ expect: { calls: [{ tool: 'look' }] } }),
    events: rawEvents(...given),
    finalState: {},
  })
}

export function proposed(facts: Partial<Body<'tool.proposed'>> = {}): EventBody {
  return {
    type: 'tool.proposed',
    callId: 'c1',
    turn: 1,
    ordinal: 0,
    tool: 'refund',
    args: { usd: 80 },
    schemaErrors: [],
    tier: 2,
    effect: 'write',
    log: {},
    ...facts,
  }
}

/** What running a tool is charged with: decisions behind it are about its result. */
export const ran: EventBody = {
  type: 'budget',
  role: 'tools',
  charges: [{ kind: 'wall_ms', amount: 100, total: 100 }],
}

export function result(facts: Partial<Body<'tool.result'>> = {}): EventBody {
  const status = facts.status ?? 'ok'
  return {
    type: 'tool.result',
    callId: 'c1',
    tool: 'refund',
    status,
    executed: status === 'ok',
    origin: status === 'blocked' ? 'control' : 'world',
    changes: [],
    latencyMs: 0,
    ...facts,
  }
}

type Rule = Pick<RuleDecision, 'id' | 'decision'> & Partial<RuleDecision>

/** What the judging policy said of `callId`. */
export function judged(rules: readonly Rule[], facts: Partial<Decision> = {}): EventBody {
  return {
    type: 'policy.decision',
    callId: 'c1',
    source: 'judging',
    decision: 'allow',
    enforced: false,
    rules: rules.map((rule) => ({ reason: 'r', ...rule })),
    ...facts,
  }
}

/** What a control of the candidate decided, and carried out. */
export function decided(decision: Decision['decision'], facts: Partial<Decision> = {}): EventBody {
  return judged([], { source: 'policy', enforced: true, decision, ...facts })
}

/** A control let `callId` pass in another form. */
export function changedTo(modified: JsonObject | string, facts: Partial<Decision> = {}): EventBody {
  return decided('modify', { modified, ...facts })
}

export function reply(text: string, facts: Partial<Body<'message'>> = {}): EventBody {
  return { type: 'message', role: 'assistant', turn: 1, content: [textPart(text)], ...facts }
}
