import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { printSchema, schemaNames } from '../../src/suites/print-schema.ts'

/** Compiling a large one takes a second. */
const validators = new Map<string, ValidateFunction>()

function validatorOf(name: string): ValidateFunction {
  const known = validators.get(name)
  if (known !== undefined) return known
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  const compiled = ajv.compile(JSON.parse(printSchema(name)) as object)
  validators.set(name, compiled)
  return compiled
}

const written = { id: 'a', ask: 'x', expect: { says: [{ any: 'x' }] }, oracle: [{ say: 'x' }] }

it.each(schemaNames)('prints a JSON Schema of %s that a validator takes', (name) => {
  expect(printSchema(name).endsWith('}\n')).toBe(true)
  expect(validatorOf(name)(3)).toBe(false)
})

it('lets a document leave out what has a default', () => {
  const validate = validatorOf('case')
  expect(validate(written)).toBe(true)
  expect(validate({ ...written, trails: 3 })).toBe(false)
})

it('takes a case file in each of its forms', () => {
  const validate = validatorOf('cases')
  expect(validate(written)).toBe(true)
  expect(validate([written])).toBe(true)
  expect(validate({ cases: [written] })).toBe(true)
  expect(validate({ cases: [{}] })).toBe(false)
})

it('says a case once', () => {
  const { $defs } = JSON.parse(printSchema('cases')) as { $defs: object }
  expect(Object.keys($defs)).toContain('case')
  // Without the indentation, which is deeper in a list and says nothing.
  const size = (name: string): number => JSON.stringify(JSON.parse(printSchema(name))).length
  expect(size('cases')).toBeLessThan(1.02 * size('case'))
})

describe('a template', () => {
  const foreach = { row: { n: 3, tool: 't' } }

  it.each(['case', 'cases'])(
    'is one of %s, with placeholders where any value may stand',
    (name) => {
      const validate = validatorOf(name)
      const template = {
        ...written,
        trials: '{{n}}',
        expect: { says: '{{says}}', calls: [{ tool: '{{tool}}', count: { min: '{{n}}' } }] },
        world: { faults: [{ tool: 't', fault: '{{fault}}' }] },
        foreach,
      }
      expect(validate(template)).toBe(true)
      expect(validate({ ...template, foreach: undefined })).toBe(false)
      expect(validate({ ...template, trials: 'n' })).toBe(false)
      expect(validate({ ...template, trails: 3 })).toBe(false)
      expect(validate({ ...template, expect: { sys: '{{says}}' } })).toBe(false)
      expect(validate({ ...template, id: '{{n}}' })).toBe(false)
      expect(validate({ ...template, expect: undefined })).toBe(false)
    },
  )

  it.each([[{}], [{ 'a b': {} }], [{ row: 3 }], [[{}]]])('has rows by key, not %j', (table) => {
    const validate = validatorOf('case')
    expect(validate({ ...written, foreach })).toBe(true)
    expect(validate({ ...written, foreach: table })).toBe(false)
  })
})

it('says which there are', () => {
  expect(() => printSchema('worlds')).toThrow('unknown schema "worlds"; did you mean "world"?')
})
