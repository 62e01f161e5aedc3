import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  amount,
  countOf,
  duration,
  listed,
  percent,
  plural,
  points,
  pointsNumber,
  pointsSize,
  pValue,
  ratio,
  ratioSize,
  usd,
  whole,
} from '../../src/report/format.ts'

describe('percent', () => {
  test.each([
    [0, '0.0 %'],
    [1, '100.0 %'],
    [0.9667, '96.7 %'],
    [0.0004, '0.04 %'],
    [0.99996, '99.996 %'],
    [0.000_000_01, '0.000001 %'],
    [1e-12, '0.0 %'],
    [1 - 1e-15, '100.0 %'],
  ])('%d', (share, text) => {
    expect(percent(share)).toBe(text)
  })

  test('claims 0 and 100 only where they are true', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-7, max: 1 - 1e-7, noNaN: true }), (share) => {
        expect(Number.parseFloat(percent(share))).toBeGreaterThan(0)
        expect(Number.parseFloat(percent(share))).toBeLessThan(100)
      }),
    )
  })
})

test.each([
  [-0.108, '-10.8 points'],
  [0.008, '+0.8 points'],
  [0, '0.0 points'],
  [-0, '0.0 points'],
  [-0.0001, '-0.01 points'],
  [-1e-12, '0.0 points'],
  [1e-12, '0.0 points'],
])('points(%d)', (change, text) => {
  expect(points(change)).toBe(text)
})

test('points have a short and an unsigned form', () => {
  expect(pointsNumber(-0.108)).toBe('-10.8')
  expect(pointsSize(-0.108)).toBe('10.8')
})

test.each([
  [1.29, '+29 %'],
  [1.034, '+3.4 %'],
  [1, '0.0 %'],
  [1.0001, '0.0 %'],
  [0.9999, '0.0 %'],
  [0.5, '-50 %'],
  [3.2, '+220 %'],
])('ratio(%d)', (quotient, text) => {
  expect(ratio(quotient)).toBe(text)
})

test('the size of a ratio has no sign', () => {
  expect([ratioSize(1.31), ratioSize(0.5)]).toEqual(['31 %', '50 %'])
})

test.each([
  [0, '$0'],
  [0.00042, '$0.00042'],
  [0.0275, '$0.0275'],
  [0.02, '$0.02'],
  [0.5, '$0.50'],
  [0.999_96, '$1.00'],
  [3.24, '$3.24'],
  [12.4, '$12.40'],
  [1234.5, '$1,235'],
])('usd(%d)', (amountUsd, text) => {
  expect(usd(amountUsd)).toBe(text)
})

test.each([
  [0, '0 ms'],
  [849.6, '850 ms'],
  [999.9, '1.0 s'],
  [14_200, '14.2 s'],
  [59_960, '1m 00s'],
  [812_000, '13m 32s'],
  [3_599_900, '1h 00m'],
  [7_500_000, '2h 05m'],
])('duration(%d)', (ms, text) => {
  expect(duration(ms)).toBe(text)
})

test('counts and amounts', () => {
  expect(countOf(116, 120)).toBe('116/120')
  expect(countOf(0, 0)).toBe('n/a')
  expect([whole(1_234_567), whole(12.6)]).toEqual(['1,234,567', '13'])
  expect([amount(4.24), amount(1204.4)]).toEqual(['4.2', '1,204'])
  expect([plural(1, 'case'), plural(0, 'case'), plural(4, 'case')]).toEqual([
    '1 case',
    '0 cases',
    '4 cases',
  ])
})

test('a p-value is never 0', () => {
  expect([pValue(0), pValue(0.0004), pValue(0.031)]).toEqual(['<0.001', '<0.001', '0.031'])
})

test('a list says how many it leaves out', () => {
  expect([listed(['a', 'b'], 2), listed(['a', 'b', 'c'], 2)]).toEqual(['a, b', 'a, b and 1 more'])
})

test('what is not known is never a number', () => {
  const all = [
    amount,
    duration,
    percent,
    points,
    pointsNumber,
    pointsSize,
    pValue,
    ratio,
    ratioSize,
  ]
  for (const format of [...all, usd, whole]) {
    expect([format(undefined), format(Number.NaN), format(Infinity)]).toEqual(['n/a', 'n/a', 'n/a'])
  }
})
