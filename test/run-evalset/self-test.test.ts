import { describe, expect, it } from 'vitest'
import { runInMemory } from '../../src/run-evalset/run-in-memory.ts'
import { judgeSelfTest } from '../../src/run-evalset/self-test.ts'
import { planSelfTest, type SelfTestPlan } from '../../src/run-evalset/self-test-arms.ts'
import { type GateSelfTest, gateSelfTest, type SelfTestRow } from '../../src/schema/gate-check.ts'
import type { LoadedEvalSet } from '../../src/suites/load-evalset.ts'
import { smallProject } from '../cli/small-set.ts'
import { loadedFrom, memoryFolder } from '../suites/memory-folder.ts'

/** The small set with more lines in `evalset.yaml` and other files besides. */
function setWith(gate = '', more: Readonly<Record<string, string>> = {}): Promise<LoadedEvalSet> {
  const files = Object.entries(smallProject).flatMap(([name, text]) =>
    name.startsWith('set/') ? [[name.slice('set/'.length), text] as const] : [],
  )
  const own = Object.fromEntries(files)
  const evalset = `${own['evalset.yaml'] ?? ''}${gate}\n`
  return loadedFrom(memoryFolder({ ...own, ...more, 'evalset.yaml': evalset }))
}

async function selfTest(evalSet: LoadedEvalSet, trials: number): Promise<GateSelfTest> {
  const planned = planSelfTest({
    evalSet,
    modules: new Map(),
    candidate: undefined,
    trials,
    seed: 1,
    toolVersion: '0',
  })
  const play = ({ plan, subject }: SelfTestPlan) =>
    runInMemory(plan, subject, {
      signal: new AbortController().signal,
      concurrency: 4,
      onTrial: () => undefined,
    })
  const baseline = await play(planned.baseline)
  const arms = []
  for (const arm of planned.arms) arms.push(await play(arm))
  const terms = { evalSet, trials, today: '2026-11-22' }
  return gateSelfTest.parse(judgeSelfTest(planned, { baseline, arms }, terms))
}

function rowOf({ rows }: GateSelfTest, id: SelfTestRow['id']): SelfTestRow {
  const found = rows.find((one) => one.id === id)
  if (found === undefined) throw new Error(`there is no row ${id}`)
  return found
}

/** One attack only, so that a wider margin has to make up for it. */
const wideMargin = 'gate: { margins: { asr: 0.1 } }'

describe('a set with enough trials', () => {
  it('stops every fault and lets the clean reference pass', async () => {
    const found = await selfTest(await setWith(wideMargin), 60)
    const missed = found.rows.filter(({ asExpected }) => !asExpected)
    expect(missed.map(({ id, metrics }) => ({ id, metrics }))).toEqual([])
    expect(found.rows.map(({ expected, id }) => `${id} ${expected}`)).toEqual([
      'clean pass',
      'silent regression',
      'mute regression',
      'drop regression',
      'wrong-arg regression',
      'obeys regression',
      'dear regression',
    ])
    expect(found).toMatchObject({ status: 'sound', exitCode: 0, notSolved: 0 })
    expect(found).toMatchObject({ cases: 4, attacks: 1, trials: { candidate: 60, baseline: 180 } })
    expect(found.notTried).toEqual([{ id: 'double', why: 'no-idempotent-write' }])
  })

  it('counts trials, whatever the copies of the clean reference look like', async () => {
    const found = await selfTest(await setWith(wideMargin), 60)
    expect(rowOf(found, 'mute').metrics[0]).toMatchObject({ id: 'tsr', unit: 'trial' })
    expect(rowOf(found, 'mute').metrics[0]).toMatchObject({ nBaseline: 540, nCandidate: 180 })
  })
})

describe('a set with few trials', () => {
  it('still stops an agent that does nothing, and says what the others would take', async () => {
    const found = await selfTest(await setWith(), 2)
    expect(found).toMatchObject({ status: 'broken', exitCode: 1 })
    expect(rowOf(found, 'silent')).toMatchObject({ status: 'regression', asExpected: true })
    const mute = rowOf(found, 'mute')
    expect(mute).toMatchObject({ asExpected: false, exitCode: 0 })
    expect(mute.visibleFrom?.metric).toBe('tsr')
    expect(mute.visibleFrom?.trials).toBeGreaterThan(2)
  })

  it('cannot decide on the clean reference either: two trials that are alike may be luck', async () => {
    const few = await selfTest(await setWith('gate: { metrics: [tsr] }'), 20)
    expect(few.status).toBe('broken')
    expect(rowOf(few, 'clean')).toMatchObject({
      status: 'inconclusive',
      metrics: [{ id: 'tsr', nCandidate: 60, note: 'too few trials (60 of 62 in the candidate)' }],
    })
    const enough = await selfTest(await setWith('gate: { metrics: [tsr] }'), 21)
    expect(rowOf(enough, 'clean')).toMatchObject({ status: 'pass', asExpected: true })
  })

  it('stops what it cannot decide under the preset release', async () => {
    const found = await selfTest(await setWith('gate: { preset: release }'), 2)
    expect(rowOf(found, 'mute')).toMatchObject({ asExpected: true, exitCode: 3 })
  })
})

it('shows a gate that does not look at what went wrong', async () => {
  const found = await selfTest(await setWith('gate: { metrics: [costPerTask] }'), 4)
  expect(rowOf(found, 'clean').asExpected).toBe(true)
  // It costs less as well, which this gate takes for good news.
  const silent = rowOf(found, 'silent')
  expect(silent).toMatchObject({ asExpected: false, status: 'pass' })
  expect(silent.visibleFrom).toBeUndefined()
  expect(found.status).toBe('leaky')
})

it('shows a gate that not even the clean reference passes', async () => {
  const unsolved = (smallProject['set/cases/outcome/refund.yaml'] ?? '').replace(
    'I refunded O-1.',
    'I am sorry.',
  )
  const set = await setWith('gate: { limits: { tsr: { min: 1 } } }', {
    'cases/outcome/refund.yaml': unsolved,
  })
  const found = await selfTest(set, 4)
  expect(found).toMatchObject({ status: 'broken', exitCode: 1, notSolved: 1 })
  expect(rowOf(found, 'clean')).toMatchObject({
    status: 'regression',
    asExpected: false,
    facts: [{ kind: 'limit' }],
  })
})

it('asks the reference provider nothing about money', async () => {
  const set = await setWith(
    'gate: { metrics: [tsr], limits: { costPerTask: { max_usd: 0.0000001 } } }',
  )
  expect(rowOf(await selfTest(set, 21), 'clean').asExpected).toBe(true)
})

it('gives the same answer every time, and another for another seed', async () => {
  const set = await setWith()
  expect(await selfTest(set, 6)).toEqual(await selfTest(set, 6))
})
