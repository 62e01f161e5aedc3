import { describe, expect, it } from 'vitest'
import { decidingOnly, runInMemory } from '../../src/run-evalset/run-in-memory.ts'
import type { TrialLine } from '../../src/schema/trial.ts'
import { aCandidate } from '../builders/candidate.ts'
import { loadedFrom, memoryFolder, refundDesk } from '../suites/memory-folder.ts'
import { deskWith, planDesk } from './desk.ts'

async function playDesk(
  signal = new AbortController().signal,
  onTrial?: (line: TrialLine) => void,
) {
  const evalSet = await loadedFrom(memoryFolder(refundDesk))
  const candidate = aCandidate({ models: { default: 'reference:' } })
  return runInMemory(
    planDesk(evalSet),
    { evalSet, candidate, modules: new Map() },
    {
      signal,
      concurrency: 2,
      onTrial: onTrial ?? (() => undefined),
    },
  )
}

it('keeps the rows of every trial and tells of each as it ends', async () => {
  const told: string[] = []
  const rows = await playDesk(undefined, (line) => told.push(line.case))
  expect(rows.map((one) => one.id)).toEqual(told.sort())
  expect(rows.map((one) => one.rows.map((row) => row.outcome))).toEqual(told.map(() => ['pass']))
})

it('gives what was finished when it is stopped', async () => {
  const abort = new AbortController()
  abort.abort()
  expect(await playDesk(abort.signal)).toEqual([])
})

describe('decidingOnly', () => {
  it('leaves out twins, drafts and what is set aside', async () => {
    const evalSet = await deskWith(`
- id: counts
  ask: Hello
  expect: { says: [{ any: '\\bhi\\b', max_distinct: 1 }] }
  oracle: [{ say: hi }]
- id: idea
  status: draft
  ask: Hello
  expect: { says: [{ any: '\\bhi\\b', max_distinct: 1 }] }
  oracle: [{ say: hi }]
`)
    const { manifest, trials } = decidingOnly(planDesk(evalSet))
    expect(manifest.cases.map(({ id }) => id)).toEqual(['counts'])
    expect(trials.map(({ key }) => key.case)).toEqual(['counts'])

    const attacked = await loadedFrom(memoryFolder(refundDesk))
    const all = planDesk(attacked).manifest.cases
    const kept = decidingOnly(planDesk(attacked)).manifest.cases
    expect(all.filter(({ twinOf }) => twinOf !== undefined).length).toBeGreaterThan(0)
    expect(kept).toEqual(all.filter(({ twinOf }) => twinOf === undefined))
  })
})
