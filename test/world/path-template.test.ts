import { describe, expect, it } from 'vitest'
import { toExprValue } from '../../src/expr/value.ts'
import type { JsonValue } from '../../src/schema/json.ts'
import type { Place } from '../../src/world/compile-at.ts'
import { compilePath, renderPath } from '../../src/world/path-template.ts'

function aPlace(): Place {
  return { path: ['path'], variables: ['args'], problems: [] }
}

function render(path: string, args: JsonValue = { id: 'O-1', n: 7, half: 0.5 }): unknown {
  const place = aPlace()
  const rendered = renderPath(compilePath(place, path), { args: toExprValue(args) })
  if (place.problems.length > 0) return place.problems
  return rendered.ok ? rendered.value : rendered.error
}

describe('a path', () => {
  it('may hold expressions for steps or parts of them', () => {
    expect(render('/orders/{args.id}/lines/{args.n}')).toEqual(['orders', 'O-1', 'lines', '7'])
    expect(render('/by-day/d-{args.n}-{args.id}x')).toEqual(['by-day', 'd-7-O-1x'])
    expect(render('/a~1b/~0')).toEqual(['a/b', '~'])
    expect(render('/a//')).toEqual(['a', '', ''])
  })

  it('ends an expression at its own brace', () => {
    expect(render('/{ {"a": {"b": "x"}}.a.b }/{"}" + \'{\'}/z')).toEqual(['x', '}{', 'z'])
    expect(render('/{"\\"}"}/z')).toEqual(['"}', 'z'])
  })

  it('makes one step of whatever an expression gives', () => {
    expect(render('/orders/{args.id}/x', { id: '../a/b~c' })).toEqual(['orders', '../a/b~c', 'x'])
    expect(render('/orders/{args.id}', { id: '__proto__' })).toEqual(['orders', '__proto__'])
    expect(render('/orders/{args.id}', { id: '' })).toEqual(['orders', ''])
  })

  it('needs texts or whole numbers', () => {
    const error = 'a path needs a text or a whole number, which args.id is not'
    for (const id of [0.5, true, null, ['a'], {}]) expect(render('/{args.id}', { id })).toBe(error)
    expect(render('/{args.nope}')).toBe('field not found: nope in args.nope')
  })

  it('reports faults at their place in the path', () => {
    expect(render('/orders/{args.id')).toEqual([
      { path: ['path'], message: '"{" is never closed', offset: 8 },
    ])
    expect(render('/orders/{arg.id}')).toEqual([
      { path: ['path'], message: 'unknown variable "arg"; did you mean "args"?', offset: 9 },
    ])
    expect(render('/orders/{}')).toMatchObject([{ offset: 9 }])
  })
})
