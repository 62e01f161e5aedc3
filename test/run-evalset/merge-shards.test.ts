import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { AgentEvalError } from '../../src/errors.ts'
import { type FoundShard, mergeShards } from '../../src/run-evalset/merge-shards.ts'
import { type PlannedRun, planRun } from '../../src/run-evalset/plan-run.ts'
import { planShard } from '../../src/run-evalset/plan-shard.ts'
import type { ShardManifest } from '../../src/run-evalset/shards-alike.ts'
import type { CaseStats } from '../../src/schema/case-stats.ts'
import { type Provenance, type RunManifest, runManifest } from '../../src/schema/run-manifest.ts'
import { formatTrialKey } from '../../src/schema/trial-key.ts'
import { aCaseStats } from '../builders/case-stats.ts'
import { deskRequest, deskWith } from './desk.ts'

const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
const cases = ids
  .map(
    (id) => `
- id: ${id}
  ask: Refund O-1.
  expect: { says: [{ any: refunded }] }
  oracle: [{ say: refunded }]
`,
  )
  .join('')

let whole: PlannedRun

beforeAll(async () => {
  const request = deskRequest(await deskWith(cases))
  whole = planRun({ ...request, trials: 3, createdAt: '2026-11-22T08:00:00.000Z' })
})

function found(
  index: number,
  total: number,
  { baseline = [], change = {} }: { baseline?: CaseStats[]; change?: Partial<RunManifest> } = {},
): FoundShard {
  const asked = { index, total, evalSets: ['desk'] }
  const planned = planShard(whole, asked, baseline).manifest
  const manifest = runManifest.parse({ ...planned, ...change })
  if (manifest.shard === undefined) throw new Error('no shard')
  return { shown: `shards/${index}`, manifest: manifest as ShardManifest }
}

/** A change of what was run. */
function by(change: (provenance: Provenance) => Partial<Provenance>) {
  return ({ provenance }: RunManifest): Partial<RunManifest> => ({
    provenance: { ...provenance, ...change(provenance) },
  })
}

function allOf(total: number): readonly FoundShard[] {
  return Array.from({ length: total }, (_, at) => found(at + 1, total))
}

function problem(shards: readonly FoundShard[], total: number): AgentEvalError {
  try {
    mergeShards(shards, total)
  } catch (error) {
    if (error instanceof AgentEvalError) return error
    throw error
  }
  throw new Error('was merged')
}

describe('planShard', () => {
  it('splits the trials of a run without changing one, whatever the number of shards', () => {
    const keys = (run: PlannedRun): string[] =>
      run.trials.map(({ key, seed }) => `${formatTrialKey(key)} ${seed}`).sort()
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), (total) => {
        const shards = Array.from({ length: total }, (_, at) =>
          planShard(whole, { index: at + 1, total, evalSets: [] }, []),
        )
        expect(shards.flatMap(keys).sort()).toEqual(keys(whole))
      }),
    )
  })

  it('balances by the baseline', () => {
    const costs = ids.map((id) => aCaseStats({ id, costUsd: { n: 1, sum: id === 'd' ? 60 : 10 } }))
    expect(found(1, 2, { baseline: costs }).manifest.cases.map((one) => one.id)).toEqual(['d'])
    expect(found(2, 2, { baseline: costs }).manifest.cases).toHaveLength(6)
  })
})

