import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { driftOf } from '../../src/gate/drift.ts'
import { type DriftChart, type DriftReport, driftReport } from '../../src/schema/drift.ts'
import type { HistoryEntry, HistoryMetricId } from '../../src/schema/history.ts'
import { aNight, aNote, nightAt, nightsOf } from '../builders/history.ts'
import { dice } from '../metrics/random.ts'

/** Every report of these tests is a valid document. */
function report(entries: readonly HistoryEntry[]): DriftReport {
  return driftReport.parse(driftOf(entries))
}

function chart({ charts }: DriftReport, id: HistoryMetricId = 'tsr'): DriftChart {
  const found = charts.find((one) => one.id === id)
  if (found === undefined) throw new Error(`no chart of ${id}`)
  return found
}

/** Success rates of nights with 240 trials each, at these chances: what a quiet agent looks like. */
function simulated(chances: readonly number[], seed: number): readonly number[] {
  const roll = dice(seed)
  return chances.map((chance) => {
    let passed = 0
    for (let trial = 0; trial < 240; trial++) if (roll(1_000_000) < chance * 1_000_000) passed += 1
    return passed / 240
  })
}

const usual = 0.93
/** One standard deviation of a night. */
const deviation = Math.sqrt((usual * (1 - usual)) / 240)

function quiet(nights: number): readonly number[] {
  return new Array<number>(nights).fill(usual)
}

/** Rates that vary as a real agent's do, and never alarm. */
const varied = [0.93, 0.92, 0.94, 0.935, 0.925, 0.93, 0.94, 0.92, 0.935, 0.928]
const fortyVaried = [...varied, ...varied, ...varied, ...varied]
/** Two of their standard deviations below their mean. */
const twoBelow = 0.916

describe('a drop of two standard deviations after 40 quiet nights', () => {
  const streams = Array.from({ length: 300 }, (_, seed) => {
    const after = new Array<number>(20).fill(usual - 2 * deviation)
    return report(nightsOf(simulated([...quiet(40), ...after], seed + 1)))
  })
  const found = streams.flatMap((one) => {
    const alarm = chart(one).alarms.find(({ night }) => night > 40)
    return alarm === undefined ? [] : [alarm]
  })

  it('is found, in four nights half of the time and nearly always in ten', () => {
    expect(found.length).toBeGreaterThanOrEqual(0.98 * streams.length)
    const delays = found.map(({ night }) => night - 40).sort((a, b) => a - b)
    expect(delays[Math.floor(delays.length / 2)]).toBeLessThanOrEqual(4)
    expect(delays[Math.floor(delays.length * 0.9)]).toBeLessThanOrEqual(10)
  })

  it('has the right first night half of the time, and is rarely far from it', () => {
    const off = found.map(({ changedFrom }) => Math.abs(changedFrom - 41)).sort((a, b) => a - b)
    expect(off[Math.floor(off.length / 2)]).toBeLessThanOrEqual(1)
    expect(off.filter((nights) => nights > 5).length).toBeLessThan(0.15 * off.length)
  })

  it('is told with the day, both levels and the model that moved', () => {
    const rates = [...fortyVaried, ...new Array<number>(6).fill(twoBelow)]
    const entries = nightsOf(rates).map((night, index) =>
      index < 40 ? night : { ...night, servedModels: ['gpt-4o-2024-11-20'] },
    )
    const one = report(entries)
    expect(one.status).toBe('drift')
    const [alarm, ...more] = chart(one).alarms
    expect(more).toEqual([])
    expect(alarm).toMatchObject({ changedFrom: 41, changedAt: nightAt(41) })
    expect(alarm?.night).toBeLessThanOrEqual(44)
    expect(alarm).toMatchObject({ before: 0.9303, after: twoBelow })
    expect(alarm?.move).toEqual({
      night: 41,
      at: nightAt(41),
      from: ['gpt-4o-2024-08-06'],
      to: ['gpt-4o-2024-11-20'],
    })
  })

  it('is no drop where higher is worse', () => {
    const rates = [...quiet(40), ...new Array<number>(10).fill(usual - 3 * deviation)]
    const entries = simulated(rates, 5).map((value, index) =>
      aNight(index + 1, { metrics: { asr: { value, n: 240 } } }),
    )
    expect(chart(report(entries), 'asr')).toMatchObject({ status: 'quiet', alarms: [] })
  })
})

describe('quiet nights', () => {
  it('raise an alarm in at most one of ten stretches of 60', () => {
    const alarmed = Array.from({ length: 300 }, (_, seed) =>
      report(nightsOf(simulated(quiet(60), 1000 + seed))),
    ).filter((one) => one.status === 'drift')
    expect(alarmed.length).toBeLessThanOrEqual(30)
    // Nothing that never alarms can find anything.
    expect(alarmed.length).toBeGreaterThan(0)
  })

  it('get no chart while they are nearly always the same', () => {
    const rates = [...new Array<number>(20).fill(1), 0.99, 1, 0.98]
    const one = report(nightsOf(rates))
    expect(one.status).toBe('no-chart')
    expect(chart(one)).toMatchObject({ status: 'constant', nights: 23, last: 0.98, alarms: [] })
  })

  it.each([
    [1, 5],
    [5, 1],
  ])('%i of them: %i more until there is a chart', (nights, missing) => {
    const one = report(nightsOf(varied.slice(0, nights)))
    expect(one.status).toBe('no-chart')
    expect(chart(one)).toMatchObject({ status: 'too-few', nights, missing })
  })

  it('six of them are a chart', () => {
    expect(chart(report(nightsOf(varied.slice(0, 6))))).toMatchObject({
      status: 'quiet',
      nights: 6,
    })
  })

  it('have a mean and a last value', () => {
    const { last, mean } = chart(report(nightsOf([0.9, 0.8, 0.7])))
    expect([last, mean]).toEqual([0.7, 0.8])
  })

  it('are n/a where a metric was never measured, and counted where it sometimes was', () => {
    const entries = nightsOf(varied).map((night, index) => {
      const withCost = { ...night.metrics, costPerTask: { value: 0.02 + index / 1000, n: 240 } }
      return index % 2 === 0 ? { ...night, metrics: withCost } : night
    })
    const one = report(entries)
    expect(chart(one, 'asr')).toMatchObject({ status: 'n/a', nights: 0 })
    expect(chart(one, 'costPerTask')).toMatchObject({ status: 'too-few', nights: 5, missing: 1 })
  })

  it('refuses a history without a night', () => {
    expect(() => driftOf([aNote(1)])).toThrow('holds no night')
  })
})

