import { celError } from '@bufbuild/cel'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileExpression, holds, variablesOf } from '../../src/expr/expression.ts'
import { toExprValue } from '../../src/expr/value.ts'
import { evaluate, expression } from './builders.ts'

const args = { amount: 40, rate: 1.1, note: 'urgent', owner: null, tags: ['a', 'b'] }

describe('evaluate', () => {
  it.each([
    ['args.amount <= 50', true],
    ['args.amount <= 50.5', true],
    ['args.amount == 40.0', true],
    ['args.rate > 1', true],
    ['args.amount in [40.0]', true],
    ['args.amount + 1', 41],
    ['args.amount % 7', 5],
    ['args.note.startsWith("urg") && args["amount"] == 40', true],
    ['args.tags.exists(tag, tag == "b")', true],
    ['args.tags.map(tag, tag + "!")', ['a!', 'b!']],
    ['size(args.tags) + size(args)', 7],
    ['{"note": args.note, "twice": args.amount * 2}', { note: 'urgent', twice: 80 }],
    ['args.owner == null', true],
    ['type(args.amount) == int', true],
  ])('%s', (text, value) => {
    expect(evaluate(text, { args })).toEqual(value)
  })

  it('mixes integers and doubles, because JSON does not tell them apart', () => {
    expect(evaluate('args.amount * 1.5', { args })).toBe(60)
    expect(evaluate('1.5 + args.amount', { args })).toBe(41.5)
    expect(evaluate('args.amount - 0.5', { args })).toBe(39.5)
    expect(evaluate('args.amount / 2.5', { args })).toBe(16)
    expect(evaluate('5 / 2')).toBe(2)
  })

  it('has the string extension', () => {
    expect(evaluate('" A-b ".trim().lowerAscii().split("-").join("+")')).toBe('a+b')
    expect(evaluate('"%s: %d".format(["n", 2])')).toBe('n: 2')
    expect(evaluate('strings.quote("a")')).toBe('"a"')
  })

  it('matches patterns in linear time, and a bad one is an error', () => {
    expect(evaluate('t.matches("^(a+)+$")', { t: `${'a'.repeat(50_000)}!` })).toBe(false)
    expect(evaluate('t.matches(p)', { t: 'a', p: '(' })).toMatch(/^error: pattern: missing closing/)
  })

  it('gives times and durations as texts', () => {
    expect(evaluate('timestamp("2026-01-05T09:00:00Z") + duration("90m")')).toBe(
      '2026-01-05T10:30:00Z',
    )
    expect(
      evaluate('timestamp(now) - timestamp("2026-01-01T00:00:00Z")', {
        now: '2026-01-02T00:00:00.500Z',
      }),
    ).toBe('86400.500s')
    expect(
      evaluate('timestamp(now) > timestamp("2026-01-01T00:00:00Z")', {
        now: '2026-01-02T00:00:00.500Z',
      }),
    ).toBe(true)
  })

  it('gives times inside lists and objects as texts, too', () => {
    expect(evaluate('{"a": [timestamp("2026-01-05T09:00:00Z"), duration("1s")]}')).toEqual({
      a: ['2026-01-05T09:00:00Z', '1s'],
    })
  })

  it('brings every result into the one form of its JSON value', () => {
    const result = expression('[2.0 * 3.0, double(7), 1u]').evaluate({})
    expect(result).toEqual({ ok: true, value: [6n, 7n, 1n] })
  })

  it.each([
    ['9007199254740993', 'is beyond 2^53'],
    ['0.0 / 0.0', 'NaN has no JSON form'],
    ['1.0 / 0.0', 'Infinity has no JSON form'],
    ['b"abc"', 'the result has no JSON form'],
    ['type(1)', 'the result has no JSON form'],
    ['{1: 2}', 'the keys of an object must be strings'],
    ['1 / 0', 'divide by zero'],
    ['9223372036854775807 + 1', 'overflow'],
    ['args.missing', 'field not found: missing'],
    ['args.amount.cents', 'field not found: cents'],
    ['args.tags[5]', 'index 5 out of bounds'],
    ['args.note + 1', 'no matching overload'],
    ['!args.note', 'no matching overload'],
    ['constructor', 'there is no variable "constructor" here'],
    ['__proto__', 'there is no variable "__proto__" here'],
  ])('%s is an error', (text, error) => {
    expect(evaluate(text, { args })).toContain(error)
    expect(evaluate(text, { args })).toMatch(/^error: /)
  })

  it('leaves no way out of its variables', () => {
    expect(evaluate('args.constructor', { args })).toBe('error: field not found: constructor')
    expect(evaluate('args["__proto__"]', { args })).toBe('error: field not found: __proto__')
    expect(evaluate('args.tags.length', { args })).toMatch(/^error: /)
  })

  it('gives an error when it nests too deeply to evaluate, and works afterwards', () => {
    const deep = `${'['.repeat(2_000)}${']'.repeat(2_000)}`
    const compiled = compileExpression(deep)
    expect(compiled.ok && compiled.expression.evaluate({}).ok).toBe(false)
    expect(evaluate('1 + 1')).toBe(2)
  })
})

describe('has and in', () => {
  it('count a key whose value is null as present', () => {
    expect(evaluate('has(args.owner)', { args })).toBe(true)
    expect(evaluate('"owner" in args', { args })).toBe(true)
    expect(evaluate('args.tags.exists(tag, has(args.owner))', { args })).toBe(true)
  })

  it('know what is absent', () => {
    expect(evaluate('has(args.missing)', { args })).toBe(false)
    expect(evaluate('"missing" in args', { args })).toBe(false)
    expect(evaluate('has(args.owner.name)', { args })).toBe(false)
    expect(evaluate('"a" in args.tags', { args })).toBe(true)
  })

  it('are errors where the way there is missing', () => {
    expect(evaluate('has(args.missing.deeper)', { args })).toBe('error: field not found: missing')
    expect(evaluate('has(nobody.name)', { args })).toBe('error: there is no variable "nobody" here')
  })
})

