import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../src/schema/json.ts'
import { nameRows } from '../../src/suites/name-rows.ts'
import type { ReadCases } from '../../src/suites/read-case.ts'
import { readCases } from '../../src/suites/read-cases.ts'
import { renderProblems } from '../../src/suites/render-problems.ts'

const template = `id: refund
foreach:
  mugs:
    order: O-1
    cents: 4000
    items: [MUG, PLATE]
  lamp: { order: O-2, cents: 90000, items: [LAMP] }
ask: Please refund {{order}}, all {{cents}} cents of it ({{key}}).
expect:
  effects:
    required:
      - { tool: issue_refund, args: { order_id: "{{order}}", amount_cents: "{{cents}}", items: "{{items}}" } }
oracle:
  - { call: issue_refund, args: { order_id: "{{order}}", note: "for {{ order }}" } }
`

function read(text: string, file = 'f.yaml'): ReadCases {
  return readCases({ text, file })
}

function casesIn(text: string, file?: string): ReadCases['cases'] {
  const { cases, problems } = read(text, file)
  if (problems.length > 0) throw new Error(renderProblems(nameRows(problems)))
  return cases
}

function told(text: string, file?: string): string {
  return renderProblems(nameRows(read(text, file).problems))
}

/** The first lines of what is said, without code frames. */
function heads(text: string, file?: string): readonly string[] {
  return told(text, file)
    .split('\n')
    .filter((line) => /^(?:f\.|and )/.test(line))
}

function edited(from: string, to: string): string {
  if (!template.includes(from)) throw new Error(`the template has no ${from}`)
  return template.replace(from, to)
}

/** A template as one line of JSON, small enough to be all its own. */
function aTemplate(more: JsonObject): JsonObject {
  return {
    id: 't',
    ask: 'x {{a}}',
    expect: { says: [{ any: 'y' }] },
    oracle: [{ say: 'y' }],
    foreach: { k: { a: 'b' } },
    ...more,
  }
}

describe('a template', () => {
  it('makes a case of each row, values with their types', () => {
    const cases = casesIn(template)
    expect(cases.map(({ written }) => written.id)).toEqual(['refund[mugs]', 'refund[lamp]'])
    expect(cases[0]?.written).toMatchObject({
      cluster: 'refund',
      ask: 'Please refund O-1, all 4000 cents of it (mugs).',
      expect: {
        effects: {
          required: [{ args: { order_id: 'O-1', amount_cents: 4000, items: ['MUG', 'PLATE'] } }],
        },
      },
      oracle: [{ args: { order_id: 'O-1', note: 'for O-1' } }],
    })
    expect(cases[0]?.written).not.toHaveProperty('foreach')
  })

  it('has each case at the line of its row', () => {
    const places = casesIn(template).map(({ position }) => position)
    expect(places).toEqual([
      { file: 'f.yaml', line: 3, row: 'mugs' },
      { file: 'f.yaml', line: 7, row: 'lamp' },
    ])
  })

  it('may stand in a list, beside cases, as JSON and as a line of JSON', () => {
    const plain = { ...aTemplate({}), id: 'c', foreach: undefined, ask: 'x' }
    const ids = (text: string, file: string): readonly string[] =>
      casesIn(text, file).map(({ written: { id }, position: { line } }) => `${id}:${line}`)
    const both = [aTemplate({}), plain]
    expect(ids(JSON.stringify(both), 'f.json')).toEqual(['t[k]:1', 'c:1'])
    expect(ids(JSON.stringify({ cases: both }, null, 1), 'f.json')).toEqual(['t[k]:19', 'c:24'])
    const lines = both.map((each) => JSON.stringify(each)).join('\n')
    expect(ids(lines, 'f.jsonl')).toEqual(['t[k]:1', 'c:2'])
  })

  it('keeps its own cluster, which may have placeholders', () => {
    const own = casesIn(JSON.stringify(aTemplate({ cluster: 'all-{{a}}' })))
    expect(own.map(({ written }) => written.cluster)).toEqual(['all-b'])
  })

  it('fills whole placeholders with numbers where a case takes a number', () => {
    const [only] = casesIn(
      JSON.stringify(aTemplate({ trials: '{{n}}', foreach: { k: { a: 1.5, n: 7 } } })),
    )
    expect(only?.written).toMatchObject({ trials: 7, ask: 'x 1.5' })
  })

  it('says true and false in texts', () => {
    const [only] = casesIn(JSON.stringify(aTemplate({ foreach: { k: { a: false } } })))
    expect(only?.written.ask).toBe('x false')
  })

  it('leaves keys, and what was inserted, as they are', () => {
    const [only] = casesIn(
      JSON.stringify(
        aTemplate({
          foreach: { k: { a: '{{b}} {{key}} $& $1', b: ['{{a}}'] } },
          input: { '{{a}}': '{{b}}', text: '{{b}', more: '{ {a} }' },
        }),
      ),
    )
    expect(only?.written.ask).toBe('x {{b}} {{key}} $& $1')
    expect(only?.written.input).toEqual({ '{{a}}': ['{{a}}'], text: '{{b}', more: '{ {a} }' })
  })

  it('may put a value between braces of another kind', () => {
    const oracle = [{ call: 't' }, { say: '{$1.{{a}}}' }]
    const [only] = casesIn(JSON.stringify(aTemplate({ oracle })))
    expect(only?.written.oracle?.[1]).toEqual({ say: '{$1.b}' })
  })
})

