import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { evalCase } from '../../src/schema/case.ts'
import { evalSetFile } from '../../src/schema/evalset.ts'
import { world } from '../../src/schema/world.ts'
import { parseDocument } from '../../src/suites/parse-document.ts'
import { renderProblems } from '../../src/suites/render-problems.ts'

const anything = z.json()

function problemsIn(text: string, schema: z.ZodType = anything): string {
  const parsed = parseDocument({ text, file: 'f.yaml' }, schema)
  return parsed.ok ? '' : renderProblems(parsed.problems)
}

/** Only where, for what is about positions. */
function placesIn(text: string, schema: z.ZodType): readonly string[] {
  const parsed = parseDocument({ text, file: 'f.yaml' }, schema)
  if (parsed.ok) return []
  return parsed.problems.map(({ line, column, path }) => `${line}:${column} ${path}`)
}

function valueOf(text: string): unknown {
  const parsed = parseDocument({ text, file: 'f.yaml' }, anything)
  if (!parsed.ok) throw new Error(renderProblems(parsed.problems))
  return parsed.value.value
}

describe('values', () => {
  it('are the same from YAML and from JSON', () => {
    const json = '{"a": [1, -2.5, true, null, "x\\ny", "\\ud83d\\ude00"], "b": {"c d": ""}}'
    const yaml = 'a:\n  - 1\n  - -2.5\n  - true\n  -\n  - "x\\ny"\n  - 😀\nb: {c d: ""}\n'
    expect(valueOf(yaml)).toEqual(JSON.parse(json))
    expect(valueOf(json)).toEqual(JSON.parse(json))
    // The second is no JSON, so it goes through YAML.
    expect(valueOf(`# comment\n${json}`)).toEqual(JSON.parse(json))
  })

  it('keeps words that YAML 1.1 took for something else', () => {
    expect(valueOf('{a: no, b: 1:30, c: 2026-01-01, d: 1_000, 1: x, null: y}')).toEqual({
      a: 'no',
      b: '1:30',
      c: '2026-01-01',
      d: '1_000',
      '1': 'x',
      null: 'y',
    })
  })

  it('merges and copies aliases', () => {
    const yaml = `base: &base { x: 1, list: &list [1, 2] }
one: { <<: *base, x: 2 }
two: { <<: [{ y: 0, x: 3 }, *base] }
three: { "<<": text, list: *list }
`
    expect(valueOf(yaml)).toEqual({
      base: { x: 1, list: [1, 2] },
      one: { x: 2, list: [1, 2] },
      two: { y: 0, x: 3, list: [1, 2] },
      three: { '<<': 'text', list: [1, 2] },
    })
  })

  it('takes an alias for the last anchor before it', () => {
    expect(valueOf('[&a 1, *a, &a 2, *a]')).toEqual([1, 1, 2, 2])
  })

  it('takes JSON with tabs and long keys', () => {
    const key = 'k'.repeat(3000)
    expect(valueOf(`{\n\t"${key}": [\n\t\t1\n\t]\n}`)).toEqual({ [key]: [1] })
  })
})

