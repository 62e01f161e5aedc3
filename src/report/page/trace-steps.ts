import { textOf } from '../../schema/message.ts'
import type { EventBody, EventOf, TraceEvent } from '../../schema/trace.ts'
import { duration, usd, whole } from '../format.ts'
import { approvalText } from '../policy/words.ts'
import { sayInTerminal as say } from '../say.ts'
import { callSteps, controlSteps, resultSteps } from './call-steps.ts'
import type { StepDraft } from './step-draft.ts'

type StepsByType = {
  readonly [T in EventBody['type']]: (event: EventOf<T>) => readonly StepDraft[]
}

/**
 * What a reader is shown of each kind of event. What a trial begins with (its start, its prompt) is the
 * same in all trials: it is what went in, and the first difference that is looked for is in what came of
 * it.
 */
const stepsByType: StepsByType = {
  'trial.start': ({ agent, clock, mode }) => [
    {
      kind: 'start',
      title: `${say(agent.name)} as ${say(agent.principal)}, ${mode}, clock ${say(clock)}`,
      same: [],
    },
  ],
  message: messageSteps,
  'model.request': () => [],
  'model.response': modelSteps,
  'model.error': ({ class: failure, message, role }) => [
    {
      kind: 'model',
      title: `${modelOf(role)}: error, ${failure}: ${say(message)}`,
      tone: 'bad',
      same: [role, failure],
    },
  ],
  handover: () => [],
  route: ({ by, reason, tier }) => [
    {
      kind: 'route',
      title: `${say(tier)}, by the ${by}`,
      because: reason === undefined ? undefined : say(reason),
      same: [tier, by],
    },
  ],
  'judge.vote': voteSteps,
  'tool.proposed': callSteps,
  'policy.decision': controlSteps,
  approval: (event) => [
    {
      kind: 'approval',
      title: approvalText(event, say),
      tone: event.decision === 'approve' ? 'good' : 'warn',
      same: [event.principal, event.decision, event.overrides ?? []],
    },
  ],
  notice: ({ text }) => [{ kind: 'notice', title: 'the agent was told', words: text, same: text }],
  log: logSteps,
  'budget.shrunk': ({ escalate, limits, why }) => {
    const what = Object.entries(limits).map(([kind, limit]) => `${kind} ${whole(limit)}`)
    const then = escalate ? '; its writes need a person from here on' : ''
    const title = `made tighter, ${say(why)}: ${what.join(', ')}${then}`
    return [{ kind: 'budget', title, tone: 'warn', same: [limits, escalate] }]
  },
  fallback: ({ message, why }) => [
    {
      kind: 'fallback',
      title: `the fallback takes over after a ${why}`,
      words: message,
      tone: 'warn',
      same: why,
    },
  ],
  'tool.result': resultSteps,
  budget: budgetSteps,
  'trial.end': ({ elapsedMs, message, termination }) => [
    {
      kind: 'end',
      title: `${termination} after ${duration(elapsedMs)}`,
      words: message,
      same: termination,
    },
  ],
}

/** What one event is shown as; nothing for one that only repeats what others say. */
export function stepsOf(event: TraceEvent): readonly StepDraft[] {
  // The table's type ties each function to its own kind of event, which indexing cannot express.
  const steps = stepsByType[event.type] as (event: TraceEvent) => readonly StepDraft[]
  return steps(event)
}

const kindOfRole = { system: 'prompt', user: 'user', assistant: 'agent', tool: 'result' } as const

const titleOfRole = {
  system: 'what the agent was told to be',
  user: 'the user says',
  assistant: 'the agent says',
  tool: 'a tool says',
} as const

function messageSteps({
  content,
  modified,
  role,
  withheld,
}: EventOf<'message'>): readonly StepDraft[] {
  const words = textOf(content)
  if (words.trim() === '') return []
  const kind = kindOfRole[role]
  const isInput = role === 'system'
  if (withheld === true) {
    const title = 'the agent says, and the user never received it'
    return [{ kind, title, words, tone: 'warn', same: ['withheld', words] }]
  }
  const title = modified === true ? 'as it was sent' : titleOfRole[role]
  return [{ kind, title, words, same: isInput ? [] : words }]
}

function modelSteps(event: EventOf<'model.response'>): readonly StepDraft[] {
  const { costUsd, from, latencyMs, modelServed, role, stopReason, usage } = event
  const origin = from === 'live' ? '' : ` (${from})`
  const tokens = `${whole(usage.inputTokens)} in, ${whole(usage.outputTokens)} out`
  const isCut = stopReason === 'length' || stopReason === 'refusal'
  const end = isCut ? `, stopped: ${stopReason}` : ''
  const title = `${modelOf(role)}: ${say(modelServed)}${origin}, ${tokens}, ${usd(costUsd)}, ${duration(latencyMs)}${end}`
  // Which model answers is an input: what it answers stands in the steps that follow.
  const same = [role, isCut ? stopReason : '']
  return [{ kind: 'model', title, tone: isCut ? 'warn' : 'faint', same }]
}

/** The model that plays the user, or judges, is not the agent's. */
function modelOf(role: EventOf<'model.response'>['role']): string {
  return role === 'agent' ? 'model' : role.replace('_', ' ')
}

function voteSteps(event: EventOf<'judge.vote'>): readonly StepDraft[] {
  const { criterion, error, from, model, quotes = [], reason, vote } = event
  const origin = from === 'live' ? '' : ` (${from})`
  const leansOn = quotes.map(({ seq, text }) => `step ${seq}: "${say(text)}"`)
  return [
    {
      kind: 'judge',
      title: `${say(model)}${origin} on ${say(criterion)}: ${voteWords(event)}`,
      words: leansOn.length === 0 ? undefined : leansOn.join('\n'),
      because: reason === undefined ? undefined : say(reason),
      tone: vote === 'no' ? 'bad' : undefined,
      same: [criterion, error?.class ?? vote ?? ''],
    },
  ]
}

function voteWords({ error, vote }: EventOf<'judge.vote'>): string {
  return error === undefined ? (vote ?? 'no vote') : `${error.class}: ${say(error.message)}`
}

function logSteps({ modified, text, withheld }: EventOf<'log'>): readonly StepDraft[] {
  const kind = 'log'
  const same = [text, withheld === true, modified ?? '']
  if (withheld === true) {
    return [{ kind, title: 'kept out of its log', words: text, tone: 'warn', same }]
  }
  const line: StepDraft = { kind, title: 'the agent logs', words: text, same }
  if (modified === undefined) return [line]
  return [line, { kind, title: 'as it was logged', words: modified, tone: 'warn', same: modified }]
}

function budgetSteps({ charges, role }: EventOf<'budget'>): readonly StepDraft[] {
  return charges.flatMap(({ exceeded, kind, limit, soft, total }): readonly StepDraft[] => {
    if (exceeded !== true && soft !== true) return []
    const title = `${role} ${kind} is at ${whole(total)}, limit ${whole(limit)}`
    const same = [role, kind, exceeded === true]
    return [{ kind: 'budget', title, tone: exceeded === true ? 'bad' : 'warn', same }]
  })
}