describe('a table', () => {
  it.each([
    ['foreach: 3', 'f.json:1:92 foreach: expected a mapping of rows by key, found the number 3'],
    ['foreach: null', 'f.json:1:92 foreach: expected a mapping of rows by key, found null'],
    ['foreach: {}', 'f.json:1:92 foreach: needs at least 1 row'],
    [
      'foreach: { a b: {} }',
      'f.json:1:93 foreach.a b: "a b" is not allowed; use letters, digits, dots, dashes and underscores',
    ],
    [
      'foreach: { k: [1] }',
      'f.json:1:97 foreach.k: expected a mapping of names to values, found a list',
    ],
    [
      'foreach: { k: { a: 1, key: 2 } }',
      'f.json:1:104 foreach.k.key: {{key}} is the key of the row; use another name',
    ],
  ])('is rows by key: %s', (written, message) => {
    const { foreach } = JSON.parse(`{${written.replaceAll(/([a-z][a-z ]*)(?=:)/g, '"$1"')}}`) as {
      foreach: JsonValue
    }
    expect(heads(JSON.stringify(aTemplate({ foreach })), 'f.json')).toEqual([message])
  })

  it('belongs to a template with an id of its own', () => {
    expect(heads(edited('id: refund', 'id: refund[x]'))).toEqual([
      'f.yaml:1:5 id: "refund[x]" is not allowed; use lower-case letters, digits, dots, dashes and underscores',
    ])
    expect(heads(edited('id: refund', 'id: "{{order}}"'))).toEqual([
      'f.yaml:1:5 id: "{{order}}" is not allowed; use lower-case letters, digits, dots, dashes and underscores',
    ])
    expect(heads(edited('id: refund\n', ''))).toEqual([
      'f.yaml:1:1 id: missing key "id"; expected a text',
    ])
  })

  it('has at most 500 rows', () => {
    const rows = (count: number): JsonObject =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, { a: index }]))
    expect(casesIn(JSON.stringify(aTemplate({ foreach: rows(500) })), 'f.json')).toHaveLength(500)
    expect(heads(JSON.stringify(aTemplate({ foreach: rows(501) })), 'f.json')).toEqual([
      'f.json:1:92 foreach: has 501 rows, at most 500',
    ])
  })

  it('makes ids that are not too long', () => {
    expect(heads(edited('mugs:', `${'k'.repeat(200)}:`))).toEqual([
      `f.yaml:1:5 id: must have at most 200 characters (row "${'k'.repeat(59)}…")`,
    ])
  })
})

