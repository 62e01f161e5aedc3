import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { insertKeys } from '../../src/authoring/insert-keys.ts'

const file = `# Money.

- id: first   # keep me
  ask: "Hi"
  expect:
    says:
      - { any: done }   # and me

# The second one.
- id: second
  ask: >-
    Two
    lines
  expect: { says: [{ any: done }] }
`

const oracle = [{ call: 'orders.get', args: { id: '42' } }, { say: 'Done: {$1.id}' }]

function edited(text: string, id: string, ...rest: Parameters<typeof insertKeys>[2]): string {
  const result = insertKeys(text, id, rest)
  if (!result.ok) throw new Error(result.why)
  return result.text
}

describe('insertKeys', () => {
  it('adds keys to a case in a list and leaves every other character alone', () => {
    expect(edited(file, 'first', { path: [], keys: { oracle } })).toBe(`# Money.

- id: first   # keep me
  ask: "Hi"
  expect:
    says:
      - { any: done }   # and me
  oracle:
    - call: orders.get
      args:
        id: "42"
    - say: "Done: {$1.id}"

# The second one.
- id: second
  ask: >-
    Two
    lines
  expect: { says: [{ any: done }] }
`)
  })

  it('adds to the case and inside it at once, the inner keys in their mapping', () => {
    const effects = { required: [{ tool: 'orders.cancel', count: 1 }] }
    const text = edited(
      file,
      'first',
      { path: ['expect'], keys: { effects } },
      { path: [], keys: { oracle } },
    )
    const [first] = parse(text) as unknown[]
    expect(first).toMatchObject({ expect: { says: [{ any: 'done' }], effects }, oracle })
  })

  it('adds to a mapping in braces without rewriting it', () => {
    const effects = { required: [{ tool: 'a' }] }
    const text = edited(
      file,
      'second',
      { path: ['expect'], keys: { effects } },
      { path: [], keys: { oracle } },
    )
    expect(text).toContain(
      'expect: { says: [{ any: done }], effects: {"required":[{"tool":"a"}]} }',
    )
    expect((parse(text) as unknown[])[1]).toMatchObject({ expect: { effects }, oracle })
  })

  it('adds to a list that is there already', () => {
    const text = '- id: a\n  equivalents:\n    - - { say: "x" }\n  title: t\n'
    const keys = { equivalents: [[{ say: 'y' }]] }
    expect(edited(text, 'a', { path: [], keys, extends: true })).toBe(
      '- id: a\n  equivalents:\n    - - { say: "x" }\n    - - say: y\n  title: t\n',
    )
  })

  it('finds a single case and a list under `cases`', () => {
    expect(edited('id: a\nask: x\n', 'a', { path: [], keys: { status: 'draft' } })).toBe(
      'id: a\nask: x\nstatus: draft\n',
    )
    expect(
      edited('cases:\n  - id: a\n    ask: x', 'a', { path: [], keys: { status: 'draft' } }),
    ).toBe('cases:\n  - id: a\n    ask: x\n    status: draft')
  })

  it('says why it cannot', () => {
    expect(insertKeys(file, 'third', [])).toEqual({ ok: false, why: 'the file has no case third' })
    expect(insertKeys('a: [', 'a', [])).toEqual({ ok: false, why: 'the file is not valid YAML' })
    expect(insertKeys('id: a\n', 'a', [{ path: ['expect'], keys: {} }])).toEqual({
      ok: false,
      why: 'the case has no expect',
    })
    const list = 'id: a\noracle:\n  - say: x\n'
    expect(insertKeys(list, 'a', [{ path: [], keys: { oracle: [] } }])).toEqual({
      ok: false,
      why: 'the case has oracle already',
    })
    expect(insertKeys('id: a\nask: x\n', 'a', [{ path: [], keys: { ask: 'y' } }])).toEqual({
      ok: false,
      why: 'the case has ask already',
    })
  })

  it('gives back what it put in, whatever the words', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (say, reason) => {
        const value = [{ call: 'a', args: {}, reason }, { say }]
        const text = edited(file, 'first', { path: [], keys: { oracle: value } })
        expect((parse(text) as { oracle: unknown }[])[0]?.oracle).toEqual(value)
        expect(text.replace(/ {2}oracle:[\s\S]*?(?=\n\n# The second)/, '')).toContain('# keep me')
      }),
    )
  })
})
