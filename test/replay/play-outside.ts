import type { PolicyEngine, PolicyQuestion } from '../../src/controls/policy-engine.ts'
import type { Clock } from '../../src/ports.ts'
import type { ModelReply } from '../../src/providers/provider.ts'
import { type OutsidePlayer, outsideAgent } from '../../src/replay/outside-agent.ts'
import type { OutsideTask } from '../../src/replay/outside-task.ts'
import type { OutsideTrial } from '../../src/replay/outside-trial.ts'
import type { OutsideSession } from '../../src/replay/start-outside-trial.ts'
import type { FailureClass } from '../../src/schema/model-answer.ts'
import { type Ran, run, type TrialOptions } from './builders.ts'

/** A clock that moves when somebody says so. Whoever sleeps until then wakes. */
export function aClock(): Clock & { readonly pass: (ms: number) => void } {
  let now = 0
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>()
  return {
    nowMs: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const sleeper = { until: now + ms, wake: resolve }
        sleepers.add(sleeper)
        signal.addEventListener('abort', () => {
          resolve()
        })
      }),
    pass(ms) {
      now += ms
      for (const sleeper of sleepers) if (sleeper.until <= now) sleeper.wake()
    },
  }
}

export interface Playing {
  readonly session: OutsideSession
  readonly trial: OutsideTrial
  readonly pass: (ms: number) => void
  /** How often the agent got its turn. */
  readonly turn: number
  /** What it was told when this turn began. */
  readonly task: OutsideTask
}

/** A trial whose agent does in each turn what the function does. */
export async function played(
  act: (playing: Playing) => void | Promise<void>,
  options: TrialOptions = {},
): Promise<Ran> {
  const clock = aClock()
  let turn = 0
  const open = (session: OutsideSession): OutsidePlayer => ({
    takeTurn: (task) => {
      turn += 1
      const playing = { session, trial: session.trial, pass: clock.pass, turn, task }
      // The agent has its turn first, and then acts.
      setImmediate(() => void act(playing))
      return Promise.resolve()
    },
    leave: () => undefined,
  })
  const agent = outsideAgent({ open, clock, token: () => 'token', timeoutMs: 60_000 })
  return run([], { ...options, agent })
}

export const asked = { reference: 'openai:gpt-x', messages: 2 }

export function answered(
  more: Partial<Extract<ModelReply, { ok: true }>['response']> = {},
): ModelReply {
  return {
    ok: true,
    response: {
      content: [],
      modelServed: 'gpt-x-1',
      stopReason: 'end',
      usage: { inputTokens: 100, outputTokens: 10 },
      costUsd: 0.01,
      latencyMs: 700,
      retries: 0,
      from: 'live',
      ...more,
    },
  }
}

export function failing(kind: FailureClass): ModelReply {
  return { ok: false, error: { class: kind, message: 'no luck' } }
}

/** Asks a model, and gives what came of it back. */
export function ask(trial: OutsideTrial, reply: ModelReply): void {
  const admitted = trial.admitModel(asked)
  if (admitted.ok) admitted.close(reply)
}

/** A control that decides when it is told to. Until then everything waits for it. */
export interface SlowEngine extends PolicyEngine {
  /** Of the questions so far, in order: the tool of a call, or the stage. */
  readonly asked: string[]
  /** Answers the oldest question that waits; with an error it comes to grief. */
  readonly answer: (decision?: 'allow' | 'deny' | Error) => void
}

/** @param minds - the stages that it has something to say about */
export function aSlowEngine(minds: readonly PolicyQuestion['stage'][] = ['call']): SlowEngine {
  const waiting: ((decision: 'allow' | 'deny' | Error) => void)[] = []
  const asked: string[] = []
  return {
    name: 'opa',
    version: 'slow-1',
    asked,
    decide({ action, stage }) {
      if (!minds.includes(stage)) return undefined
      asked.push(action?.tool ?? stage)
      return new Promise((resolve, reject) => {
        waiting.push((decision) => {
          if (decision instanceof Error) reject(decision)
          else {
            const rule = { id: 'slow', decision, reason: 'after long thought' }
            resolve({ source: 'policy', decision, rules: [rule], engine: 'opa' })
          }
        })
      })
    },
    answer(decision = 'allow') {
      const oldest = waiting.shift()
      if (oldest === undefined) throw new Error('nobody has asked')
      oldest(decision)
    },
  }
}

/** Lets everything run that does not wait for somebody. */
export function quiet(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
