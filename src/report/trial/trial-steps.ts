import type { JsonValue } from '../../schema/json.ts'
import { textOf } from '../../schema/message.ts'
import type { EventBody, EventOf, StateChange, TraceEvent } from '../../schema/trace.ts'
import { canonicalJson } from '../../text/canonical-json.ts'
import { terminalBlock, terminalLine } from '../../text/sanitise-terminal.ts'
import { duration, usd, whole } from '../format.ts'
import { explainedSteps } from '../policy/stories.ts'
import { actionFacts, approvalText, controlName, decidingRules, ruleText } from '../policy/words.ts'
import { sayInTerminal as say } from '../say.ts'
import { wrapped } from '../terminal/columns.ts'
import type { Paint, Tone } from '../terminal/paint.ts'

const maxWords = 2000
const maxValue = 300

/** One thing that happened: what kind, in words, and whether the words are somebody's own. */
interface Row {
  readonly kind: string
  readonly text: string
  readonly tone?: Tone
  /** Words over several lines; a bar on each further line keeps them from posing as steps. */
  readonly quoted?: boolean
}

/**
 * The steps of a trial under their sequence numbers. Left out: requests to the model, and messages
 * that only repeat a call or its result; unless a grade names them as evidence.
 */
export function stepLines(
  events: readonly TraceEvent[],
  evidence: ReadonlySet<number>,
  paint: Paint,
): readonly string[] {
  const width = String(events.at(-1)?.seq ?? 0).length
  const explained = explainedSteps(events)
  return events.flatMap((event) => {
    const rows = rowsOf(event, explained)
    const isEvidence = evidence.has(event.seq)
    const shown = rows.length === 0 && isEvidence ? [{ kind: event.type, text: '' }] : rows
    return shown.flatMap((row, index) => {
      const number = index === 0 ? String(event.seq) : ''
      const mark = index === 0 && isEvidence ? '>' : ' '
      return rowLines(row, `${mark} ${number.padStart(width)}  `, paint)
    })
  })
}

function rowLines(
  { kind, text, tone, quoted }: Row,
  start: string,
  paint: Paint,
): readonly string[] {
  const indent = ' '.repeat(start.length + 10)
  const lines =
    quoted === true
      ? text.split('\n').map((line, index) => indent + (index === 0 ? '' : '| ') + line)
      : wrapped(text, indent)
  const [first = '', ...rest] = lines
  return [`${start}${paint(tone, kind.padEnd(8))}  ${first.trimStart()}`.trimEnd(), ...rest]
}

type RowsByType = { readonly [T in EventBody['type']]: (event: EventOf<T>) => readonly Row[] }

const rowsByType: RowsByType = {
  'trial.start': ({ agent, clock, mode }) => [
    {
      kind: 'start',
      text: `${say(agent.name)} as ${say(agent.principal)}, ${mode}, clock ${say(clock)}`,
    },
  ],
  message: messageRows,
  'model.request': () => [],
  'model.response': ({ modelServed, usage, costUsd, latencyMs, role, stopReason, from }) => {
    const origin = from === 'live' ? '' : ` (${from})`
    const tokens = `${whole(usage.inputTokens)} in, ${whole(usage.outputTokens)} out`
    const end =
      stopReason === 'length' || stopReason === 'refusal' ? `, stopped: ${stopReason}` : ''
    const text = `${say(modelServed)}${origin}: ${tokens}, ${usd(costUsd)}, ${duration(latencyMs)}${end}`
    return [{ kind: kindOfModel(role), text, tone: 'faint' }]
  },
  'model.error': (event) => [
    {
      kind: kindOfModel(event.role),
      text: `error, ${event.class}: ${say(event.message)}`,
      tone: 'bad',
    },
  ],
  handover: () => [],
  route: ({ tier, by, reason }) => [
    {
      kind: 'route',
      text: `${say(tier)}, by the ${by}${reason === undefined ? '' : `: ${say(reason)}`}`,
    },
  ],
  'judge.vote': voteRows,
  'tool.proposed': proposalRows,
  // Replaced in `rowsOf`, which knows what is told below.
  'policy.decision': (event) => controlRows(event, false),
  approval: (event) => [{ kind: 'approval', text: approvalText(event, say) }],
  notice: ({ text }) => [{ kind: 'told', text: say(text) }],
  log: logRows,
  'budget.shrunk': ({ escalate, limits, why }) => {
    const what = Object.entries(limits).map(([kind, limit]) => `${kind} ${whole(limit)}`)
    const then = escalate ? '; its writes need a person from here on' : ''
    const text = `made tighter, ${say(why)}: ${what.join(', ')}${then}`
    return [{ kind: 'budget', text, tone: 'warn' }]
  },
  fallback: ({ message, why }) => [
    { kind: 'fallback', text: `takes over after a ${why}: ${say(message)}`, tone: 'warn' },
  ],
  'tool.result': resultRows,
  budget: budgetRows,
  'trial.end': ({ termination, message, elapsedMs }) => {
    const why = message === undefined ? '' : `: ${say(message)}`
    return [{ kind: 'end', text: `${termination} after ${duration(elapsedMs)}${why}` }]
  },
}

