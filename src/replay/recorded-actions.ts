import { executedCall } from '../controls/executed-call.ts'
import type { ActionContext, PolicyQuestion, ProposedAction } from '../controls/policy-engine.ts'
import type { JsonObject, JsonValue } from '../schema/json.ts'
import { textOf } from '../schema/message.ts'
import type { EventOf, TraceEvent } from '../schema/trace.ts'
import { canonicalJson } from '../text/canonical-json.ts'
import { type ActionScene, startScene, type TrialBeginning } from './action-scene.ts'

type OwnDecision = EventOf<'policy.decision'>

/** Something that the agent proposed, what its own controls said of it, and how to ask them again. */
export interface RecordedAction {
  /** Of the call, the reply or the log line, as decisions name it. */
  readonly id: string
  readonly kind: 'call' | 'reply' | 'log'
  readonly tool?: string
  readonly was: readonly OwnDecision[]
  /** A call, and what came back of it; `undefined`: the record does not hold all that was asked. */
  readonly questions: readonly PolicyQuestion[] | undefined
}

/** A call whose end is yet to come in the trace. */
interface OpenCall {
  readonly proposed: EventOf<'tool.proposed'>
  readonly question: PolicyQuestion | undefined
  readonly was: OwnDecision[]
}

interface Reading {
  readonly scene: ActionScene
  readonly isOutside: boolean
  readonly open: Map<string, OpenCall>
  /** Decisions on a reply or a log line, which stand before it. */
  ofText: OwnDecision[]
}

/**
 * Every action of a trial that the agent's own controls were asked about, in the order in which they
 * ended, with the questions that would be asked again.
 *
 * Left out: proposals that no tool could take, and those that the trial's end cut off; nobody has
 * decided about these.
 */
export function recordedActions(
  events: readonly TraceEvent[],
  beginning: TrialBeginning,
): readonly RecordedAction[] {
  const start = events.find((event) => event.type === 'trial.start')
  if (start === undefined) return []
  const reading: Reading = {
    scene: startScene(start.clock, beginning),
    isOutside: events.some(({ type }) => type === 'handover'),
    open: new Map(),
    ofText: [],
  }
  return events.flatMap((event) => readEvent(event, reading))
}

function readEvent(event: TraceEvent, reading: Reading): readonly RecordedAction[] {
  if (event.type === 'tool.result') return endCall(event, reading)
  if (event.type === 'message') return endReply(event, reading)
  if (event.type === 'log') {
    return endText(reading, { kind: 'log', id: event.logId, text: event.text })
  }
  if (event.type === 'tool.proposed') propose(event, reading)
  else if (event.type === 'policy.decision') addDecision(event, reading)
  else passTime(event, reading)
  return []
}

/** As trials let their world's clock move: by declared latencies, and by waiting for people. */
function passTime(event: TraceEvent, { isOutside, scene }: Reading): void {
  if (event.type === 'model.response') {
    const isDeclared = event.role === 'agent' && event.from === 'reference' && !isOutside
    if (isDeclared) scene.passTime(event.latencyMs)
  } else if (event.type === 'budget' && event.role === 'human') {
    for (const { amount, kind } of event.charges) if (kind === 'wall_ms') scene.passTime(amount)
  }
}

function propose(proposed: EventOf<'tool.proposed'>, { open, scene }: Reading): void {
  const action = actionOf(proposed)
  const context = scene.context()
  const question =
    action === undefined || context === undefined || isRedacted(proposed.args)
      ? undefined
      : ({ stage: 'call', action, context } as const)
  open.set(proposed.callId, { proposed, question, was: [] })
}

/** `undefined`: no tool, or arguments that it cannot take. */
function actionOf({
  args,
  effect,
  reason,
  scope,
  tenant,
  tier,
  tool,
  untold,
  usd,
}: EventOf<'tool.proposed'>): ProposedAction | undefined {
  if (tier === undefined || effect === undefined) return undefined
  return {
    tool,
    args,
    tier,
    effect,
    ...(reason !== undefined && { reason }),
    ...(scope !== undefined && { scope }),
    ...(tenant !== undefined && { tenant }),
    ...(usd !== undefined && { usd }),
    ...(untold !== undefined && { untold }),
  }
}

/** Controls whose word depends on the action alone, and not on what is left of a budget. */
const decidable: ReadonlySet<OwnDecision['source']> = new Set([
  'allowlist',
  'identity',
  'policy',
  'tier',
])

