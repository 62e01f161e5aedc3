import fc from 'fast-check'
import { expect, it } from 'vitest'
import { flakyCases } from '../../src/metrics/flaky-cases.ts'
import { aCase, anySuite, armsSwapped, theCases } from './builders.ts'
import { expectClose } from './vectors.ts'

it('lists cases with both outcomes in one arm, with what each arm saw', () => {
  const flaky = aCase([5, 5, 3, 5])
  const [found, ...others] = flakyCases([
    aCase([5, 5, 5, 5]),
    flaky,
    aCase([5, 5, 0, 5]),
    aCase([0, 1, 1, 1]),
  ])
  expect(others).toEqual([])
  expect(found?.evalCase).toBe(flaky)
  expect(found?.baseline).toMatchObject({ events: 5, trials: 5, upper: 1 })
  expect(found?.candidate).toMatchObject({ events: 3, trials: 5 })
  // Wilson, 95 %: statsmodels' proportion_confint(3, 5, method="wilson")
  expectClose([found?.candidate.lower, found?.candidate.upper], [0.2307, 0.8824], 5e-5)
})

it('takes an interval of another width', () => {
  const [wide] = flakyCases([aCase([2, 5, 3, 5])], 0.005)
  const [narrow] = flakyCases([aCase([2, 5, 3, 5])], 0.1)
  expect(wide?.candidate.lower).toBeLessThan(narrow?.candidate.lower ?? 0)
  expect(wide?.candidate.upper).toBeGreaterThan(narrow?.candidate.upper ?? 1)
})

it('has nobody to list without two trials in an arm', () => {
  expect(flakyCases([])).toEqual([])
  expect(
    flakyCases(
      theCases([
        [0, 1, 1, 1],
        [1, 1, 0, 1],
      ]),
    ),
  ).toEqual([])
})

it('keeps the order and mirrors', () => {
  fc.assert(
    fc.property(anySuite(), (cases) => {
      const found = flakyCases(cases)
      const listed = new Set(found.map(({ evalCase }) => evalCase))
      expect(found.map(({ evalCase }) => evalCase)).toEqual(cases.filter((one) => listed.has(one)))
      const mirrored = flakyCases(armsSwapped(cases))
      expect(mirrored.map(({ baseline }) => baseline)).toEqual(
        found.map(({ candidate }) => candidate),
      )
      for (const { candidate, baseline } of found) {
        for (const { events, trials, lower, upper } of [candidate, baseline]) {
          const ascending = [0, lower, events / trials, upper, 1]
          expect(ascending.toSorted((a, b) => a - b)).toEqual(ascending)
        }
      }
    }),
  )
})
