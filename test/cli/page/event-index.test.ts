import { appendFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventIndex } from '../../../src/cli/page/event-index.ts'
import { readEvents } from '../../../src/cli/run-folder/read-events.ts'
import { openJournal } from '../../../src/replay/journal.ts'
import type { TraceEvent } from '../../../src/schema/trace.ts'
import { formatTrialKey, type TrialKey } from '../../../src/schema/trial-key.ts'
import { createRedactor } from '../../../src/text/redact.ts'
import { aTrace, call, say } from '../../builders/trace.ts'
import { folderWith } from '../run-cli.ts'

interface Written {
  readonly run: string
  readonly write: (key: TrialKey, events: readonly TraceEvent[]) => void
  readonly tear: (text: string) => void
}

/** The events of a run as its journal writes them. */
function aRunOnDisk(): Written {
  const run = folderWith()
  const file = path.join(run, 'events.jsonl')
  const tear = (text: string): void => {
    appendFileSync(file, text)
  }
  const sink = { appendEvents: tear, appendTrial: () => undefined }
  const journal = openJournal('r1', sink, createRedactor({ values: [] }))
  return {
    run,
    tear,
    write(key, events) {
      for (const event of events) journal.event(key, event)
    },
  }
}

function keyOf(id: string, trial = 1): TrialKey {
  return { case: id, trial, attempt: 1, mode: 'enforce' }
}

const long = 'The parcel was left with a neighbour. '.repeat(20)

async function read(run: string, key: TrialKey): Promise<readonly TraceEvent[]> {
  const index = eventIndex(run)
  await index.refresh()
  return index.read(formatTrialKey(key))
}

describe('the events of one trial', () => {
  it('are those that reading the whole file gives, long texts in place', async () => {
    const { run, write } = aRunOnDisk()
    const events = aTrace({ steps: [call('t', {}, { value: { a: long, b: long } }), say(long)] })
    write(keyOf('a'), events)
    write(keyOf('b'), aTrace({ steps: [say(long)] }))
    expect(await read(run, keyOf('a'))).toEqual(events)
    expect(await read(run, keyOf('a'))).toEqual(await readEvents(run, 'a#1'))
    expect(await read(run, keyOf('b'))).toEqual(await readEvents(run, 'b#1'))
  })

  it('are its own, also where other trials ran between them', async () => {
    const { run, write } = aRunOnDisk()
    const ofA = aTrace({ steps: [say('one'), say('two')], asks: ['x', 'y'] })
    const ofB = aTrace({ steps: [say('three')] })
    for (let at = 0; at < Math.max(ofA.length, ofB.length); at++) {
      write(keyOf('a'), ofA.slice(at, at + 1))
      write(keyOf('b'), ofB.slice(at, at + 1))
    }
    expect(await read(run, keyOf('a'))).toEqual(ofA)
    expect(await read(run, keyOf('b'))).toEqual(ofB)
  })

  it('of a trial that was begun again are those of its last beginning', async () => {
    const { run, write } = aRunOnDisk()
    write(keyOf('a'), aTrace({ steps: [say('lost')], end: false }))
    write(keyOf('b'), aTrace({}))
    const again = aTrace({ steps: [say('kept')] })
    write(keyOf('a'), again)
    expect(await read(run, keyOf('a'))).toEqual(again)
  })

  it('are none of a trial that has none', async () => {
    const { run, write } = aRunOnDisk()
    write(keyOf('a'), aTrace({}))
    const index = eventIndex(run)
    await index.refresh()
    expect([index.has('a#1'), index.has('b#1'), await index.read('b#1')]).toEqual([true, false, []])
    const empty = eventIndex(folderWith())
    await empty.refresh()
    expect(empty.has('a#1')).toBe(false)
  })

  it('cannot be put there by what a tool answers', async () => {
    const { run, write } = aRunOnDisk()
    const posing = '{"run":"r1","trial":"b#1","type":"trial.start"}'
    const events = aTrace({
      steps: [call('t', { trial: 'b#1', text: posing }), say(`\n${posing}\n`)],
    })
    write(keyOf('a'), events)
    const index = eventIndex(run)
    await index.refresh()
    expect(index.has('b#1')).toBe(false)
    expect(await index.read('a#1')).toEqual(events)
  })
})

describe('a file that grows', () => {
  it('is read on where it was left; a torn line waits for its end', async () => {
    const { run, tear, write } = aRunOnDisk()
    const first = aTrace({ steps: [say(long)] })
    write(keyOf('a'), first)
    const index = eventIndex(run)
    await index.refresh()
    const second = aTrace({ steps: [say(long), say('more')], asks: ['x', 'y'] })
    write(keyOf('b'), second)
    tear('{"run":"r1","trial":"c#1","type":"trial.st')
    await index.refresh()
    expect(await index.read('a#1')).toEqual(first)
    expect(await index.read('b#1')).toEqual(second)
    expect(index.has('c#1')).toBe(false)
    tear('art","seq":0}\n')
    await index.refresh()
    expect(index.has('c#1')).toBe(true)
    await expect(index.read('c#1')).rejects.toThrow('holds a line that is not an event')
  })
})

describe('whatever trials do', () => {
  it('each is read as it was written', async () => {
    const text = fc.oneof(fc.string(), fc.constant(long), fc.string({ unit: 'grapheme' }))
    const trial = fc.record({
      id: fc.stringMatching(/^[a-z][a-z0-9.]{0,8}$/),
      steps: fc.array(
        text.map((words) => say(words)),
        { maxLength: 4 },
      ),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(trial, { maxLength: 6, selector: ({ id }) => id }),
        async (all) => {
          const { run, write } = aRunOnDisk()
          const traces = all.map(({ id, steps }) => ({ key: keyOf(id), events: aTrace({ steps }) }))
          for (const { events, key } of traces) write(key, events)
          for (const { events, key } of traces) expect(await read(run, key)).toEqual(events)
        },
      ),
      { numRuns: 25 },
    )
  })
})
