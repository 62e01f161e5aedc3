import { describe, expect, it } from 'vitest'
import { planSampling } from '../../src/run-evalset/plan-sampling.ts'

describe('planSampling', () => {
  it.each([
    // -n, --max-trials, gate.max_trials → rounds at most, first look
    [undefined, undefined, undefined, undefined],
    [5, undefined, undefined, undefined],
    [undefined, 8, undefined, { maxTrials: 8, firstLook: 1 }],
    [3, 8, undefined, { maxTrials: 8, firstLook: 3 }],
    [8, 8, undefined, { maxTrials: 8, firstLook: 8 }],
    [undefined, undefined, 6, { maxTrials: 6, firstLook: 1 }],
    [2, undefined, 6, { maxTrials: 6, firstLook: 2 }],
    // The command line wins over the eval set.
    [undefined, 8, 6, { maxTrials: 8, firstLook: 1 }],
    [undefined, 4, 6, { maxTrials: 4, firstLook: 1 }],
    // Whoever types more trials than the eval set may take wants all of them.
    [20, undefined, 6, undefined],
  ])('-n %j, --max-trials %j, gate.max_trials %j', (trials, maxTrials, ofGate, sampling) => {
    expect(planSampling({ trials, maxTrials }, ofGate)).toEqual(sampling)
  })

  it('refuses a first look after the last round, whatever the eval set says', () => {
    expect(() => planSampling({ trials: 9, maxTrials: 8 }, 20)).toThrow(
      '-n 9 is more than --max-trials 8',
    )
  })

  it('ends nothing early where nothing is decided', () => {
    expect(planSampling({ trials: undefined, isGated: false }, 6)).toBeUndefined()
  })
})
