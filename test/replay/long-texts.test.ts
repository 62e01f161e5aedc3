import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nameLongTexts, restoreLongTexts } from '../../src/replay/long-texts.ts'
import type { JsonValue } from '../../src/schema/json.ts'

const long = 'x'.repeat(200)

function there(value: JsonValue): {
  readonly named: JsonValue
  readonly texts: Map<string, string>
} {
  const texts = new Map<string, string>()
  const named = nameLongTexts(value, (hash, text) => texts.set(hash, text))
  return { named, texts }
}

/** To a line of a file and back. */
function thereAndBack(value: JsonValue): JsonValue {
  const { named, texts } = there(value)
  const read = new Map(
    [...texts].map(([hash, text]) => [hash, Buffer.from(text, 'utf8').toString('utf8')] as const),
  )
  return restoreLongTexts(JSON.parse(JSON.stringify(named)) as JsonValue, read)
}

const key = fc.oneof(
  fc.constantFrom('$text', '$$text', '$$$text', 'text', '$', '__proto__', 'constructor', ''),
  fc.string(),
)
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('a', 'b', '\ud800', '\ud801', '"\\ud800').map((end) => long + end),
)
const { value: anyJson } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(key, tie('value')), { maxLength: 4 })
      .map((members) => Object.fromEntries(members)),
  ),
}))

describe('nameLongTexts', () => {
  it('names a text of 200 characters, not one of 199', () => {
    const { named, texts } = there({ a: long, b: [long.slice(1)] })
    expect(texts.size).toBe(1)
    expect([...texts.values()]).toEqual([long])
    expect(named).toEqual({ a: { $text: [...texts.keys()][0] }, b: [long.slice(1)] })
  })

  it('gives one text one name', () => {
    expect(there([long, { long }, `${long}y`]).texts.size).toBe(2)
  })

  it('restores any JSON exactly', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        expect(JSON.stringify(thereAndBack(value))).toBe(JSON.stringify(value))
      }),
      { numRuns: 3000 },
    )
  })

  it('does not take a foreign $text for a name', () => {
    const { texts } = there(long)
    const forged = { $text: [...texts.keys()][0] ?? '' }
    expect(thereAndBack([long, forged])).toEqual([long, forged])
  })

  it('tells texts apart that differ in half a character', () => {
    const halves = [`${long}\ud800`, `${long}\ud801`]
    expect(thereAndBack(halves)).toEqual(halves)
  })

  it('a text that was lost, or a broken name, stands as null', () => {
    expect(restoreLongTexts({ a: { $text: 'gone' }, b: { $text: 5 } }, new Map())).toEqual({
      a: null,
      b: null,
    })
  })
})
