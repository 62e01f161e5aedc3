import type { Clock } from '../../../src/ports.ts'
import type {
  AttemptReply,
  ModelReply,
  ModelRequest,
  Service,
  ServiceHints,
} from '../../../src/providers/provider.ts'
import type { FailureClass } from '../../../src/schema/model-answer.ts'

export const settings = {
  key: 'openai:fake',
  maxConcurrency: 64,
  maxRetries: 5,
  maxWaitMs: 60_000,
  timeoutMs: 120_000,
}

export function aRequest(changes: Partial<ModelRequest> = {}): ModelRequest {
  return {
    model: 'fake',
    role: 'agent',
    messages: [],
    tools: [],
    sampling: {},
    seed: 1,
    trial: 'case#0',
    ordinal: 0,
    ...changes,
  }
}

/** How one attempt is to end, and after how long; 50 ms where it does not say. */
export interface Scripted {
  readonly error?: FailureClass
  readonly message?: string
  readonly hints?: ServiceHints
  readonly tookMs?: number
}

export interface FakeService extends Service {
  readonly inFlight: () => number
  readonly most: () => number
  /** When each attempt began, and for which trial. */
  readonly started: () => readonly { readonly atMs: number; readonly trial: string }[]
}

/** Answers as the script says for the n-th attempt, from 0; heeds the signal. */
export function fakeService(
  clock: Clock,
  script: (nth: number, request: ModelRequest) => Scripted = () => ({}),
): FakeService {
  const started: { readonly atMs: number; readonly trial: string }[] = []
  let inFlight = 0
  let most = 0
  return {
    inFlight: () => inFlight,
    most: () => most,
    started: () => started,
    async attempt(request, signal) {
      const { tookMs = 50, ...scripted } = script(started.length, request)
      started.push({ atMs: clock.nowMs(), trial: request.trial })
      inFlight += 1
      most = Math.max(most, inFlight)
      await clock.sleep(tookMs, signal)
      inFlight -= 1
      return reply(scripted, tookMs)
    },
  }
}

function reply({ error, hints = {}, message }: Scripted, latencyMs: number): AttemptReply {
  return { ...answer(error, message), hints, latencyMs }
}

function answer(error: FailureClass | undefined, message: string | undefined): ModelReply {
  if (error !== undefined) return { ok: false, error: { class: error, message: message ?? error } }
  return {
    ok: true,
    response: {
      content: [{ type: 'text', text: 'done' }],
      modelServed: 'fake-1',
      stopReason: 'end',
      usage: { inputTokens: 10, outputTokens: 1 },
      latencyMs: 0,
      retries: 0,
      from: 'live',
    },
  }
}
