import fc from 'fast-check'
import { expect, it } from 'vitest'
import { judgeAccuracy } from '../../src/metrics/judge-accuracy.ts'
import { anyLabels, theLabels } from './judge-labels.ts'

it('measures passes and fails apart', () => {
  expect(judgeAccuracy(theLabels([90, 100], [85, 100]))).toEqual({
    sensitivity: 0.9,
    specificity: 0.85,
    youden: 0.75,
  })
})

it.each([
  ['a perfect judge', [7, 7], [3, 3], 1],
  ['a judge that passes everything', [7, 7], [0, 3], 0],
  ['a judge that is always wrong', [0, 7], [0, 3], -1],
] as const)('%s', (_, pass, fail, youden) => {
  expect(judgeAccuracy(theLabels(pass, fail))?.youden).toBe(youden)
})

it('is exact at the limits that decide: a coin and one half', () => {
  for (let humanPass = 1; humanPass <= 60; humanPass++) {
    for (let agreed = 0; agreed <= humanPass; agreed++) {
      const opposite = judgeAccuracy(
        theLabels([agreed, humanPass], [humanPass - agreed, humanPass]),
      )
      expect(opposite?.youden).toBe(0)
      if (2 * agreed < humanPass) continue
      const half = judgeAccuracy(
        theLabels([agreed, humanPass], [3 * humanPass - 2 * agreed, 2 * humanPass]),
      )
      expect(half?.youden).toBe(0.5)
    }
  }
})

it.each([
  [
    [0, 0],
    [3, 3],
  ],
  [
    [3, 3],
    [0, 0],
  ],
  [
    [0, 0],
    [0, 0],
  ],
] as const)('knows only half of a judge with labels %j and %j', (pass, fail) => {
  expect(judgeAccuracy(theLabels(pass, fail))).toBeUndefined()
})

it('stays in its ranges', () => {
  fc.assert(
    fc.property(anyLabels(), (labels) => {
      const accuracy = judgeAccuracy(labels)
      expect(accuracy === undefined).toBe(labels.humanPass === 0 || labels.humanFail === 0)
      if (accuracy === undefined) return
      const { sensitivity, specificity, youden } = accuracy
      for (const share of [sensitivity, specificity, (youden + 1) / 2]) {
        expect(share).toBeGreaterThanOrEqual(0)
        expect(share).toBeLessThanOrEqual(1)
      }
    }),
  )
})