describe('what a schema refuses', () => {
  it('is told all at once, each with its line', () => {
    const text = `id: Refund Full
ask: ""
expct: {}
expect:
  calls: []
  says:
    - { any: x, scope: { turns: 1 } }
oracle:
  - { call: read_order, arg: {} }
  - { tool: read_order }
trials: 2.5
risk_tier: 7
`
    expect(problemsIn(text, evalCase)).toMatchInlineSnapshot(`
      "f.yaml:1:5 id: "Refund Full" is not allowed; use lower-case letters, digits, dots, dashes and underscores
      > 1 | id: Refund Full
          |     ^
      f.yaml:2:6 ask: must not be empty
        1 | id: Refund Full
      > 2 | ask: ""
          |      ^
      f.yaml:3:1 expct: unknown key "expct"; did you mean "expect"?
        2 | ask: ""
      > 3 | expct: {}
          | ^
      f.yaml:5:10 expect.calls: needs at least 1 entry
        4 | expect:
      > 5 |   calls: []
          |          ^
      f.yaml:7:17 expect.says.0.scope.turn: missing key "turn"; expected a number
        6 |   says:
      > 7 |     - { any: x, scope: { turns: 1 } }
          |                 ^
      f.yaml:7:26 expect.says.0.scope.turns: unknown key "turns"; did you mean "turn"?
        6 |   says:
      > 7 |     - { any: x, scope: { turns: 1 } }
          |                          ^
      f.yaml:9:25 oracle.0.arg: unknown key "arg"; did you mean "args"?
        8 | oracle:
      > 9 |   - { call: read_order, arg: {} }
          |                         ^
      f.yaml:10:5 oracle.1: a step is { call: TOOL, args: {…} } or { say: TEXT }
         9 |   - { call: read_order, arg: {} }
      > 10 |   - { tool: read_order }
           |     ^
      f.yaml:11:9 trials: expected a whole number, found the number 2.5
        10 |   - { tool: read_order }
      > 11 | trials: 2.5
           |         ^
      f.yaml:12:12 risk_tier: expected 0, 1, 2, 3 or 4, found the number 7
        11 | trials: 2.5
      > 12 | risk_tier: 7
           |            ^
      "
    `)
  })

  it('points at the key for an unknown one, at the parent for a missing one', () => {
    const schema = z.strictObject({
      a: z.strictObject({ b: z.string() }),
      list: z.array(z.strictObject({ c: z.int() })),
    })
    expect(placesIn('a:\n  x: 1\nlist:\n  - d: 1\n  - c: no\n', schema)).toEqual([
      '1:1 a.b',
      '2:3 a.x',
      '4:5 list.0.c',
      '4:5 list.0.d',
      '5:8 list.1.c',
    ])
  })

  it('points at where a value is written, through aliases and merge keys', () => {
    const schema = z.record(z.string(), z.strictObject({ n: z.int() }))
    expect(placesIn('a: &a\n  n: 1.5\nb: *a\nc:\n  <<: *a\n', schema)).toEqual([
      '2:6 a.n',
      '2:6 b.n',
      '2:6 c.n',
    ])
  })

  it('counts columns in UTF-16 units, after a byte order mark, and in CRLF files', () => {
    const schema = z.strictObject({ x: z.string(), y: z.int() })
    expect(placesIn('\ufeffz: 1\r\nx: "😀"\r\ny: "😀"\r\n', schema)).toEqual(['3:4 y', '1:1 z'])
    expect(placesIn('{x: "😀", y: "1"}', schema)).toEqual(['1:14 y'])
    expect(placesIn('{"x": "\\ud83d\\ude00", "y": "1"}', schema)).toEqual(['1:28 y'])
  })

  it('says which version is read', () => {
    const text = 'apiVersion: agent-eval/v2\nid: a\nversion: 1.0\n'
    expect(problemsIn(text, evalSetFile)).toMatchInlineSnapshot(`
      "f.yaml:1:13 apiVersion: expected agent-eval/v1, found the text "agent-eval/v2"
      > 1 | apiVersion: agent-eval/v2
          |             ^
      f.yaml:3:10 version: expected a text, found the number 1; put it in quotes
        2 | id: a
      > 3 | version: 1.0
          |          ^
      "
    `)
  })

  it('says what was meant in unions and enums', () => {
    const text = `clock: yesterday
state: {}
tools:
  "read order": { description: x, risk_tier: 0, effect: read, input: {} }
  a: { description: x, risk_tier: high, effect: raed, input: {} }
  b: { description: x, risk_tier: [{ tier: 9 }], effect: write, input: {}, change: [{ op: incr, path: /a, value: 1 }] }
  c: { description: x, risk_tier: 1, effect: write, input: {}, change: [{ path: a }] }
`
    expect(problemsIn(text, world)).toMatchInlineSnapshot(`
      "f.yaml:1:8 clock: "yesterday" is not allowed; write a date and time such as 2026-01-31T09:00:00Z
      > 1 | clock: yesterday
          |        ^
      f.yaml:4:3 tools.read order: "read order" is not allowed; use letters, digits, dots, dashes and underscores, at most 64
        3 | tools:
      > 4 |   "read order": { description: x, risk_tier: 0, effect: read, input: {} }
          |   ^
      f.yaml:5:35 tools.a.risk_tier: expected 0, 1, 2, 3, 4 or a list, found the text "high"
        4 |   "read order": { description: x, risk_tier: 0, effect: read, input: {} }
      > 5 |   a: { description: x, risk_tier: high, effect: raed, input: {} }
          |                                   ^
      f.yaml:5:49 tools.a.effect: expected read, write or external, found the text "raed"; did you mean "read"?
        4 |   "read order": { description: x, risk_tier: 0, effect: read, input: {} }
      > 5 |   a: { description: x, risk_tier: high, effect: raed, input: {} }
          |                                                 ^
      f.yaml:6:44 tools.b.risk_tier.0.tier: expected 0, 1, 2, 3 or 4, found the number 9
        5 |   a: { description: x, risk_tier: high, effect: raed, input: {} }
      > 6 |   b: { description: x, risk_tier: [{ tier: 9 }], effect: write, input: {}, change: [{ op: incr, path…
          |                                            ^
      f.yaml:6:91 tools.b.change.0.op: expected set, inc, append or remove, found the text "incr"; did you mean "inc"?
      > 6 | …r: 9 }], effect: write, input: {}, change: [{ op: incr, path: /a, value: 1 }] }
          |                                                    ^
      f.yaml:7:73 tools.c.change.0.op: missing key "op"; expected set, inc, append or remove
        6 |   b: { description: x, risk_tier: [{ tier: 9 }], effect: write, input: {}, change: [{ op: incr, path
      > 7 |   c: { description: x, risk_tier: 1, effect: write, input: {}, change: [{ path: a }] }
          |                                                                         ^
      "
    `)
  })

  it('names the operators of a matcher', () => {
    const text = `id: a
ask: x
expect: { calls: [{ tool: t, args: { id: { equals: 1 } } }] }
oracle: [{ say: x }]
`
    expect(problemsIn(text, evalCase)).toMatchInlineSnapshot(`
      "f.yaml:3:44 expect.calls.0.args.id.equals: unknown key "equals"; known: eq, ne, in, matches, min, max
        2 | ask: x
      > 3 | expect: { calls: [{ tool: t, args: { id: { equals: 1 } } }] }
          |                                            ^
      "
    `)
  })

  it('stops at a hundred, and says how many there are', () => {
    const text = Array.from({ length: 5000 }, (_, index) => `k${index}: 1`).join('\n')
    const parsed = parseDocument({ text, file: 'f.yaml' }, z.strictObject({}))
    expect(parsed.ok ? [] : parsed.problems).toHaveLength(101)
    expect(parsed.ok ? '' : parsed.problems.at(-1)?.message).toBe(
      'and 4900 more problems in this document',
    )
  })
})

