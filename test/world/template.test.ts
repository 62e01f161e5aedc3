import { describe, expect, it } from 'vitest'
import { fromExprValue, toExprValue } from '../../src/expr/value.ts'
import type { JsonValue } from '../../src/schema/json.ts'
import type { Place } from '../../src/world/compile-at.ts'
import { compileTemplate, renderTemplate } from '../../src/world/template.ts'

function aPlace(): Place {
  return { path: ['returns'], variables: ['args'], problems: [] }
}

function render(value: JsonValue, args: JsonValue = { id: 'O-1', n: 2 }): unknown {
  const rendered = renderTemplate(compileTemplate(aPlace(), value), { args: toExprValue(args) })
  return rendered.ok ? fromExprValue(rendered.value) : rendered.error
}

describe('a template', () => {
  it('evaluates texts that begin with "=", at any depth', () => {
    expect(render('=args.id')).toBe('O-1')
    expect(render({ a: ['=args.n + 1', { b: '=args' }], c: 'plain' })).toEqual({
      a: [3, { b: { id: 'O-1', n: 2 } }],
      c: 'plain',
    })
  })

  it('takes "==" for a literal "=", and keys for what they are', () => {
    expect(render(['==args.id', '===', 'a = b'])).toEqual(['=args.id', '==', 'a = b'])
    expect(render({ '=args.id': 1 })).toEqual({ '=args.id': 1 })
  })

  it('makes values without expressions once', () => {
    const template = compileTemplate(aPlace(), { a: [1, { b: '==x' }] })
    expect(template.kind).toBe('literal')
    expect(render({ a: [1, { b: '==x' }] })).toEqual({ a: [1, { b: '=x' }] })
  })

  it('names the expression that fails', () => {
    expect(render({ ok: 1, a: ['=args.nope'] })).toBe('field not found: nope in args.nope')
  })

  it('reports what does not compile, where it stands', () => {
    const place = aPlace()
    compileTemplate(place, { a: ['fine', '=1 +'], b: '=argz.id', c: '=nobody' })
    expect(place.problems).toEqual([
      {
        path: ['returns', 'a', 1],
        message: expect.stringContaining(' in 1 +') as string,
        offset: 3,
      },
      {
        path: ['returns', 'b'],
        message: 'unknown variable "argz"; did you mean "args"?',
        offset: 1,
      },
      { path: ['returns', 'c'], message: 'unknown variable "nobody"; known here: args', offset: 1 },
    ])
  })

  it('gives an error, not a value, when it is rendered all the same', () => {
    expect(render({ a: '=1 +' })).toMatch(/^found .* in 1 \+$/)
  })
})