describe('charts begin anew', () => {
  const dropped = [...varied, ...new Array<number>(8).fill(0.8)]
  const half = 18
  const restarted = (changes: Parameters<typeof aNight>[1]): DriftReport =>
    report([
      ...nightsOf(dropped),
      ...varied
        .slice(0, 3)
        .map((value, index) =>
          aNight(half + index + 1, { ...changes, metrics: { tsr: { value, n: 240 } } }),
        ),
    ])

  it('not by themselves: an alarm stays open however good the nights after it', () => {
    expect(restarted({}).status).toBe('drift')
  })

  it.each([
    ['cases', { casesHash: 'sha256:c1' }, ['1.3.0'], ['1.3.0']],
    ['candidate', { candidate: { name: 'shorter', hash: 'f0' } }, ['refunds'], ['shorter']],
    [
      'models',
      { candidate: { name: 'refunds', hash: 'f1' }, models: { executor: 'openai:o3' } },
      ['executor openai:gpt-4o'],
      ['executor openai:o3'],
    ],
    ['trials', { trials: { planned: 60, scored: 60, lost: 0 } }, ['240'], ['60']],
  ])('with other %s', (kind, changes, from, to) => {
    const one = restarted(changes)
    expect(one).toMatchObject({ status: 'no-chart', from: half + 1 })
    expect(one.because).toEqual([{ kind, restarts: true, from, to }])
    expect(chart(one)).toMatchObject({ status: 'too-few', missing: 3, alarms: [] })
  })

  it.each([
    ['served-models', { servedModels: ['gpt-4o-2024-11-20'] }],
    ['tool', { tool: '0.2.0' }],
  ])('not with other %s, which are marked', (kind, changes) => {
    const one = restarted(changes)
    expect(one).toMatchObject({ status: 'drift', from: 1, because: [] })
    expect(one.nights[half]?.marks).toMatchObject([{ kind, restarts: false }])
    expect(one.nights[half + 1]?.marks).toEqual([])
  })

  it('with a note that the alarm was handled', () => {
    const one = report([...nightsOf(dropped), aNote(half, 'pinned the model')])
    expect(one).toMatchObject({ status: 'no-chart', from: half + 1 })
    expect(one.because).toEqual([{ kind: 'handled', restarts: true, why: 'pinned the model' }])
    const next = report([...nightsOf(dropped), aNote(half), aNight(half + 1)])
    expect(next.from).toBe(half + 1)
    expect(next.nights[half]?.marks).toMatchObject([{ kind: 'handled' }])
  })

  it('whatever the order of the lines', () => {
    const entries: readonly HistoryEntry[] = [...nightsOf(dropped), aNote(12), aNight(19)]
    const expected = report(entries)
    fc.assert(
      fc.property(fc.shuffledSubarray([...entries], { minLength: entries.length }), (shuffled) => {
        expect(driftOf(shuffled)).toEqual(expected)
      }),
      { numRuns: 20 },
    )
  })
})

describe('a night with lost trials', () => {
  const thin = { trials: { planned: 240, scored: 200, lost: 40 } }

  it('is listed with its value and not charted', () => {
    const one = report([
      ...nightsOf(varied),
      aNight(11, { ...thin, metrics: { tsr: { value: 0.1, n: 200 } } }),
    ])
    expect(one.nights[10]).toMatchObject({ charted: false, values: { tsr: 0.1 } })
    expect(one.nights[10]?.marks).toEqual([
      { kind: 'lost', restarts: false, from: ['240'], to: ['40'] },
    ])
    expect(chart(one)).toMatchObject({ status: 'quiet', nights: 10 })
  })

  it('counts where they are as few as a verdict allows', () => {
    const few = { trials: { planned: 240, scored: 228, lost: 12 } }
    expect(report([aNight(1, few)]).nights[0]).toMatchObject({ charted: true, marks: [] })
  })
})

describe('a served model', () => {
  it('that nobody recorded on one night has not moved', () => {
    const { servedModels, ...unrecorded } = aNight(2)
    expect(servedModels).toBeDefined()
    const one = report([aNight(1), unrecorded, aNight(3)])
    expect(one.nights.flatMap(({ marks }) => marks)).toEqual([])
  })

  it('that moved long before an alarm does not explain it', () => {
    const rates = [...fortyVaried, ...new Array<number>(8).fill(twoBelow)]
    const entries = nightsOf(rates).map((night, index) =>
      index < 20 ? { ...night, servedModels: ['older'] } : night,
    )
    const [alarm] = chart(report(entries)).alarms
    expect(alarm).toMatchObject({ changedFrom: 41 })
    expect(alarm?.move).toBeUndefined()
  })
})
