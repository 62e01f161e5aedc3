import { expect, test } from 'vitest'
import { lintJson } from '../../../src/report/lint/json.ts'
import { lintResult } from '../../../src/schema/lint-result.ts'
import { aLintResult, aSurvivor } from '../../builders/lint-result.ts'

const result = aLintResult({ findings: [aSurvivor()] })
const set = { result, name: 'evals/support' }

function rendered(...sets: (typeof set)[]): string {
  return lintJson.render({ sets, commandPrefix: 'npx agent-eval', toolVersion: '1' })
}

test('is the document itself and can be read back', () => {
  expect(lintResult.parse(JSON.parse(rendered(set)))).toEqual(result)
  expect(rendered(set).startsWith('{\n  "apiVersion": "agent-eval/v1",\n  "cases": [')).toBe(true)
  expect(rendered(set).endsWith('}\n')).toBe(true)
})

test('is a list where there are several sets, or none', () => {
  expect(JSON.parse(rendered(set, set))).toEqual([result, result])
  expect(rendered()).toBe('[]\n')
})