/** @param isToldBelow - a section below gives each rule's reason: here only which rules decided */
function controlRows(event: EventOf<'policy.decision'>, isToldBelow: boolean): readonly Row[] {
  const { alert, decision, enforced, fallback, modified } = event
  const deciding = decidingRules(event)
  const texts = deciding.map((rule) => ruleText(rule, decision, say))
  const names = deciding.map(({ id }) => say(id)).join(', ')
  const because = isToldBelow ? `: ${names} (why: below)` : ` (${texts.join('; ')})`
  const notes = [
    ...(enforced ? [] : ['recorded only']),
    ...(alert === true ? ['raises an alert'] : []),
    ...(fallback === true ? ['the fallback takes over'] : []),
    ...(modified === undefined ? [] : [`passes as ${value(modified)}`]),
  ]
  const reason = deciding.length === 0 ? '' : because
  const text = [`${decision} by ${controlName(event)}${reason}`, ...notes].join('; ')
  return [{ kind: 'control', text, tone: decision === 'allow' ? 'faint' : 'warn' }]
}

function logRows({ modified, text, withheld }: EventOf<'log'>): readonly Row[] {
  const words: Row = { kind: 'log', text: terminalBlock(text, maxWords).trim(), quoted: true }
  if (withheld === true) {
    return [words, { kind: 'withheld', text: 'it was never logged', tone: 'warn' }]
  }
  if (modified === undefined) return [words]
  const passed = terminalBlock(modified, maxWords).trim()
  return [words, { kind: 'logged', text: passed, tone: 'warn', quoted: true }]
}

function budgetRows({ charges, role }: EventOf<'budget'>): readonly Row[] {
  return charges.flatMap(({ exceeded, kind, limit, soft, total }): readonly Row[] => {
    if (exceeded !== true && soft !== true) return []
    const text = `${role} ${kind} is at ${whole(total)}, limit ${whole(limit)}`
    return [{ kind: 'budget', text, tone: exceeded === true ? 'bad' : 'warn' }]
  })
}

function rowsOf(event: TraceEvent, explained: ReadonlySet<number>): readonly Row[] {
  if (event.type === 'policy.decision') return controlRows(event, explained.has(event.seq))
  // The table's type ties each function to its own kind of event, which indexing cannot express.
  const render = rowsByType[event.type] as (event: TraceEvent) => readonly Row[]
  return render(event)
}

function messageRows({ role, content, modified, withheld }: EventOf<'message'>): readonly Row[] {
  const said = textOf(content)
  const text = role === 'system' ? say(said) : terminalBlock(said, maxWords).trim()
  if (text === '') return []
  const kinds = { system: 'prompt', user: 'user', assistant: 'agent', tool: 'tool' } as const
  const kind = modified === true ? 'as sent' : kinds[role]
  const words: Row = { kind, text, quoted: true }
  if (withheld !== true) return [words]
  return [words, { kind: 'withheld', text: 'the user never received this', tone: 'warn' }]
}

function proposalRows(event: EventOf<'tool.proposed'>): readonly Row[] {
  const { tool, args, fallback, rawArgs, reason, schemaErrors } = event
  const given = rawArgs === undefined ? value(args) : terminalLine(rawArgs, maxValue)
  const by = fallback === true ? ' by the fallback' : ''
  return [
    { kind: 'call', text: `${say(tool)} ${given} (${actionFacts(event, say)})${by}`, tone: 'bold' },
    ...(reason === undefined ? [] : [{ kind: 'because', text: `"${say(reason)}"` }]),
    ...schemaErrors.map((error): Row => ({ kind: 'schema', text: say(error), tone: 'warn' })),
  ]
}

function resultRows(event: EventOf<'tool.result'>): readonly Row[] {
  const { status, executed, error, repeated, changes, latencyMs, origin } = event
  const what =
    error === undefined ? value(event.value) : `${say(error.code)}: ${say(error.message)}`
  const notes = [
    ...(executed && status !== 'ok' ? ['it ran all the same'] : []),
    ...(repeated === true ? ['same idempotency key: the earlier result, no second effect'] : []),
    ...(origin === 'recorded' ? ['recorded'] : []),
    duration(latencyMs),
  ]
  return [
    {
      kind: status,
      text: `${what} (${notes.join('; ')})`.trim(),
      tone: status === 'ok' ? 'good' : 'warn',
    },
    ...changes.map((change): Row => ({ kind: 'changed', text: changeText(change), tone: 'warn' })),
  ]
}

function voteRows(event: EventOf<'judge.vote'>): readonly Row[] {
  const { criterion, error, from, model, quotes = [], reason, vote } = event
  const origin = from === 'live' ? '' : ` (${from})`
  const answer = error === undefined ? (vote ?? 'no vote') : `${error.class}: ${say(error.message)}`
  const because = reason === undefined ? '' : ` "${say(reason)}"`
  const leansOn = quotes.map(({ seq }) => `event ${seq}`).join(', ')
  const text = `${say(model)}${origin} on ${say(criterion)}: ${answer}${because}`
  return [{ kind: 'judge', text: leansOn === '' ? text : `${text} (${leansOn})` }]
}

function changeText({ op, path, value: now, from }: StateChange): string {
  const before = from === undefined ? '' : ` from ${value(from)}`
  const after = now === undefined ? '' : ` ${from === undefined ? '' : 'to '}${value(now)}`
  return `${op} ${say(path)}${before}${after}`
}

function value(any: JsonValue | undefined): string {
  return any === undefined ? '' : terminalLine(canonicalJson(any), maxValue)
}

/** The model that plays the user, or judges, is not the agent's. */
function kindOfModel(role: EventOf<'model.response'>['role']): string {
  return role === 'agent' ? 'model' : role.replace('_', ' ')
}
