import { describe, expect, it } from 'vitest'
import { distinctValues } from '../../../src/graders/says/distinct-values.ts'

describe('distinctValues', () => {
  it.each([
    ['one amount however it is written', ['$45.99, 45.99 or 45,99 €.', '(45.990)'], ['45.99']],
    ['an id whatever its case', ['O-1', 'o-1.'], ['o-1']],
    ['no word without a digit', ['Your order was sent - thanks!'], []],
    [
      'a date and a time as one value each',
      ['2026-10-03 at 12:40, 3.10.2026'],
      ['2026-10-03', '12:40', '3.10.2026'],
    ],
    ['both ends of a range', ['10-12 days'], ['10', '12']],
    ['lists without a space', ['O-1,O-2/O-3;O-4 40|50'], ['o-1', 'o-2', 'o-3', 'o-4', '40', '50']],
    ['sums in a row', ['1 299,00 or 1,299.00'], ['1', '299', '1299']],
  ])('counts %s', (_, texts, values) => {
    expect(distinctValues(texts)).toEqual(values)
  })
})
