import { describe, expect, it } from 'vitest'
import { collectHalves, standsBeside } from '../../src/metrics/collect-halves.ts'
import { aTrialLine } from '../builders/trial-line.ts'

const enforced = aTrialLine({ trial: 1 })
const observed = aTrialLine({ trial: 1, mode: 'observe', outcome: 'fail' })

function halvesOf(ofRun: unknown): readonly (readonly string[] | undefined)[] {
  const collector = collectHalves(ofRun)
  collector.add(observed)
  collector.add(enforced)
  const halves = collector.finish()
  return [halves.rows, halves.observed].map((half) =>
    half?.flatMap(({ rows }) => rows.map(({ outcome }) => outcome)),
  )
}

describe('collectHalves', () => {
  it('keeps the halves of a run with both modes apart', () => {
    expect(halvesOf('both')).toEqual([['pass'], ['fail']])
    expect([standsBeside(enforced, 'both'), standsBeside(observed, 'both')]).toEqual([false, true])
  })

  it('has one half of any other run, whatever its mode', () => {
    expect(halvesOf('observe')).toEqual([['fail', 'pass'], undefined])
    expect(halvesOf(undefined)).toEqual([['fail', 'pass'], undefined])
    expect(standsBeside(observed, 'observe')).toBe(false)
  })

  it('has an empty half where nothing of it was started yet', () => {
    expect(collectHalves('both').finish()).toEqual({ rows: [], observed: [] })
  })
})
