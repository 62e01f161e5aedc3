import { AgentEvalError } from '../../errors.ts'
import type { Outside } from '../../ports.ts'
import { type Part, textPart } from '../../schema/message.ts'
import type { Usage } from '../../schema/model-answer.ts'
import { redactText } from '../../text/redact.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import { classifyRefusal } from '../classify-error.ts'
import { readRefusal } from '../failed-attempt.ts'
import type { LiveService } from '../live-service.ts'
import type {
  AttemptReply,
  ModelFailure,
  ModelRequest,
  ModelResponse,
  ServiceHints,
} from '../provider.ts'
import { type ModuleAnswer, moduleAnswer } from './module-answer.ts'
import { parseModulePlace } from './module-place.ts'

/** What a function is asked; it learns no more of a trial than a model does. */
type ModuleRequest = Pick<
  ModelRequest,
  'role' | 'messages' | 'tools' | 'sampling' | 'output' | 'seed'
>
type ModuleModel = (request: ModuleRequest, signal: AbortSignal) => unknown

/** No answer is longer, as JSON. */
const maxLength = 8_000_000
const maxWords = 240

/**
 * A function of the project as a model: `(request, signal) => Promise<{ text, toolCalls, … }>`. Its
 * answers are checked like a stranger's. An error that it throws may carry a `status` like that of a
 * service (429, 503), and is then taken for one; any other is a bug.
 *
 * @param root - the project's folder; files are relative to it
 */
export function moduleService(model: string, outside: Outside, root: string): LiveService {
  const place = parseModulePlace(model)
  let loaded: Promise<ModuleModel> | undefined
  const load = (): Promise<ModuleModel> => (loaded ??= importFunction(place, outside, root))
  const asked = {
    label: `module:${model}`,
    servedBy: place.name === 'default' ? place.file : place.name,
  }
  return {
    async load() {
      await load()
    },
    async attempt(request, signal) {
      const { nowMs } = outside.clock
      let startMs = nowMs()
      const since = (): number => Math.max(0, nowMs() - startMs)
      try {
        const ask = await load()
        startMs = nowMs()
        const answer = await untilAborted(ask(askedOf(request), signal), signal)
        if (answer === abortedMark) return failed(aborted(asked.label), {}, since())
        return { ...read(answer, request, { ...asked, latencyMs: since() }), hints: {} }
      } catch (error) {
        if (signal.aborted) return failed(aborted(asked.label), {}, since())
        const { hints, kind, text } = explain(error)
        return failed(failure(kind, asked.label, text), hints, since())
      }
    },
  }
}

async function importFunction(
  { file, name }: ReturnType<typeof parseModulePlace>,
  outside: Outside,
  root: string,
): Promise<ModuleModel> {
  const path = file.startsWith('/') ? file : `${root}/${file.replace(/^\.\//, '')}`
  let found: unknown
  try {
    found = (await outside.importModule(path))[name]
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new AgentEvalError(`cannot be loaded: ${why}`, 'input', { source: { file }, cause })
  }
  if (typeof found === 'function') return found as ModuleModel
  throw new AgentEvalError(`exports no function "${name}"`, 'input', { source: { file } })
}

/** A copy: what a function does to its request is no business of the conversation's. */
function askedOf({ messages, output, role, sampling, seed, tools }: ModelRequest): ModuleRequest {
  const request = { role, messages, tools, sampling, seed, ...(output !== undefined && { output }) }
  return structuredClone(request)
}

const abortedMark = Symbol('aborted')

/** A function that does not listen is not waited for. */
function untilAborted(answer: unknown, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      resolve(abortedMark)
    }
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    Promise.resolve(answer)
      .then(resolve, reject)
      .finally(() => {
        signal.removeEventListener('abort', abort)
      })
  })
}

interface Asked {
  readonly label: string
  readonly servedBy: string
  readonly latencyMs: number
}

function read(
  answer: unknown,
  request: ModelRequest,
  { label, latencyMs, servedBy }: Asked,
): Omit<AttemptReply, 'hints'> &
  ({ ok: true; response: ModelResponse } | { ok: false; error: ModelFailure }) {
  // As JSON and back: no getter, no circle and no endless text comes through.
  const text = JSON.stringify(answer) as string | undefined
  if (text === undefined) {
    return { ok: false, error: failure('bug', label, 'it answered nothing'), latencyMs }
  }
  if (text.length > maxLength) {
    return { ok: false, error: failure('bug', label, 'its answer is too long'), latencyMs }
  }
  const checked = moduleAnswer.safeParse(JSON.parse(text))
  if (!checked.success) {
    const [issue] = checked.error.issues
    const at = issue?.path.join('.') ?? ''
    const words = `its answer cannot be used: ${at === '' ? '' : `${at}: `}${issue?.message ?? ''}`
    return { ok: false, error: failure('bug', label, words), latencyMs }
  }
  return {
    ok: true,
    response: responseOf(checked.data, request, { servedBy, latencyMs }),
    latencyMs,
  }
}

function responseOf(
  { costUsd, modelServed, stopReason, text = '', toolCalls = [], usage }: ModuleAnswer,
  { ordinal }: ModelRequest,
  { latencyMs, servedBy }: { readonly servedBy: string; readonly latencyMs: number },
): ModelResponse {
  const calls = toolCalls.map(
    ({ args, id, tool }, index): Part => ({
      type: 'tool_call',
      callId: id ?? `call_${ordinal}_${index}`,
      tool,
      args,
    }),
  )
  return {
    content: [...(text === '' ? [] : [textPart(text)]), ...calls],
    modelServed: modelServed ?? servedBy,
    stopReason: stopReason ?? (calls.length > 0 ? 'tool_calls' : 'end'),
    usage: usageOf(usage),
    ...(costUsd !== undefined && { costUsd }),
    latencyMs,
    retries: 0,
    from: 'live',
  }
}

function usageOf(usage: ModuleAnswer['usage']): Usage {
  if (usage === undefined) return { inputTokens: 0, outputTokens: 0 }
  const { cacheReadTokens, cacheWriteTokens, reasoningTokens, ...whole } = usage
  return {
    ...whole,
    ...(cacheReadTokens !== undefined && { cacheReadTokens }),
    ...(cacheWriteTokens !== undefined && { cacheWriteTokens }),
    ...(reasoningTokens !== undefined && { reasoningTokens }),
  }
}

interface Explained {
  readonly kind: ModelFailure['class']
  readonly text: string
  readonly hints: ServiceHints
}

function explain(error: unknown): Explained {
  const text = error instanceof Error ? error.message : String(error)
  const { retryAfterMs, status } = (error ?? {}) as Readonly<Record<string, unknown>>
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 400 || status > 599) {
    return { kind: 'bug', text, hints: {} }
  }
  const waits = typeof retryAfterMs === 'number' && retryAfterMs >= 0 && retryAfterMs < Infinity
  const hints = { status, ...(waits && { retryAfterMs }) }
  return {
    kind: classifyRefusal(readRefusal(status, error, text)),
    text: `${status} ${text}`,
    hints,
  }
}

function aborted(label: string): ModelFailure {
  return failure('timeout', label, 'the request was aborted')
}

function failed(error: ModelFailure, hints: ServiceHints, latencyMs: number): AttemptReply {
  return { ok: false, error, hints, latencyMs }
}

function failure(kind: ModelFailure['class'], label: string, text: string): ModelFailure {
  return {
    class: kind,
    message: `${label}: ${terminalLine(redactText(text.slice(0, 4_000)), maxWords)}`,
  }
}
