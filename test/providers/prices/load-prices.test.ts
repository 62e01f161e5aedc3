import { readFile } from 'node:fs/promises'
import { findProvider } from '@pydantic/genai-prices'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listDay, listName } from '../../../src/providers/prices/listed-tariffs.ts'
import { loadPrices } from '../../../src/providers/prices/load-prices.ts'
import type { PriceList } from '../../../src/providers/prices/price-list.ts'

type Sources = Parameters<typeof loadPrices>[0]

const prices = (sources: Partial<Sources> = {}): Promise<PriceList> =>
  loadPrices({ overrides: [], providers: {}, env: {}, ...sources })

const cached = { inputTokens: 1200, outputTokens: 300, cacheReadTokens: 1000 }
const perMtok = (input: number, output: number) => ({
  input_per_mtok: input,
  output_per_mtok: output,
})

describe('published prices', () => {
  it('give the published examples exactly, and what they would be without a cache', async () => {
    const { priceOf } = await prices()
    expect(priceOf({ reference: 'openai:gpt-4o', usage: cached })).toEqual({
      costUsd: 0.00475,
      coldCostUsd: 0.006,
    })
    const usage = {
      inputTokens: 12_100,
      outputTokens: 500,
      cacheReadTokens: 10_000,
      cacheWriteTokens: 2000,
    }
    expect(priceOf({ reference: 'anthropic:claude-sonnet-4-5', usage })).toEqual({
      costUsd: 0.0183,
      coldCostUsd: (12_100 * 3 + 500 * 15) / 1e6,
    })
  })

  it('charge long prompts by their own tier, with a cache or without one', async () => {
    const { priceOf } = await prices()
    const reference = 'anthropic:claude-sonnet-4-5'
    const usage = { inputTokens: 300_000, outputTokens: 0, cacheReadTokens: 250_000 }
    const price = priceOf({ reference, usage })
    expect(price?.costUsd).toBeCloseTo((50_000 * 6 + 250_000 * 0.6) / 1e6, 12)
    expect(price?.coldCostUsd).toBeCloseTo((300_000 * 6) / 1e6, 12)
  })

  it('are of the model that served, and of the one asked for where that one is unknown', async () => {
    const { priceOf } = await prices()
    const usage = { inputTokens: 1_000_000, outputTokens: 0 }
    const cost = (modelServed: string): number | undefined =>
      priceOf({ reference: 'openai:gpt-4o', modelServed, usage })?.costUsd
    expect(cost('gpt-4o-2024-05-13')).toBe(5)
    expect(cost('gpt-4o-of-tomorrow')).toBe(2.5)
    expect(cost('')).toBe(2.5)
  })

  it('do not change with the day of the run', async () => {
    const { priceOf } = await prices()
    const usage = { inputTokens: 1_000_000, outputTokens: 0 }
    // From 2025-06-10 on; before that it was 10.
    expect(priceOf({ reference: 'openai:o3', usage })?.costUsd).toBe(2)
    const dates = ['openai', 'anthropic'].flatMap((providerId) =>
      (findProvider({ providerId })?.models ?? []).flatMap((model) =>
        Array.isArray(model.prices)
          ? model.prices.flatMap(({ constraint }) => {
              if (constraint === undefined) return []
              return constraint.type === 'start_date' ? [constraint.start_date] : ['by the hour']
            })
          : [],
      ),
    )
    expect(dates.length).toBeGreaterThan(0)
    expect(dates.filter((date) => date > listDay)).toEqual([])
  })

  it.each([
    'openai:no-such-model',
    'openai:',
    'openai',
    'anthropic:gpt-4o',
    'openai:whisper-1',
    'openai:text-embedding-3-small',
    'openai:constructor',
    'reference:',
    'module:./agent.ts',
  ])('know nothing of %s, which is not nothing to pay', async (reference) => {
    const { isPriced, priceOf } = await prices()
    expect(priceOf({ reference, usage: cached })).toBeUndefined()
    expect(isPriced(reference)).toBe(false)
  })

  it('refuse a usage that contradicts itself', async () => {
    const { priceOf } = await prices({ overrides: [{ own: perMtok(1, 1) }] })
    const usage = { inputTokens: 100, outputTokens: 1, cacheReadTokens: 101 }
    expect(priceOf({ reference: 'openai:gpt-4o', usage })).toBeUndefined()
    expect(priceOf({ reference: 'any:own', usage })).toBeUndefined()
  })

  it('are named with the version that is installed and pinned', async () => {
    const { version } = await prices()
    const read = async (file: string): Promise<{ [name: string]: unknown }> =>
      JSON.parse(await readFile(file, 'utf8')) as { [name: string]: unknown }
    const installed = await read('node_modules/@pydantic/genai-prices/package.json')
    const { dependencies } = await read('package.json')
    expect(version).toBe(listName)
    expect(version).toBe(`@pydantic/genai-prices ${String(installed['version'])}`)
    expect(dependencies).toMatchObject({ '@pydantic/genai-prices': installed['version'] })
  })
})

