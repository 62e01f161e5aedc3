import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrayElements } from '../../src/importers/json-array.ts'

const expected = 'expected an array'
const elements = (text: string): readonly unknown[] =>
  [...arrayElements(text, 'f.json', expected)].map((element) => JSON.parse(element.text) as unknown)

describe('arrayElements', () => {
  it('gives every element what JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(undefined, 1, 2), (list, indent) => {
        const text = JSON.stringify(list, undefined, indent)
        expect(elements(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  it('says on which line an element starts, and which it is', () => {
    const places = [...arrayElements('[\n {"a":\n1},\n\n 2\n]\n', 'f.json', expected)]
    expect(places.map((element) => element.place)).toEqual([
      { file: 'f.json', line: 2, index: 0 },
      { file: 'f.json', line: 5, index: 1 },
    ])
  })

  it('keeps brackets and commas that stand in strings', () => {
    expect(elements('["a,]\\"[", {"}": "{"}]')).toEqual(['a,]"[', { '}': '{' }])
  })

  it.each([
    ['', 1],
    ['{"a": 1}', 1],
    ['"[1]"', 1],
    ['[1,\n2', 2],
    ['[1,\n]', 2],
    ['[\n,1]', 2],
    ['[1}', 1],
    ['[1]\n[2]', 2],
    ['["open', 1],
  ])('refuses %j on line %d', (text, line) => {
    expect(() => elements(text)).toThrow(
      expect.objectContaining({
        code: 'input',
        message: expected,
        source: { file: 'f.json', line },
      }),
    )
  })

  it('takes linear time over text that never closes its strings', () => {
    expect(() => elements(`["${'\\"'.repeat(500_000)}`)).toThrow(expected)
  })
})
