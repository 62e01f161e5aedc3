import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compileArguments,
  describeMismatch,
  describePattern,
} from '../../src/graders/match-arguments.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import { type ArgumentMatchers, argumentMatchers } from '../../src/schema/matcher.ts'

function mismatch(matchers: ArgumentMatchers, args: JsonObject): string | undefined {
  const [first] = compileArguments(argumentMatchers.parse(matchers))(args)
  return first && describeMismatch(first, 'expected')
}

describe('compileArguments', () => {
  const rows: readonly (readonly [ArgumentMatchers, JsonObject, string | undefined])[] = [
    [{ id: 'O-1' }, { id: 'O-1' }, undefined],
    [{ id: 'O-1' }, { id: 'O-2' }, 'id is "O-2", expected "O-1"'],
    [{ n: 12 }, { n: 12.0 }, undefined],
    [{ n: 12 }, { n: '12' }, 'n is "12", expected 12'],
    [{ n: '12' }, { n: 12 }, 'n is 12, expected "12"'],
    [{ on: true }, { on: 'true' }, 'on is "true", expected true'],
    [{ x: null }, { x: null }, undefined],
    [{ x: null }, {}, 'x is missing, expected null'],
    [{ tags: ['a', 'b'] }, { tags: ['a', 'b'] }, undefined],
    [{ tags: ['a', 'b'] }, { tags: ['b', 'a'] }, 'tags is ["b","a"], expected ["a","b"]'],
    [{ at: { eq: { y: 1, x: 2 } } }, { at: { x: 2, y: 1.0 } }, undefined],
    [{ at: { eq: { x: 2 } } }, { at: { x: 2, y: 1 } }, 'at is {"x":2,"y":1}, expected {"x":2}'],
    [{ id: { ne: 'O-2' } }, { id: 'O-1' }, undefined],
    [{ id: { ne: 'O-2' } }, { id: 'O-2' }, 'id is "O-2", expected anything but "O-2"'],
    [{ kind: { in: ['a', 1] } }, { kind: 1 }, undefined],
    [{ kind: { in: ['a', 1] } }, { kind: '1' }, 'kind is "1", expected one of "a", 1'],
    [{ why: { matches: '(?i)broke' } }, { why: 'it BROKE' }, undefined],
    [{ why: { matches: '^x$' } }, { why: 'xx' }, 'why is "xx", expected text like /^x$/'],
    [{ n: { matches: '4' } }, { n: 4 }, 'n is 4, expected text like /4/'],
    [{ n: { min: 1, max: 50 } }, { n: 50 }, undefined],
    [{ n: { min: 1, max: 50 } }, { n: 80 }, 'n is 80, expected at most 50'],
    [{ n: { min: 1 } }, { n: 0 }, 'n is 0, expected at least 1'],
    [{ n: { max: 50 } }, { n: '5' }, 'n is "5", expected at most 50'],
    [{ a: 1, b: 2 }, { b: 3, a: 4 }, 'a is 4, expected 1'],
    [{ a: 1 }, { a: 1, more: 'free' }, undefined],
  ]
  it.each(rows)('%j of %j: %s', (matchers, args, expected) => {
    expect(mismatch(matchers, args)).toBe(expected)
  })

  it('lets a missing argument satisfy `ne` and nothing else', () => {
    const operators: ArgumentMatchers[string][] = [
      'x',
      0,
      null,
      [],
      {},
      { eq: null },
      { in: [null, ''] },
      { matches: '.*' },
      { min: 0 },
      { max: 0 },
    ]
    for (const matcher of operators) {
      expect(mismatch({ a: matcher }, {}), JSON.stringify(matcher)).toMatch(/^a is missing/)
    }
    expect(mismatch({ a: { ne: 'x' } }, {})).toBeUndefined()
    expect(mismatch({ a: { ne: 'x', min: 1 } }, {})).toMatch(/^a is missing/)
  })

  it('finds no argument on the prototype', () => {
    expect(mismatch({ constructor: {}, toString: { ne: 'x' } }, {})).toMatch(
      /^constructor is missing/,
    )
  })

  it('matches a call with exactly the values it names, and no call without one of them', () => {
    const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null))
    fc.assert(
      fc.property(fc.dictionary(fc.string(), scalar, { minKeys: 1 }), (args) => {
        const matchers = Object.fromEntries(
          Object.entries(args).map(([name, value]) => [name, { eq: value }]),
        )
        const check = compileArguments(matchers)
        expect(check(args)).toEqual([])
        for (const name of Object.keys(args)) {
          const partial = Object.entries(args).filter(([other]) => other !== name)
          expect(check(Object.fromEntries(partial))).toHaveLength(1)
        }
      }),
    )
  })

  it('refuses a pattern that does not compile, as a fault of the eval set', () => {
    expect(() => compileArguments({ a: { matches: '(?=x)' } })).toThrow(/pattern \(\?=x\)/)
  })
})

describe('describePattern', () => {
  it('shows a pattern as a call', () => {
    expect(describePattern({ tool: 'refund' })).toBe('refund')
    const args: ArgumentMatchers = {
      id: 'O-1',
      n: { min: 1, max: 50 },
      why: { matches: '(?i)broke', ne: 'broke' },
      kind: { in: ['a', 1] },
      key: {},
    }
    expect(describePattern({ tool: 'refund', args })).toBe(
      'refund(id="O-1", n>=1, n<=50, why!="broke", why=/(?i)broke/, kind in ["a", 1], key=…)',
    )
  })

  it('shortens what is long', () => {
    expect(describePattern({ tool: 'refund', args: { id: 'x'.repeat(500) } }).length).toBeLessThan(
      130,
    )
  })
})