describe('placeholders', () => {
  it('that no row knows are told where they stand', () => {
    expect(told(edited('all {{cents}}', 'all {{cent}}'))).toMatchInlineSnapshot(`
      "f.yaml:8:35 ask: unknown placeholder "cent"; did you mean "cents"?
        7 |   lamp: { order: O-2, cents: 90000, items: [LAMP] }
      > 8 | ask: Please refund {{order}}, all {{cent}} cents of it ({{key}}).
          |                                   ^
      "
    `)
  })

  it('that one row lacks are told at that row', () => {
    expect(told(edited('order: O-2, ', ''))).toMatchInlineSnapshot(`
      "f.yaml:7:3 foreach.lamp: row "lamp" has no "order", which the template uses
        6 |     items: [MUG, PLATE]
      > 7 |   lamp: { cents: 90000, items: [LAMP] }
          |   ^
      "
    `)
  })

  it('that nobody wrote leave a value unused', () => {
    expect(told(edited('order: O-2', 'order: O-2, colour: red'))).toMatchInlineSnapshot(`
      "f.yaml:7:23 foreach.lamp.colour: no placeholder of the template uses "colour"
        6 |     items: [MUG, PLATE]
      > 7 |   lamp: { order: O-2, colour: red, cents: 90000, items: [LAMP] }
          |                       ^
      "
    `)
  })

  it('inside a text take no list, mapping or null', () => {
    expect(told(edited('all {{cents}}', 'all {{items}}'))).toMatchInlineSnapshot(`
      "f.yaml:8:35 ask: {{items}} is a list; inside a longer text only a text, a number, true or false can stand (rows "mugs", "lamp")
        7 |   lamp: { order: O-2, cents: 90000, items: [LAMP] }
      > 8 | ask: Please refund {{order}}, all {{items}} cents of it ({{key}}).
          |                                   ^
      "
    `)
    expect(heads(JSON.stringify(aTemplate({ foreach: { k: { a: null } } })), 'f.json')).toEqual([
      'f.json:1:20 ask: {{a}} is null; inside a longer text only a text, a number, true or false can stand (row "k")',
    ])
  })

  it('are no way to a prototype', () => {
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      expect(heads(JSON.stringify(aTemplate({ title: `{{${name}}}` })), 'f.json')).toEqual([
        expect.stringContaining(`unknown placeholder "${name}"; known: key, a`),
      ])
    }
    expect(heads('{"id":"t","foreach":{"__proto__":{}},"ask":"x"}', 'f.json')).toEqual([
      'f.json:1:22: "__proto__" is not allowed as a key',
    ])
    expect(heads('id: t\nforeach: { k: { __proto__: 1 } }')).toEqual([
      'f.yaml:2:17: "__proto__" is not allowed as a key',
    ])
    expect(casesIn(JSON.stringify(aTemplate({ foreach: { toString: { a: 'b' } } })))).toHaveLength(
      1,
    )
  })
})

describe('problems of the cases', () => {
  it('stand in the template, once for all rows', () => {
    expect(told(edited('expect:', 'trails: 3\nexpect:'))).toMatchInlineSnapshot(`
      "f.yaml:9:1 trails: unknown key "trails"; did you mean "trials"? (rows "mugs", "lamp")
        8 | ask: Please refund {{order}}, all {{cents}} cents of it ({{key}}).
      > 9 | trails: 3
          | ^
      "
    `)
    expect(
      told(edited('cents: 90000', 'cents: { x: 1 }').replace(' {{cents}}', '')),
    ).toMatchInlineSnapshot(`
      "f.yaml:12:62 expect.effects.required.0.args.amount_cents.x: unknown key "x"; known: eq, ne, in, matches, min, max (row "lamp")
        11 |     required:
      > 12 |       - { tool: issue_refund, args: { order_id: "{{order}}", amount_cents: "{{cents}}", items: "{{it…
           |                                                              ^
      "
    `)
  })

  it('name only the first rows', () => {
    const rows = Array.from({ length: 7 }, (_, index) => [`k${index}`, { a: 1 }])
    const text = JSON.stringify(
      aTemplate({ trials: 0, foreach: Object.fromEntries(rows) as JsonObject }),
    )
    expect(heads(text, 'f.json')).toEqual([
      'f.json:1:194 trials: must be greater than 0 (rows "k0", "k1", "k2" and 4 more)',
    ])
  })

  it('found later have their place, and their offset where nothing was inserted before', () => {
    const [, lamp] = casesIn(template)
    const place = (path: readonly (string | number)[], offset?: number): string => {
      const problem = lamp?.problem({
        path,
        message: 'wrong',
        ...(offset !== undefined && { offset }),
      })
      return renderProblems(nameRows(problem === undefined ? [] : [problem])).split('\n')[0] ?? ''
    }
    expect(place(['ask'], 3)).toBe('f.yaml:8:6 ask: wrong (row "lamp")')
    expect(place(['expect', 'effects', 'required', 0, 'tool'], 3)).toBe(
      'f.yaml:12:20 expect.effects.required.0.tool: wrong (row "lamp")',
    )
    expect(place(['expect', 'effects', 'required', 0, 'args', 'items', 0], 2)).toBe(
      'f.yaml:12:96 expect.effects.required.0.args.items.0: wrong (row "lamp")',
    )
  })
})

