import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../src/schema/json.ts'
import type { Path } from '../../src/suites/problem.ts'
import { renderProblems } from '../../src/suites/render-problems.ts'
import { readSource } from '../../src/suites/source.ts'

const forbidden = ['__proto__', 'constructor', 'prototype']

/** Values without what is refused on purpose: prototype keys, control characters, long integers. */
const values = fc
  .jsonValue({ maxDepth: 4 })
  .filter((value) => {
    const json = JSON.stringify(value)
    const hasForbiddenKey = forbidden.some((key) => json.includes(`"${key}":`))
    return !hasForbiddenKey && !/[^\t\n\r -~\u0085\u00a0-\ufffd]|\d{16}/.test(json)
  })
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonValue)

/** What YAML is made of, in any order. */
const fragments = fc.array(
  fc.constantFrom(
    ...[
      'a',
      'b: ',
      ': ',
      '- ',
      '? ',
      '\n',
      '\n  ',
      '\n    ',
      ' ',
      '\t',
      '{',
      '}',
      '[',
      ']',
      ', ',
      '"',
      "'",
      '#',
      ' # ',
    ],
    ...[
      '&a ',
      '*a',
      '*a : ',
      '<<: ',
      '<<: *a',
      '!x ',
      '!!int ',
      '|',
      '>',
      '|-\n',
      '---\n',
      '...\n',
      '%YAML 1.1\n',
      '@',
      '`',
    ],
    ...[
      '1',
      '012',
      '.nan',
      '1e999',
      'null',
      '~',
      '\\',
      '\\u0000',
      '\u0000',
      '\ufeff',
      '😀',
      '\ud800',
      '__proto__: ',
      '\r\n',
      '\r',
    ],
  ),
  { maxLength: 40 },
)

function pathsOf(value: JsonValue, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const isList = Array.isArray(value)
  const members = Object.entries<JsonValue>(value)
  return [
    path,
    ...members.flatMap(([key, member]) => pathsOf(member, [...path, isList ? Number(key) : key])),
  ]
}

describe('any JSON value', () => {
  it('is read the same fast and through YAML', () => {
    fc.assert(
      fc.property(values, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        fc.pre(typeof value === 'object' && value !== null)
        const json = JSON.stringify(value, null, indent)
        for (const text of [json, `# YAML\n${json}`]) {
          const read = readSource({ text, file: 'f' })
          expect(read.ok ? read.value.value : renderProblems(read.problems)).toEqual(value)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('has each of its values where it is written', () => {
    fc.assert(
      fc.property(values, (value) => {
        fc.pre(typeof value === 'object' && value !== null)
        const json = JSON.stringify(value, null, 1)
        const read = readSource({ text: json, file: 'f' })
        if (!read.ok) throw new Error(renderProblems(read.problems))
        for (const path of pathsOf(value)) {
          const { line = 0, column = 0 } = read.value.problem({ path, message: '' })
          const found = json
            .split('\n')
            .slice(line - 1)
            .join('\n')
            .slice(column - 1)
          const wanted = path.reduce<unknown>(
            (at, key) => (at as Record<string | number, unknown>)[key],
            value,
          )
          expect(found.startsWith(JSON.stringify(wanted)[0] ?? '?')).toBe(true)
        }
      }),
      { numRuns: 100 },
    )
  })
})

describe('any text', () => {
  it('is read or refused with a place, and never thrown at', () => {
    fc.assert(
      fc.property(fragments, (parts) => {
        const read = readSource({ text: parts.join(''), file: 'f' })
        if (read.ok) {
          for (const path of pathsOf(read.value.value)) {
            expect(read.value.problem({ path, message: 'x' }).line).toBeGreaterThan(0)
          }
          expect(JSON.parse(JSON.stringify(read.value.value))).toEqual(read.value.value)
          return
        }
        expect(read.problems.length).toBeGreaterThan(0)
        for (const { line, column, message } of read.problems) {
          if (message === 'the file is empty') continue
          expect(line).toBeGreaterThan(0)
          expect(column).toBeGreaterThan(0)
        }
        expect(renderProblems(read.problems)).not.toMatch(
          /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/,
        )
      }),
      { numRuns: 1500 },
    )
  })
})

describe('places inside a text', () => {
  const place = (text: string, offset: number): string => {
    const read = readSource({ text, file: 'f' })
    if (!read.ok) throw new Error(renderProblems(read.problems))
    const { line, column } = read.value.problem({ path: ['a'], message: '', offset })
    return `${line ?? 0}:${column ?? 0}`
  }

  it.each([
    ['plain', 'a: one + two', 6, '1:10'],
    ['in double quotes', 'a: "one + two"', 6, '1:11'],
    ['in single quotes', "a: 'one + two'", 6, '1:11'],
    ['in JSON', '{"a": "one + two"}', 6, '1:14'],
    ['after an escape: the start', 'a: "\\x6fne + two"', 6, '1:4'],
    ['in a block', 'a: |\n  one +\n    two\n', 8, '3:5'],
    ['in a block with an indented first line', 'a: |2\n    one +\n  two\n', 8, '3:3'],
    ['in a block after an empty line', 'a: |\n  one +\n\n  two\n', 7, '4:3'],
    ['folded: the start', 'a: >\n  one +\n  two\n', 6, '1:4'],
    ['over several lines: the start', 'a: one +\n  two', 6, '1:4'],
  ])('%s', (_, text, offset, found) => {
    expect(place(text, offset)).toBe(found)
  })
})
