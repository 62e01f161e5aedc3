import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseArguments, parseRecord } from '../../src/importers/parse-record.ts'

const schema = z.object({ name: z.string(), size: z.number().optional() })
const place = { file: 'runs.jsonl', line: 7 }

describe('parseRecord', () => {
  it('ignores keys that the schema does not name', () => {
    expect(parseRecord(schema, '{"name": "a", "extra": {"x": []}}', place)).toEqual({ name: 'a' })
  })

  it('names place, path and what was expected', () => {
    expect(() => parseRecord(schema, '{"name": 3, "size": "big"}', { ...place, index: 4 })).toThrow(
      expect.objectContaining({
        code: 'input',
        source: { file: 'runs.jsonl', line: 7 },
        message: '[4]: name: Invalid input: expected string, received number (and 1 more)',
      }),
    )
  })

  it.each([
    ['{"name": "a", "size": NaN}', '"size": NaN is no JSON number'],
    ['{"name": "NaN", "size": -Infinity}', '"size": -Infinity is no JSON number'],
    ['{"name": "a", "sizes": ["x", Infinity]}', 'Infinity is no JSON number'],
    ['{"name": "a", "deep": [{"size": 1e999}]}', 'deep.0.size: Infinity is no JSON number'],
  ])('names a number that is none: %s', (text, message) => {
    expect(() => parseRecord(schema, text, place)).toThrow(
      expect.objectContaining({ code: 'input', message }),
    )
  })

  it('says where JSON is broken, and that a line is a record', () => {
    expect(() => parseRecord(schema, '{"name": ', place)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('no valid JSON') as string,
        hint: 'every line must hold one whole record',
      }),
    )
  })

  it('refuses what is nested too deep to walk', () => {
    const deep = `{"name": "a", "x": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    expect(() => parseRecord(schema, deep, place)).toThrow('nested deeper than 200 levels')
  })

  it('does not repeat escape codes or whole novels in its message', () => {
    const text = `{"a": NaN, "${'\\u001b[31m'.repeat(3)}": 1}`
    expect(() => parseRecord(schema, text, place)).toThrow(/^"a": NaN is no JSON number$/)
    const named = `{"name": "a", "\u009b31m${'k'.repeat(500)}": NaN}`
    expect(() => parseRecord(schema, named, place)).toThrow(/^"k{59}…": NaN is no JSON number$/)
  })
})

describe('parseArguments', () => {
  it.each([
    ['{"a": [1]}', { a: [1] }],
    ['', {}],
    ["{'a': 1}", "{'a': 1}"],
    ['[1]', '[1]'],
    ['null', 'null'],
    ['{"a": NaN}', '{"a": NaN}'],
    ['{"a": 1e999}', '{"a": 1e999}'],
  ])('%s', (text, args) => {
    expect(parseArguments(text)).toEqual(args)
  })

  it('keeps a __proto__ key as a key', () => {
    const args = parseArguments('{"__proto__": {"admin": true}}')
    expect(Object.keys(args)).toEqual(['__proto__'])
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })
})