describe('holds', () => {
  const variables = { args: toExprValue(args) }

  it('only where the value is true', () => {
    expect(holds(expression('args.amount == 40'), variables)).toEqual({ holds: true })
    expect(holds(expression('args.amount == 41'), variables)).toEqual({ holds: false })
  })

  it.each([
    ['args.amount', 'the condition gave a number, not true or false'],
    ['"true"', 'the condition gave a string, not true or false'],
    ['null', 'the condition gave null, not true or false'],
    ['[true]', 'the condition gave a list or an object, not true or false'],
  ])('never for %s, which is no boolean', (text, error) => {
    expect(holds(expression(text), variables)).toEqual({ holds: false, error })
  })

  it.each(['args.missing', 'args.missing == 1', 'args.missing || args.amount > 50', 'nobody.x'])(
    'never for the error of %s',
    (text) => {
      const said = holds(expression(text), variables)
      expect(said.holds).toBe(false)
      expect(said.error).toBeTypeOf('string')
    },
  )

  it('although the library gives errors as objects, which are truthy', () => {
    expect(Boolean(celError('boom'))).toBe(true)
    expect(holds(expression('args.missing'), variables)).toEqual({
      holds: false,
      error: 'field not found: missing',
    })
  })

  it('as CEL says where one side of an alternative decides', () => {
    expect(holds(expression('args.missing || args.amount < 50'), variables)).toEqual({
      holds: true,
    })
    expect(holds(expression('args.missing && args.amount > 50'), variables)).toEqual({
      holds: false,
    })
  })
})

describe('compileExpression', () => {
  it('points at the place that does not parse', () => {
    expect(compileExpression('args.a b')).toEqual({
      ok: false,
      error: 'found b but expecting end of input',
      offset: 7,
    })
    expect(compileExpression('size(')).toMatchObject({ ok: false, offset: 4 })
    expect(compileExpression('in')).toEqual({ ok: false, error: 'reserved identifier', offset: 0 })
  })

  it('shortens the list of all that could stand there', () => {
    expect(compileExpression('')).toEqual({
      ok: false,
      error: 'found end of input but expecting an expression',
      offset: 0,
    })
  })

  it('finds functions that do not exist', () => {
    expect(compileExpression('true && args.note.lowerASCII() == "a"')).toEqual({
      ok: false,
      error: 'unknown function "lowerASCII"',
      offset: 17,
    })
    expect(compileExpression('has(args)')).toMatchObject({
      ok: false,
      error: 'unknown function "has"',
    })
  })

  it.each([
    `${'('.repeat(3_000)}1${')'.repeat(3_000)}`,
    `1${'+1'.repeat(4_000)}`,
    'x'.repeat(10_001),
  ])('never throws, whatever the length and depth', (text) => {
    const compiled = compileExpression(text)
    if (compiled.ok) expect(compiled.expression.evaluate({ x: 1n }).ok).toBeTypeOf('boolean')
    else expect(compiled.error).toMatch(/nests too deeply|at most 10000 characters/)
  })

  it('compiles a text once', () => {
    expect(compileExpression('1 + 2 + 3')).toBe(compileExpression('1 + 2 + 3'))
  })
})

describe('variablesOf', () => {
  it.each([
    ['args.a + state.b[args.c]', ['args', 'state']],
    ['xs.exists(x, x.id == y)', ['xs', 'y']],
    ['x.exists(x, x > 1)', ['x']],
    ['xs.all(x, ys.exists(y, y == x)) && y', ['xs', 'ys', 'y']],
    ['xs.filter(x, has(x.a)).map(x, x.b)', ['xs']],
    ['xs.map(x, x > 1, x * z)', ['xs', 'z']],
    ['has(output.text)', ['output']],
    ['type(a) == int && string(b) == "x"', ['a', 'b']],
    ['strings.quote(a)', ['a']],
    ['timestamp(now).getHours("Europe/Berlin")', ['now']],
    ['{"key": a, b: [c]}', ['a', 'b', 'c']],
    ['a ? b : c', ['a', 'b', 'c']],
    ['"args" == \'state\'', []],
  ])('%s', (text, names) => {
    expect(variablesOf(expression(text))).toEqual(names)
  })

  it('knows where a variable first stands', () => {
    expect(expression('1 + nope.x + nope.y').variables).toEqual([{ name: 'nope', offset: 4 }])
  })
})

describe('any text', () => {
  const fragment = fc.constantFrom(
    ...['args', '.', 'a', '(', ')', '[', ']', '{', '}', ' ', '&&', '||', '!', '?', ':', ','],
    ...['1', '2.5', '"x"', "'", '"', 'in', 'has(', 'exists(x,', '==', '<', '+', '-', 'null', '\n'],
  )
  const text = fc.oneof(
    fc.string(),
    fc.array(fragment, { maxLength: 14 }).map((all) => all.join('')),
  )

  it('compiles or does not, and evaluates or does not, but never throws', () => {
    fc.assert(
      fc.property(text, (written) => {
        const compiled = compileExpression(written)
        if (!compiled.ok) {
          expect(compiled.error).not.toBe('')
          expect(compiled.offset ?? 0).toBeLessThanOrEqual(written.length)
          return
        }
        const said = holds(compiled.expression, { args: toExprValue({ a: [true] }) })
        expect(said.holds && said.error !== undefined).toBe(false)
      }),
      { numRuns: 1_000 },
    )
  })
})