describe('a service that is not the maker’s own', () => {
  const providers = {
    ollama: { kind: 'openai', base_url: 'http://localhost:11434/v1' },
    openai: { base_url: 'https://gateway.example/v1' },
    second: { kind: 'openai' },
    official: { kind: 'anthropic', base_url: 'https://api.anthropic.com/' },
  } as const

  it('has no published price, whatever it calls its model', async () => {
    const { isPriced } = await prices({ providers })
    expect(isPriced('ollama:gpt-4o')).toBe(false)
    expect(isPriced('openai:gpt-4o')).toBe(false)
    expect(isPriced('unheard-of:gpt-4o')).toBe(false)
    expect(isPriced('second:gpt-4o')).toBe(true)
    expect(isPriced('official:claude-sonnet-4-5')).toBe(true)
  })

  it('is what the environment makes of one', async () => {
    const known = async (env: Sources['env']): Promise<readonly boolean[]> => {
      const { isPriced } = await prices({ env, providers: { second: { kind: 'openai' } } })
      return ['openai:gpt-4o', 'anthropic:claude-opus-5', 'second:gpt-4o'].map(isPriced)
    }
    expect(await known({ OPENAI_BASE_URL: '', ANTHROPIC_BASE_URL: undefined })).toEqual([
      true,
      true,
      true,
    ])
    const local = 'http://localhost:1234/v1'
    expect(await known({ OPENAI_BASE_URL: local })).toEqual([false, true, true])
    expect(await known({ ANTHROPIC_BASE_URL: local })).toEqual([true, false, true])
    expect(await known({ OPENAI_BASE_URL: 'https://api.openai.com/v1/' })).toEqual([
      true,
      true,
      true,
    ])
  })

  it('has the price that the configuration names', async () => {
    const overrides = [{ 'ollama:gpt-4o': perMtok(0, 0) }]
    const { isPriced, priceOf } = await prices({ providers, overrides })
    expect(isPriced('ollama:gpt-4o')).toBe(true)
    expect(priceOf({ reference: 'ollama:gpt-4o', usage: cached })?.costUsd).toBe(0)
    expect(isPriced('openai:gpt-4o')).toBe(false)
  })
})

describe('prices of one’s own', () => {
  const million = { inputTokens: 1_000_000, outputTokens: 0 }

  it('beat the list, the candidate’s beat the project’s, the reference beats the name', async () => {
    const project = { 'openai:gpt-4o': perMtok(7, 7), 'gpt-4o-mini': perMtok(1, 1) }
    const candidate = { 'gpt-4o': perMtok(8, 8), 'openai:gpt-4o-mini': perMtok(2, 2) }
    const cost = async (overrides: Sources['overrides'], model: string) =>
      (await prices({ overrides })).priceOf({ reference: `openai:${model}`, usage: million })
        ?.costUsd
    expect(await cost([project], 'gpt-4o')).toBe(7)
    expect(await cost([project, candidate], 'gpt-4o')).toBe(8)
    expect(await cost([project, candidate], 'gpt-4o-mini')).toBe(2)
    expect(await cost([{ ...project, ...candidate }], 'gpt-4o')).toBe(7)
    expect(await cost([project], 'gpt-4')).toBe(30)
  })

  it('hold for a model by the name that served', async () => {
    const { priceOf } = await prices({ overrides: [{ 'qwen3-8b': perMtok(3, 3) }] })
    const answer = { reference: 'local:latest', modelServed: 'qwen3-8b', usage: million }
    expect(priceOf(answer)?.costUsd).toBe(3)
  })

  it('charge caches as they say, else as input', async () => {
    const usage = {
      inputTokens: 1_000_000,
      outputTokens: 100_000,
      cacheReadTokens: 600_000,
      cacheWriteTokens: 300_000,
    }
    const cost = async (more: object) =>
      (await prices({ overrides: [{ 'a:b': { ...perMtok(10, 20), ...more } }] })).priceOf({
        reference: 'a:b',
        usage,
      })
    expect(await cost({})).toEqual({ costUsd: 12, coldCostUsd: 12 })
    expect(await cost({ cache_read_per_mtok: 1, cache_write_per_mtok: 20 })).toEqual({
      costUsd: 1 + 0.6 + 6 + 2,
      coldCostUsd: 12,
    })
  })

  it('change the version by what they are, not by how they are sorted', async () => {
    const version = async (...overrides: Sources['overrides']): Promise<string> =>
      (await prices({ overrides })).version
    const own = await version({ a: perMtok(1, 2), b: perMtok(3, 4) })
    expect(own).toMatch(/^@pydantic\/genai-prices [\d.]+, own prices [0-9a-f]{8}$/)
    expect(await version({}, { b: perMtok(3, 4), a: perMtok(1, 2) })).toBe(own)
    expect(await version({ a: perMtok(1, 2), b: perMtok(3, 5) })).not.toBe(own)
  })
})

describe('any usage', () => {
  const tokens = fc.nat(10_000_000)
  const usage = fc
    .record({
      plain: tokens,
      cacheReadTokens: tokens,
      cacheWriteTokens: tokens,
      outputTokens: tokens,
    })
    .map(({ plain, ...kinds }) => ({
      ...kinds,
      inputTokens: plain + kinds.cacheReadTokens + kinds.cacheWriteTokens,
    }))

  it('costs an amount of money, and cold what its sum of tokens costs', async () => {
    const { priceOf } = await prices({ overrides: [{ 'own:x': perMtok(1.1, 2.2) }] })
    fc.assert(
      fc.property(usage, fc.constantFrom('openai:gpt-4o', 'own:x'), (used, reference) => {
        const price = priceOf({ reference, usage: used })
        const { inputTokens, outputTokens } = used
        const plain = priceOf({ reference, usage: { inputTokens, outputTokens } })
        expect(price?.costUsd).toBeGreaterThanOrEqual(0)
        expect(price?.coldCostUsd).toBe(plain?.costUsd)
        expect(plain?.coldCostUsd).toBe(plain?.costUsd)
      }),
    )
  })
})
