import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readCases } from '../../src/suites/read-cases.ts'
import { renderProblems } from '../../src/suites/render-problems.ts'
import { readSource } from '../../src/suites/source.ts'
import { problemsOf, refundDeskWith } from './memory-folder.ts'

/** What is said about a file; fails where the file is accepted. */
function told(text: string): string {
  const read = readSource({ text, file: 'f' })
  if (read.ok) throw new Error('accepted')
  return renderProblems(read.problems)
}

/** The first line of it. */
function refusal(text: string): string {
  return told(text).split('\n')[0] ?? ''
}

function aliasBomb(): string {
  const levels = Array.from({ length: 12 }, (_, index) => {
    const inner = index === 0 ? 'x' : `*a${index - 1}`
    return `a${index}: &a${index} [${Array.from({ length: 9 }, () => inner).join(', ')}]`
  })
  return levels.join('\n')
}

describe('aliases', () => {
  it('are bounded in what they stand for', () => {
    expect(refusal(aliasBomb())).toBe(
      'f:6:15: with alias "a4" the aliases stand for more than 200000 values; use fewer of them, or smaller anchors',
    )
  })

  it('are bounded when merged', () => {
    const merges = aliasBomb()
      .replaceAll('[', '[{<<: [')
      .replaceAll(']', ']}]')
      .replaceAll('x', '{}')
    expect(refusal(merges)).toMatch(/^f:\d+:\d+: /)
  })

  it('are refused inside what they stand for', () => {
    expect(refusal('a: &a [*a]')).toBe('f:1:8: alias "a" stands inside what it stands for')
    expect(refusal('a: &a { <<: *a }')).toBe('f:1:13: alias "a" stands inside what it stands for')
    expect(refusal('&a [[&b [*a]], *b]')).toBe('f:1:10: alias "a" stands inside what it stands for')
  })
})

