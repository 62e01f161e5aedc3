import { describe, expect, test } from 'vitest'
import { followRun } from '../../src/page/follow-run.ts'
import { makeTraces } from '../../src/page/traces.ts'
import type { PageData } from '../../src/schema/page-data.ts'
import { aPage } from './a-page.ts'

/** A server that gives these answers, and a clock that goes on when it is told to. */
function aServer(answers: readonly (PageData | Error)[]) {
  const asked: string[] = []
  const waiting: (() => void)[] = []
  return {
    asked,
    isWaiting: () => waiting.length > 0,
    tick: async () => {
      waiting.shift()?.()
      await new Promise((done) => setTimeout(done, 0))
    },
    outside: {
      fetchJson: async (path: string): Promise<unknown> => {
        const answer = answers[asked.length]
        asked.push(path)
        if (answer === undefined || answer instanceof Error) throw answer ?? new Error('none left')
        return answer
      },
      later: (_: number, then: () => void) => {
        waiting.push(then)
      },
    },
  }
}

const running = aPage({ served: { isRunning: true, progress: '1 of 9 trials' } })
const done = aPage({ served: { isRunning: false }, title: 'pass: support' })

describe('a page', () => {
  test('from a file asks nobody', () => {
    const { asked, isWaiting, outside } = aServer([])
    followRun(aPage(), outside, { update: () => undefined, lost: () => undefined })
    expect(isWaiting()).toBe(false)
    expect(asked).toEqual([])
  })

  test('that is served follows a run until it has ended, over a gap too', async () => {
    const server = aServer([running, new Error('gone'), done])
    const told: (string | undefined)[] = []
    const titles: string[] = []
    followRun(running, server.outside, {
      update: ({ title }) => titles.push(title),
      lost: (words) => told.push(words?.slice(0, 26)),
    })
    await server.tick()
    await server.tick()
    await server.tick()
    expect(server.asked).toEqual(['data', 'data', 'data'])
    expect(titles).toEqual([running.title, done.title])
    expect(told).toEqual([undefined, 'The server does not answer', undefined])
    expect(server.isWaiting()).toBe(false)
  })
})

describe('traces', () => {
  test('of a file are those on the page', async () => {
    const { asked, outside } = aServer([])
    const traces = makeTraces(outside)
    traces.update(aPage())
    expect((await traces.load('c2')).key).toBe('c2')
    await expect(traces.load('c3')).rejects.toThrow('not on this page')
    expect(asked).toEqual([])
  })

  test('of a served page are asked for once, and again after a failure', async () => {
    const server = aServer([new Error('busy'), running])
    const traces = makeTraces(server.outside)
    traces.update(running)
    await expect(traces.load('c#3')).rejects.toThrow('busy')
    await traces.load('c#3')
    await traces.load('c#3')
    expect(server.asked).toEqual(['trial?key=c%233', 'trial?key=c%233'])
  })
})
