import { describe, expect, it } from 'vitest'
import type { EventIndex } from '../../../src/cli/page/event-index.ts'
import { fillTraces } from '../../../src/cli/page/fill-traces.ts'
import { dataText } from '../../../src/report/page/document.ts'
import type { OrderedTrial } from '../../../src/report/page/trace-order.ts'
import { aTrace, say } from '../../builders/trace.ts'
import { aTrialLine } from '../../builders/trial-line.ts'

const order = [1, 2, 3].map(
  (trial): OrderedTrial => ({ arm: 'candidate', line: aTrialLine({ case: 'a', trial }) }),
)

/** Events of these trials, each of which says so many characters. */
function indexOf(sizes: Readonly<Record<string, number>>): EventIndex {
  return {
    refresh: () => Promise.resolve(),
    has: (trial) => sizes[trial] !== undefined,
    read: (trial) => Promise.resolve(aTrace({ steps: [say('x'.repeat(sizes[trial] ?? 0))] })),
  }
}

async function keysWithin(most: number, candidate: EventIndex): Promise<readonly string[]> {
  const traces = await fillTraces(order, { candidate, baseline: undefined }, most)
  const bytes = traces.reduce((sum, trace) => sum + Buffer.byteLength(dataText(trace)), 0)
  expect(bytes).toBeLessThanOrEqual(most)
  return traces.map(({ key }) => key)
}

describe('the traces of a page', () => {
  const all = indexOf({ 'a#1': 1_000, 'a#2': 1_000, 'a#3': 1_000 })

  it('are all of them where they fit', async () => {
    expect(await keysWithin(1e6, all)).toEqual(['candidate/a#1', 'candidate/a#2', 'candidate/a#3'])
  })

  it('are the first ones where they do not', async () => {
    const one = Buffer.byteLength(
      dataText(
        (await fillTraces(order.slice(0, 1), { candidate: all, baseline: undefined }))[0] ?? {},
      ),
    )
    expect(await keysWithin(2 * one, all)).toEqual(['candidate/a#1', 'candidate/a#2'])
    expect(await keysWithin(one - 1, all)).toEqual([])
  })

  it('pass over trials without events, and an arm without any', async () => {
    expect(await keysWithin(1e6, indexOf({ 'a#2': 10 }))).toEqual(['candidate/a#2'])
    const none = { candidate: undefined, baseline: all }
    expect(await fillTraces(order, none)).toEqual([])
  })
})
