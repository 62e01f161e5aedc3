import { describe, expect, it } from 'vitest'
import { executedCall } from '../../src/controls/executed-call.ts'
import { fallbackArguments, namesCalls } from '../../src/controls/fallback-call.ts'

const calls = [
  executedCall({
    tool: 'orders.get',
    args: { id: 'O-1' },
    result: { cents: 4200 },
    at: '2026-01-05T09:00:00Z',
  }),
]
const known = { task: { order: 'O-1', tags: ['a', 'b'] }, calls }

describe('the arguments of a fallback call', () => {
  it('are computed where they begin with an equals sign, at any depth', () => {
    const args = {
      order: '=task.order',
      plain: 'task.order',
      literal: '==task.order',
      list: ['=task.tags[1]', 7, null],
      nested: { cents: '=calls[0].result.cents', spent: "=calls.exists(c, c.tool == 'pay')" },
    }
    expect(fallbackArguments({ args }, known)).toEqual({
      ok: true,
      value: {
        order: 'O-1',
        plain: 'task.order',
        literal: '=task.order',
        list: ['b', 7, null],
        nested: { cents: 4200, spent: false },
      },
    })
  })

  it('are none where none are written', () => {
    expect(fallbackArguments({}, known)).toEqual({ ok: true, value: {} })
  })

  it.each([
    ['what is not there', { a: { b: ['x', '=task.nothing'] } }, 'args.a.b.1: '],
    ['what is no expression', { a: '=task.' }, 'args.a: '],
    ['what it may not know', { a: '=state.orders' }, 'args.a: there is no variable "state" here'],
    ['what JSON cannot hold', { a: '=1.0 / 0.0' }, 'args.a: '],
  ])('say where they cannot be computed: %s', (_, args, error) => {
    const filled = fallbackArguments({ args }, known)
    expect(filled.ok ? filled.value : filled.error).toContain(error)
    expect(filled.ok).toBe(false)
  })

  it('may have any name', () => {
    const args = JSON.parse('{"__proto__": "=task.order"}') as Record<string, string>
    const filled = fallbackArguments({ args }, known)
    expect(filled.ok && Object.entries(filled.value)).toEqual([['__proto__', 'O-1']])
  })
})

describe('namesCalls', () => {
  it.each([
    ['=calls[0].args.usd', true],
    ['=[task.usd, calls[0].args.usd].max()', true],
    ['=size(calls)', true],
    ['=)(', true],
    ['=task.usd', false],
    ["=task.tags.exists(calls, calls == 'x')", false],
    ['calls[0].args.usd', false],
    ['==calls[0].args.usd', false],
    [45, false],
    [null, false],
  ])('%j: %j', (argument, expected) => {
    expect(namesCalls({ a: argument })).toBe(expected)
    expect(namesCalls({ plain: 1, list: [{ deep: argument }] })).toBe(expected)
  })

  it('not where there is none', () => {
    expect(namesCalls({})).toBe(false)
  })
})
