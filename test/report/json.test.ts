import { expect, test } from 'vitest'
import { json } from '../../src/report/json.ts'
import { runResult } from '../../src/schema/run-result.ts'
import { aComparison } from '../builders/result.ts'
import * as examples from './examples.ts'

test('is the document for programs, where people are shown another one', () => {
  const document = aComparison()
  const text = json.render({ ...examples.pass, document })
  expect(JSON.parse(text)).toEqual(document)
})

test('is the document itself and can be read back', () => {
  const text = json.render(examples.regressionByFact)
  expect(runResult.parse(JSON.parse(text))).toEqual(examples.regressionByFact.result)
  expect(text.startsWith('{\n  "apiVersion": "agent-eval/v1",\n  "cases": [')).toBe(true)
  expect(text.endsWith('}\n')).toBe(true)
})