describe('prototypes', () => {
  const hostile = ['__proto__', 'constructor', 'prototype']

  it.each(hostile)('are out of reach of the key %s', (key) => {
    const why = `"${key}" is not allowed as a key`
    expect(refusal(`a: { ${key}: { polluted: 1 } }`)).toBe(`f:1:6: ${why}`)
    expect(refusal(`{"a": {"${key}": {"polluted": 1}}}`)).toBe(`f:1:8: ${why}`)
    expect(refusal(`? ${key}\n: 1`)).toBe(`f:1:3: ${why}`)
    expect(refusal(`"${key.replace('o', '\\x6f')}": 1`)).toBe(`f:1:1: ${why}`)
    expect(refusal(`a: &a ${key}\n*a : 1`)).toBe('f:2:1: a key must be a text; put it in quotes')
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it.each(hostile)('are no tool, slot or template called %s', async (name) => {
    const problems = await problemsOf(
      refundDeskWith({
        'cases/adversarial/x.yaml': `id: x
ask: x
expect: { calls: [{ tool: ${name} }], says: [{ any: x }] }
attack:
  inject: { slot: constructor, template: constructor, goal: x }
  goal: size(${name}) > 0
  steps: [{ call: ${name} }]
oracle: [{ call: ${name} }, { say: x }]
world: { patch: [{ op: set, path: /orders/${name}, value: 1 }, { op: remove, path: /${name} }] }
`,
      }),
    )
    expect(problems).toContain(`unknown tool "${name}"`)
    expect(problems).toContain('unknown slot "constructor"')
    expect(problems).toContain('unknown template "constructor"')
    expect(problems).toContain(`unknown variable "${name}"`)
    expect(problems).toContain(`world.patch.0.path: "${name}" is not allowed as a key`)
    expect(problems).toContain(`world.patch.1.path: "${name}" is not allowed as a key`)
  })
})

describe('depth', () => {
  it.each([
    ['lists', '['.repeat(10_000)],
    ['closed lists', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['JSON', '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000)],
    ['block lists', `${'- '.repeat(10_000)}x`],
    [
      'indentation',
      Array.from({ length: 1_000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    ],
    ['keys', `${'? '.repeat(10_000)}x`],
    ['mappings on one line', 'a: '.repeat(10_000)],
    ['implicit mappings', `${'[a: '.repeat(90)}1${']'.repeat(90)}`],
  ])('of %s is bounded', (_, text) => {
    expect(refusal(text)).toMatch(/^f:\d+:\d+: nested more than 100 levels deep$/)
  })

  it('of a hundred is fine', () => {
    const text = '['.repeat(100) + ']'.repeat(100)
    expect(readSource({ text, file: 'f' }).ok).toBe(true)
    expect(readSource({ text: `# YAML\n${text}`, file: 'f' }).ok).toBe(true)
  })

  it('cannot be reached through aliases', () => {
    const deep = (inner: string): string => '['.repeat(60) + inner + ']'.repeat(60)
    expect(refusal(`a: &a ${deep('1')}\nb: ${deep('*a')}`)).toContain('nested more than 100 levels')
  })
})

describe('size', () => {
  it('is bounded', () => {
    expect(refusal('x'.repeat(5_000_001))).toBe(
      'f:1:1: too large: 5000001 characters, at most 5000000; split the file',
    )
    expect(refusal('- a\n'.repeat(1_000_000))).toBe(
      'f:100000:4: too long for YAML: more than 500000 words and signs; split the file, or write it as JSON',
    )
  })

  it('of one line may be two million', () => {
    const read = readSource({ text: `a: ${'x'.repeat(2_000_000)}`, file: 'f' })
    expect(read.ok).toBe(true)
    const shown = renderProblems(
      read.ok ? [read.value.problem({ path: ['a'], message: 'wrong' })] : read.problems,
    )
    expect(shown.length).toBeLessThan(200)
    expect(shown).toBe(`f:1:4 a: wrong\n> 1 | a: ${'x'.repeat(97)}…\n    |    ^\n`)
  })

  it('of a long line shows the part around the place', () => {
    const shown = told(`a: [${'x '.repeat(1_000_000)}}`)
    expect(shown.length).toBeLessThan(500)
    expect(shown).toContain('> 1 | …x x x')
  })

  it('of keys is cut in messages', () => {
    const key = 'k'.repeat(900)
    expect(told(`${key}: 1\n${key}: 2`)).toContain(`duplicate key "${'k'.repeat(59)}…"`)
  })

  it('of a JSON document without positions leaves them out', () => {
    const list = Array.from({ length: 300_000 }, (_, index) => index)
    const read = readSource({ text: JSON.stringify([...list, 'x']), file: 'f' })
    const problem = read.ok ? read.value.problem({ path: [300_000], message: 'wrong' }) : undefined
    expect(problem).toEqual({ file: 'f', path: '300000', message: 'wrong' })
  })
})

describe('control characters', () => {
  it('are refused as they stand and fine as escapes', () => {
    expect(refusal('a: "x\u0000y"')).toBe(
      'f:1:6: control character U+0000; write it in double quotes as "\\u0000"',
    )
    expect(refusal('{"a": "\u009b31m"}')).toContain('control character U+009B')
    expect(refusal('a: \u001b[31mred')).toContain('control character U+001B')
    const read = readSource({ text: 'a: "\\u0000\\e[31m"', file: 'f' })
    expect(read.ok && read.value.value).toEqual({ a: '\u0000\u001b[31m' })
  })

  it('never reach the terminal', () => {
    const text =
      '"\\u001b[2J\\u202eevil": 1\n"\\u001b[2J\\u202eevil": 2\nok: "\u202ex\u200b"\n"ok": 1\n'
    const read = readSource({ text, file: 'f\u001b[2J' })
    expect(renderProblems(read.ok ? [] : read.problems)).toMatchInlineSnapshot(`
      "f:2:1: duplicate key "\\u001b[2Jevil"
        1 | "\\u001b[2J\\u202eevil": 1
      > 2 | "\\u001b[2J\\u202eevil": 2
          | ^
      f:4:1: duplicate key "ok"
        3 | ok: "x"
      > 4 | "ok": 1
          | ^
      "
    `)
    const problem = {
      file: 'f',
      path: 'a\u001b[31m\n::error::x',
      message: 'no\u001b]0;title\u0007\nnews',
    }
    expect(renderProblems([problem])).toBe('f a ::error::x: no news\n')
  })
})

describe('work', () => {
  it.each([
    ['stray brackets', '}\n'.repeat(60_000)],
    ['reserved words', '- @a\n'.repeat(30_000)],
    ['documents', '---\n'.repeat(50_000)],
    ['anchors', '&a '.repeat(50_000)],
    ['tags', '- !x a\n'.repeat(20_000)],
    ['equal keys', 'a: 1\n'.repeat(20_000)],
    ['aliases of nothing', '- *a\n'.repeat(30_000)],
  ])('for %s is bounded', (_, text) => {
    const read = readSource({ text, file: 'f' })
    expect(read.ok).toBe(false)
    expect(read.ok ? 0 : read.problems.length).toBeLessThanOrEqual(100)
  })

  it('for many different keys is bounded', () => {
    const text = Array.from({ length: 60_000 }, (_, index) => `k${index}: 1`).join('\n')
    expect(readSource({ text, file: 'f' }).ok).toBe(true)
  })

  it('for backslashes is linear', () => {
    const text = `{"a": "${'\\\\'.repeat(1_000_000)}", "b": "${'\\"'.repeat(1_000_000)}"}`
    expect(readSource({ text, file: 'f' }).ok).toBe(true)
  })
})

describe('JSON', () => {
  it.each([
    ['equal keys', '{"a": 1, "\\u0061": 2}', 'f:1:10: duplicate key "a"'],
    [
      'numbers that would change',
      '[12345678901234567890]',
      'f:1:2: 12345678901234567890 is too large to stay exact; put it in quotes',
    ],
    ['infinity', '[1e999]', 'f:1:2: 1e999 is no number in JSON; put it in quotes if it is text'],
    [
      'a torn end',
      '{"a": [1, 2',
      'f:1:12: syntax error: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
  ])('is refused for %s', (_, text, why) => {
    expect(refusal(text)).toBe(why)
  })

  it('is not confused by keys inside texts', () => {
    const value = { 'a": {"b': '": 1, "', c: '\\', 'd\\': ['"', ':'] }
    const read = readSource({ text: JSON.stringify(value, null, 1), file: 'f' })
    expect(read.ok && read.value.value).toEqual(value)
  })

  it('may have large numbers that stay exact', () => {
    const read = readSource({ text: '{"a": 1e300, "b": 9007199254740991}', file: 'f' })
    expect(read.ok && read.value.value).toEqual({ a: 1e300, b: 9007199254740991 })
  })
})

it('reads a case file that is hostile on every line', () => {
  const lines = [
    '{',
    '[]',
    'null',
    '"x"',
    '{"id":',
    '\u0000',
    '- '.repeat(200),
    '{"__proto__": 1}',
    '\ufffd',
  ]
  const { cases, problems } = readCases({ text: lines.join('\n'), file: 'x.jsonl' })
  expect(cases).toEqual([])
  expect(new Set(problems.map(({ line }) => line))).toEqual(
    new Set(lines.map((_, index) => index + 1)),
  )
})

it('hands schemas nothing that is not JSON', () => {
  const read = readSource({ text: '{a: 1, b: [x, null], c: {d: 1.5}}', file: 'f' })
  expect(z.json().safeParse(read.ok && read.value.value).success).toBe(true)
})