describe('what YAML refuses', () => {
  it('is told all at once', () => {
    expect(problemsIn('a: b: c\nd: [1, 2\ne: "x\n')).toMatchInlineSnapshot(`
      "f.yaml:1:4: syntax error: Nested mappings are not allowed in compact mappings; put a text that contains ": " in quotes
      > 1 | a: b: c
          |    ^
      f.yaml:3:1: syntax error: Flow sequence in block collection must be sufficiently indented and end with a ]
        2 | d: [1, 2
      > 3 | e: "x
          | ^
      f.yaml:4:1: syntax error: Missing closing "quote
        3 | e: "x
      > 4 |
          | ^
      "
    `)
  })

  it('includes what it would read as something else', () => {
    expect(
      problemsIn('a: .nan\nb: 0012\nc: 12345678901234567890\nd: !!binary aGk=\n'),
    ).toMatchInlineSnapshot(`
      "f.yaml:1:4: .nan is no number in JSON; put it in quotes if it is text
      > 1 | a: .nan
          |    ^
      f.yaml:2:4: 0012 would become 12; put it in quotes
        1 | a: .nan
      > 2 | b: 0012
          |    ^
      f.yaml:3:4: 12345678901234567890 is too large to stay exact; put it in quotes
        2 | b: 0012
      > 3 | c: 12345678901234567890
          |    ^
      f.yaml:4:13: tag "!!binary" is not allowed; values are plain JSON
        3 | c: 12345678901234567890
      > 4 | d: !!binary aGk=
          |             ^
      "
    `)
  })

  it('includes keys that stand twice, are missing or are no text', () => {
    expect(problemsIn('a: 1\n"a": 2\n? [b]\n: 1\n: 2\n')).toMatchInlineSnapshot(`
      "f.yaml:2:1: duplicate key "a"
        1 | a: 1
      > 2 | "a": 2
          | ^
      f.yaml:3:3: a key must be a text; put it in quotes
        2 | "a": 2
      > 3 | ? [b]
          |   ^
      f.yaml:5:1: a key must be a text; put it in quotes
        4 | : 1
      > 5 | : 2
          | ^
      "
    `)
  })

  it('includes further documents and other versions of YAML', () => {
    expect(problemsIn('a: 1\n---\nb: 2\n')).toMatchInlineSnapshot(`
      "f.yaml:2:1: a second document starts here; keep one document in a file, or write a list
        1 | a: 1
      > 2 | ---
          | ^
      "
    `)
    expect(problemsIn('%YAML 1.1\n---\na: no\n')).toMatchInlineSnapshot(`
      "f.yaml:1:1: YAML 1.1 reads words such as "no" as values; remove the %YAML line
      > 1 | %YAML 1.1
          | ^
      "
    `)
  })

  it('includes merge keys and aliases of nothing', () => {
    expect(problemsIn('a: *b\nc: { <<: 3 }\nd: { <<: *e }\n')).toMatchInlineSnapshot(`
      "f.yaml:1:4: alias "b" has no anchor before it
      > 1 | a: *b
          |    ^
      f.yaml:2:10: << takes a mapping or a list of mappings, found the number 3
        1 | a: *b
      > 2 | c: { <<: 3 }
          |          ^
      f.yaml:3:10: alias "e" has no anchor before it
        2 | c: { <<: 3 }
      > 3 | d: { <<: *e }
          |          ^
      "
    `)
  })

  it('includes an empty file', () => {
    expect(problemsIn('# nothing yet\n')).toBe('f.yaml: the file is empty\n')
  })
})
