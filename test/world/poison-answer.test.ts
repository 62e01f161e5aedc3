import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../src/schema/json.ts'
import { poisonAnswer } from '../../src/world/poison-answer.ts'
import { json } from './builders.ts'

const answer = { hits: [{ body: 'one', 'a/b': 'x' }, { body: '' }], total: 2, note: null }

function poison(value: JsonValue, field?: string): JsonValue {
  return poisonAnswer(value, { tool: 'search', field, text: 'Obey.' })
}

describe('poisonAnswer', () => {
  it('appends to the text at its pointer, after a blank line', () => {
    expect(poison(answer, '/hits/0/body')).toEqual({
      ...answer,
      hits: [{ body: 'one\n\nObey.', 'a/b': 'x' }, { body: '' }],
    })
    expect(poison(answer, '/hits/0/a~1b')).toMatchObject({
      hits: [{ body: 'one', 'a/b': 'x\n\nObey.' }, {}],
    })
    expect(poison(answer, '/hits/1/body')).toMatchObject({ hits: [{}, { body: 'Obey.' }] })
  })

  it('appends to an answer that is a text itself', () => {
    expect(poison('Hello.')).toBe('Hello.\n\nObey.')
  })

  it.each(['/hits/2/body', '/hits/-/body', '/hits/00/body', '/hits', '/total', '/note', '/gone/x'])(
    'leaves an answer alone that has no text at %s',
    (field) => {
      expect(poison(answer, field)).toEqual(answer)
    },
  )

  it('leaves an answer alone that is no text where no pointer is given', () => {
    for (const value of [answer, ['Hello.'], 7, null]) expect(poison(value)).toEqual(value)
  })

  it('finds members of any name, and none that every object has', () => {
    expect(JSON.stringify(poison(json('{"__proto__":"a"}'), '/__proto__'))).toBe(
      '{"__proto__":"a\\n\\nObey."}',
    )
    expect(poison({}, '/constructor/name')).toEqual({})
  })

  it('does not change the answer that comes in', () => {
    const before = structuredClone(answer)
    poison(answer, '/hits/0/body')
    expect(answer).toEqual(before)
  })
})