function addDecision(said: OwnDecision, reading: Reading): void {
  if (!decidable.has(said.source)) return
  const isOfText = /^(?:reply-\d+$|log-)/.test(said.callId)
  const call = isOfText ? undefined : reading.open.get(said.callId)
  if (call === undefined) reading.ofText.push(said)
  else call.was.push(said)
}

function endCall(
  result: EventOf<'tool.result'>,
  { open, scene }: Reading,
): readonly RecordedAction[] {
  const call = open.get(result.callId)
  open.delete(result.callId)
  const before = scene.context()
  if (result.origin === 'world') {
    if (call !== undefined && result.executed) takeEffect(result, call, scene)
    scene.passTime(result.latencyMs)
  }
  if (call === undefined || actionOf(call.proposed) === undefined) return []
  const { proposed, was } = call
  const questions = questionsOf(call, result, before)
  return [{ id: proposed.callId, kind: 'call', tool: proposed.tool, was, questions }]
}

/** What was asked of a call, and of its result where it had one. */
function questionsOf(
  { question, was }: OpenCall,
  result: EventOf<'tool.result'>,
  before: ActionContext | undefined,
): RecordedAction['questions'] {
  if (question === undefined || before === undefined || was.some(couldNotTell)) return undefined
  if (!isAnswered(result)) return [question]
  const { value: output } = result
  if (output === undefined || isRedacted(output) || isChanged(output, was)) return undefined
  return [question, { ...question, stage: 'result', output, context: before }]
}

/** A fact of the call that its tool could not tell: the record holds that it denied, and not what it was. */
function couldNotTell({ rules, source }: OwnDecision): boolean {
  return source === 'identity' && rules.some(({ error }) => error !== undefined)
}

function isAnswered({ executed, origin, status }: EventOf<'tool.result'>): boolean {
  return origin === 'world' && executed && status !== 'error'
}

/** What stands there is what a control made of it; what was asked about is lost. */
function isChanged(output: JsonValue, was: readonly OwnDecision[]): boolean {
  return was.some(({ enforced, modified }) => enforced && isSame(modified, output))
}

function takeEffect(
  result: EventOf<'tool.result'>,
  { proposed: { args, tool, usd }, was }: OpenCall,
  scene: ActionScene,
): void {
  const { changes, value = null } = result
  const call = executedCall({
    tool,
    args: executedArgs(args, was, value),
    result: value,
    at: scene.now(),
    ...(usd !== undefined && { usd }),
  })
  scene.ran(isAnswered(result) ? call : undefined, changes)
}

/** The arguments in the form in which a control let them pass. */
function executedArgs(
  args: JsonObject,
  was: readonly OwnDecision[],
  result: JsonValue,
): JsonObject {
  const changed = was.findLast(
    ({ enforced, modified }) => enforced && isObject(modified) && !isSame(modified, result),
  )
  return isObject(changed?.modified) ? changed.modified : args
}

function endReply(
  { content, modified, role }: EventOf<'message'>,
  reading: Reading,
): readonly RecordedAction[] {
  const text = textOf(content)
  if (role !== 'assistant' || modified === true || text === '') return []
  return endText(reading, { kind: 'reply', id: reading.ofText[0]?.callId ?? 'reply', text })
}

/** What stands for log lines that nobody looked at cannot be decided again. */
function isCut(was: readonly OwnDecision[]): boolean {
  return was.some(({ rules }) => rules.some(({ id }) => id === 'log.cut'))
}

function endText(
  reading: Reading,
  {
    id,
    kind,
    text,
  }: { readonly id: string; readonly kind: 'reply' | 'log'; readonly text: string },
): readonly RecordedAction[] {
  const was = reading.ofText
  reading.ofText = []
  const context = reading.scene.context()
  const questions =
    context === undefined || isRedacted(text) || isCut(was)
      ? undefined
      : [{ stage: kind, output: text, context } as const]
  return [{ id, kind, was, questions }]
}

/** Secrets leave a record when it is written; what the controls saw of them is not known any more. */
function isRedacted(value: JsonValue): boolean {
  return /\[redacted:[a-z-]+\]/.test(typeof value === 'string' ? value : canonicalJson(value))
}

function isSame(a: JsonValue | undefined, b: JsonValue): boolean {
  return a !== undefined && canonicalJson(a) === canonicalJson(b)
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
