import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { onAbort } from '../../../src/providers/limiter/on-abort.ts'

describe('onAbort', () => {
  it('calls all who still listen, once, with one listener on the signal', () => {
    const stop = new AbortController()
    const heard: number[] = []
    const releases = Array.from({ length: 30 }, (_, index) =>
      onAbort(stop.signal, () => heard.push(index)),
    )
    for (const release of releases.slice(2)) release()
    expect(getEventListeners(stop.signal, 'abort')).toHaveLength(1)
    stop.abort()
    stop.abort()
    expect(heard).toEqual([0, 1])
  })

  it('takes back each listener by itself, where two are the same function', () => {
    const stop = new AbortController()
    let calls = 0
    const count = (): void => {
      calls += 1
    }
    const release = onAbort(stop.signal, count)
    onAbort(stop.signal, count)
    release()
    release()
    stop.abort()
    expect(calls).toBe(1)
  })

  it('calls at once where it is too late to listen', () => {
    const heard: string[] = []
    onAbort(AbortSignal.abort(), () => heard.push('at once'))()
    expect(heard).toEqual(['at once'])
  })
})