describe('mergeShards', () => {
  it('gives the plan of the whole run, for any number of shards in any order', () => {
    const orders = fc
      .integer({ min: 1, max: 9 })
      .chain((total) =>
        fc.shuffledSubarray([...allOf(total)], { minLength: total, maxLength: total }),
      )
    fc.assert(
      fc.property(orders, (shards) => {
        const { manifest, missing, taken } = mergeShards(shards, shards.length)
        expect(missing).toEqual([])
        expect(taken.map((one) => one.manifest.shard.index)).toEqual(shards.map((_, at) => at + 1))
        const { mergedFrom, run, ...rest } = runManifest.parse(manifest)
        expect({ ...rest, run: 'r' }).toEqual(whole.manifest)
        expect(mergedFrom).toHaveLength(shards.length)
        expect(run).toMatch(/^[a-z0-9.-]+-merged-[0-9a-f]{12}$/)
      }),
    )
  })

  it('keeps the place of every case that is missing', () => {
    const { manifest, missing, taken } = mergeShards([found(1, 3), found(3, 3)], 3)
    expect(missing).toEqual(['shard 2 of 3 is missing'])
    expect(taken).toHaveLength(2)
    expect(manifest.cases).toEqual(whole.manifest.cases)
    expect(manifest.notSelected).toEqual([])
  })

  it('names ten that are missing and counts the others', () => {
    const { missing } = mergeShards([found(1, 14)], 14)
    expect(missing).toEqual(['shards 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 3 more of 14 are missing'])
  })

  it('holds the odd one to be the wrong one, wherever it stands', () => {
    const provenance = { ...whole.manifest.provenance, seed: 99 }
    for (const odd of [1, 2, 3]) {
      const shards = [1, 2, 3].map((at) =>
        found(at, 3, at === odd ? { change: { provenance } } : {}),
      )
      const { manifest, missing } = mergeShards(shards, 3)
      expect(missing).toEqual([
        `shard ${odd} of 3 was run with another seed than the others: shards/${odd}`,
      ])
      expect(manifest.provenance.seed).toBe(whole.manifest.provenance.seed)
    }
  })

  type Changed = (whole: RunManifest) => Partial<RunManifest>
  const another: readonly (readonly [string, string, Changed])[] = [
    ['version of agent-eval', 'its number', by(() => ({ tool: 'agent-eval 9.9.9' }))],
    ['eval set', 'hash', by((one) => ({ evalSet: { ...one.evalSet, hash: 'other' } }))],
    ['eval set', 'version', by((one) => ({ evalSet: { ...one.evalSet, version: '99' } }))],
    ['agent', 'hash', by((one) => ({ candidate: { ...one.candidate, hash: 'other' } }))],
    ['agent', 'kind', by(() => ({ agentBehind: 'program' }))],
    ['judge', 'model', by(() => ({ judge: { model: 'm', rubricHash: 'r' } }))],
    ['prices or model services', 'list', by(() => ({ prices: 'other 1.0' }))],
    ['prices or model services', 'service', by(() => ({ services: { openai: 'http://o' } }))],
    ['rules of the gate', 'tier', (one) => ({ severeTier: one.severeTier + 1 })],
    ['options', 'one', (one) => ({ options: { ...one.options, strict: true } })],
  ]

  it.each(another)('counts none of another %s (%s)', (kind, _, change) => {
    const shards = [1, 2, 3].map((at) =>
      found(at, 3, at === 2 ? { change: change(whole.manifest) } : {}),
    )
    const { manifest, missing, taken } = mergeShards(shards, 3)
    expect(missing).toEqual([`shard 2 of 3 was run with another ${kind} than the others: shards/2`])
    expect(taken.map((one) => one.manifest.shard.index)).toEqual([1, 3])
    expect(manifest.provenance).toEqual(whole.manifest.provenance)
  })

  it('does not mind that shards had other time and other money', () => {
    const options = { ...whole.manifest.options, budget: 3, maxDuration: 1000 }
    expect(mergeShards([found(1, 2), found(2, 2, { change: { options } })], 2).missing).toEqual([])
  })

  it('went no farther than the shard that stopped first', () => {
    const stopped = (why: 'time' | 'budget', rounds: number): { change: Partial<RunManifest> } => ({
      change: { sampling: { maxTrials: 3, firstLook: 3, stopped: { why, rounds } } },
    })
    const shards = [found(1, 3), found(2, 3, stopped('time', 2)), found(3, 3, stopped('budget', 1))]
    expect(mergeShards(shards, 3).manifest.sampling).toEqual({
      maxTrials: 3,
      firstLook: 3,
      stopped: { why: 'budget', rounds: 1 },
    })
  })

  it('tells which cases nobody has where shards were dealt by different baselines', () => {
    const baseline = ids.map((id, at) => aCaseStats({ id, costUsd: { n: 1, sum: 7 - at } }))
    const seen = new Set<string>()
    for (const total of [2, 3, 4]) {
      for (const odd of Array.from({ length: total }, (_, at) => at + 1)) {
        const shards = Array.from({ length: total }, (_, at) =>
          found(at + 1, total, at + 1 === odd ? { baseline } : {}),
        )
        const { missing, taken } = mergeShards(shards, total)
        const counted = taken.flatMap(({ manifest }) => manifest.cases.map((one) => one.id))
        expect(new Set(counted).size).toBe(counted.length)
        if (counted.length < ids.length) expect(missing).not.toEqual([])
        for (const text of missing) seen.add(text.replace(/.*?(has cases|in no shard).*/, '$1'))
      }
    }
    expect([...seen].sort()).toContain('has cases')
  })

  it('takes no plan that does not add up, and never one as the model of the others', () => {
    const forged = found(1, 3, { change: { cases: whole.manifest.cases.slice(0, 1) } })
    const { missing } = mergeShards([forged, found(2, 3), found(3, 3)], 3)
    expect(missing).toEqual(['shard 1 of 3 does not say what was to be run: shards/1'])
    const error = problem([forged], 1 + 2)
    expect([error.exitCode, error.message]).toEqual([4, 'no shard says what was to be run'])
  })

  it('is a mistake of whoever typed it where all are of another number', () => {
    const error = problem(allOf(4), 3)
    expect([error.exitCode, error.message]).toEqual([
      2,
      '3 shards are expected, and these are of 4',
    ])
    expect(error.hint).toContain('--expect-shards 4')
    const { missing } = mergeShards([...allOf(3), found(4, 4)], 3)
    expect(missing).toEqual(['shard 4 of 4 is none of the 3 that belong together: shards/4'])
  })

  it('cuts what is foreign and long', () => {
    const long = { ...found(1, 2), shown: 'x'.repeat(5000), broken: 'y'.repeat(5000) }
    const [text = ''] = mergeShards([long, found(2, 2)], 2).missing
    expect(text.length).toBeLessThan(500)
  })
})
