import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, it } from 'vitest'
import { printSchema, schemaNames } from '../../src/suites/print-schema.ts'

it.each(schemaNames)('prints a JSON Schema of %s that a validator takes', (name) => {
  const text = printSchema(name)
  expect(text.endsWith('}\n')).toBe(true)
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(
    JSON.parse(text) as object,
  )
  expect(validate(3)).toBe(false)
})

it('lets a document leave out what has a default', () => {
  const validate = new Ajv2020({ strict: false }).compile(JSON.parse(printSchema('case')) as object)
  const written = { id: 'a', ask: 'x', expect: { says: [{ any: 'x' }] }, oracle: [{ say: 'x' }] }
  expect(validate(written)).toBe(true)
  expect(validate({ ...written, trails: 3 })).toBe(false)
})

it('takes a case file in each of its forms', () => {
  const validate = new Ajv2020({ strict: false }).compile(
    JSON.parse(printSchema('cases')) as object,
  )
  const written = { id: 'a', ask: 'x', expect: { says: [{ any: 'x' }] }, oracle: [{ say: 'x' }] }
  expect(validate(written)).toBe(true)
  expect(validate([written])).toBe(true)
  expect(validate({ cases: [written] })).toBe(true)
  expect(validate({ cases: [{}] })).toBe(false)
})

it('says which there are', () => {
  expect(() => printSchema('worlds')).toThrow('unknown schema "worlds"; did you mean "world"?')
})
