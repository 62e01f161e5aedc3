import { describe, expect, it } from 'vitest'
import { loadPrices } from '../../../src/providers/prices/load-prices.ts'
import { priced } from '../../../src/providers/prices/priced.ts'
import type { ModelReply, ModelRequest, ModelResponse } from '../../../src/providers/provider.ts'

const request: ModelRequest = {
  model: 'gpt-4o',
  role: 'agent',
  messages: [],
  tools: [],
  sampling: {},
  seed: 1,
  trial: 'a/1',
  ordinal: 0,
}

const plain = { inputTokens: 1200, outputTokens: 300 }
const cached = { ...plain, cacheReadTokens: 1000 }

function answer(changes: Partial<ModelResponse> = {}): ModelReply {
  const response: ModelResponse = {
    content: [],
    modelServed: 'gpt-4o',
    stopReason: 'end',
    usage: plain,
    latencyMs: 10,
    retries: 0,
    from: 'live',
    ...changes,
  }
  return { ok: true, response }
}

async function costsOf(reply: ModelReply, name = 'openai'): Promise<unknown> {
  const prices = await loadPrices({ overrides: [], providers: {}, env: {} })
  const provider = priced({ complete: async () => reply }, { prices, name })
  const { response } = (await provider.complete(request, new AbortController().signal)) as {
    readonly response: ModelResponse
  }
  const { coldCostUsd, costUsd } = response
  return [costUsd, coldCostUsd]
}

describe('priced', () => {
  it('puts a cost on a live answer, and the cold one only where it differs', async () => {
    expect(await costsOf(answer())).toEqual([0.006, undefined])
    expect(await costsOf(answer({ usage: cached }))).toEqual([0.00475, 0.006])
  })

  it('leaves a cost that is there, of whoever said it', async () => {
    const said = { costUsd: 0.5, coldCostUsd: 0.7 }
    expect(await costsOf(answer(said))).toEqual([0.5, 0.7])
    expect(await costsOf(answer({ costUsd: 0, usage: cached }))).toEqual([0, undefined])
    for (const from of ['cassette', 'reference', 'stored'] as const) {
      expect(await costsOf(answer({ from, ...said }))).toEqual([0.5, 0.7])
      expect(await costsOf(answer({ from }))).toEqual([undefined, undefined])
    }
  })

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])(
    'drops a cost of %d, and prices the answer like any other',
    async (amount) => {
      const strange = { costUsd: amount, coldCostUsd: amount }
      expect(await costsOf(answer(strange))).toEqual([0.006, undefined])
      expect(await costsOf(answer(strange), 'module')).toEqual([undefined, undefined])
      expect(await costsOf(answer({ costUsd: 1, coldCostUsd: amount }))).toEqual([1, undefined])
    },
  )

  it('hands a failure on as it is', async () => {
    const prices = await loadPrices({ overrides: [], providers: {}, env: {} })
    const failed: ModelReply = { ok: false, error: { class: 'auth', message: 'no key' } }
    const provider = priced({ complete: async () => failed }, { prices, name: 'openai' })
    expect(await provider.complete(request, new AbortController().signal)).toBe(failed)
  })
})
