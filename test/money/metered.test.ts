import { expect, it } from 'vitest'
import { metered } from '../../src/money/metered.ts'
import { openPurse } from '../../src/money/purse.ts'
import type { ModelReply, ModelRequest, Provider } from '../../src/providers/provider.ts'
import type { AnswerSource } from '../../src/schema/model-answer.ts'

const request: ModelRequest = {
  model: 'm',
  role: 'agent',
  messages: [],
  tools: [],
  sampling: {},
  seed: 1,
  trial: 'refund#1',
  ordinal: 0,
}
const { signal } = new AbortController()

function aProvider(from: AnswerSource, costUsd?: number): Provider & { asked: number } {
  const provider = {
    asked: 0,
    complete(): Promise<ModelReply> {
      provider.asked += 1
      const usage = { inputTokens: 1, outputTokens: 1 }
      const answer = {
        content: [],
        modelServed: 'm',
        stopReason: 'end',
        usage,
        latencyMs: 1,
      } as const
      const cost = costUsd === undefined ? {} : { costUsd }
      return Promise.resolve({ ok: true, response: { ...answer, ...cost, retries: 0, from } })
    },
  }
  return provider
}

it('pays for what is answered and sends nothing once the purse is empty', async () => {
  const purse = openPurse(0.3)
  const provider = aProvider('live', 0.2)
  const paying = metered(provider, purse)
  const replies = [1, 2, 3].map(() => paying.complete(request, signal))
  for (const reply of replies) await reply
  // All three were sent before the first was paid: at most the requests in flight pass the budget.
  expect([provider.asked, purse.spentUsd().toFixed(1)]).toEqual([3, '0.6'])
  expect(await paying.complete(request, signal)).toEqual({
    ok: false,
    error: { class: 'budget', message: 'the budget of the run is spent' },
  })
  expect(provider.asked).toBe(3)
})

it.each(['cassette', 'reference'] as const)('pays nothing for an answer of a %s', async (from) => {
  const purse = openPurse(0.3)
  await metered(aProvider(from, 0.2), purse).complete(request, signal)
  expect(purse.spentUsd()).toBe(0)
})

it('pays for an answer without a price like for the dearest so far', async () => {
  const purse = openPurse(1)
  for (const costUsd of [0.1, 0.2, 0.1, undefined]) {
    await metered(aProvider('live', costUsd), purse).complete(request, signal)
  }
  expect(purse.spentUsd().toFixed(1)).toBe('0.6')
})

it('pays all that is left where no price is known at all, and nothing without a budget', async () => {
  const purse = openPurse(0.3, 0.1)
  await metered(aProvider('live'), purse).complete(request, signal)
  expect([purse.spentUsd().toFixed(1), purse.isEmpty()]).toEqual(['0.3', true])
  const endless = openPurse(undefined)
  await metered(aProvider('live'), endless).complete(request, signal)
  expect(endless.spentUsd()).toBe(0)
})