describe('size', () => {
  it('is counted before anything is made', () => {
    const big = 'x'.repeat(1_000_000)
    const text = JSON.stringify(
      aTemplate({ tags: Array.from({ length: 60 }, () => '{{a}}'), foreach: { k: { a: big } } }),
    )
    expect(heads(text, 'f.json')).toEqual([
      expect.stringContaining(
        'foreach: the templates of this eval set expand to more than 50000000 characters and values',
      ),
    ])
  })

  it('of all templates of a file counts together', () => {
    const rows = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`k${index}`, { a: 'x' }]),
    )
    const fat = (id: string): JsonObject =>
      aTemplate({ id, title: 't'.repeat(40_000), foreach: rows })
    const { cases, problems } = read(
      ['a', 'b', 'c'].map((id) => JSON.stringify(fat(id))).join('\n'),
      'f.jsonl',
    )
    expect(cases).toHaveLength(1000)
    expect(problems.map(({ line }) => line)).toEqual([3])
  })

  it('of a hostile table is bounded', () => {
    const rows = (count: number): string =>
      `{"id":"t","foreach":{${Array.from({ length: count }, (_, index) => `"${index}":{}`).join()}}}`
    expect(heads(rows(1_000_000), 'f.json')).toEqual([
      'f.json:1:1: too large: 11888912 characters, at most 5000000; split the file',
    ])
    expect(heads(rows(350_000), 'f.json')).toEqual(['f.json foreach: has 350000 rows, at most 500'])
    const names = Array.from({ length: 20_000 }, (_, index) => [`n${index}`, 1] as const)
    const row = { a: 1, ...Object.fromEntries(names) }
    const unused = JSON.stringify(aTemplate({ foreach: { row } }))
    expect(read(unused, 'f.json').problems).toHaveLength(100)
    const unknown = JSON.stringify(aTemplate({ title: '{{q}}'.repeat(20_000) }))
    expect(read(unknown, 'f.json').problems).toHaveLength(100)
  })
})

/** A text in pieces: what is written out, and what comes from the row. */
const pieces = fc.array(
  fc.record({
    isFilled: fc.boolean(),
    text: fc.string({ minLength: 1, maxLength: 6 }).map((text) => text.replaceAll('{', '(')),
  }),
  { minLength: 1, maxLength: 4 },
)
const leaf = fc.oneof(
  fc.string(),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.boolean(),
  fc.constant(null),
)
const anyValue: fc.Arbitrary<JsonValue> = fc.oneof(
  leaf,
  fc.array(leaf, { maxLength: 3 }),
  fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), leaf, { maxKeys: 3 }),
)

it('of one row is the case that somebody would have written', () => {
  fc.assert(
    fc.property(pieces, fc.array(anyValue, { minLength: 1, maxLength: 4 }), (texts, values) => {
      const words = texts.map(({ text }, index) => [`w${index}`, text] as const)
      const wholes = values.map((value, index) => [`v${index}`, value] as const)
      const isUsed = (name: string): boolean => texts[Number(name.slice(1))]?.isFilled === true
      const ask = texts
        .map(({ isFilled, text }, index) => (isFilled ? `{{w${index}}}` : text))
        .join('')
      const common = { expect: { says: [{ any: 'y' }] }, oracle: [{ say: 'y' }] }
      const made = {
        ...common,
        id: 't',
        // In front, so that the placeholder is never all of the text.
        ask: `> ${ask}`,
        input: { list: wholes.map(([name]) => `{{${name}}}`), deep: { key: '{{key}}' } },
        foreach: {
          row: Object.fromEntries([...words.filter(([name]) => isUsed(name)), ...wholes]),
        },
      }
      const byHand = {
        ...common,
        id: 't[row]',
        cluster: 't',
        ask: `> ${words.map(([, text]) => text).join('')}`,
        input: { list: values, deep: { key: 'row' } },
      }
      const [expanded] = casesIn(JSON.stringify(made), 'f.json')
      const [written] = casesIn(JSON.stringify(byHand), 'f.json')
      expect(expanded?.written).toEqual(written?.written)
    }),
    { numRuns: 150 },
  )
})
