import { expect, it } from 'vitest'
import { evalSetFile } from '../../src/schema/evalset.ts'
import { checkSlices } from '../../src/suites/check-slices.ts'
import { aCase } from '../builders/case.ts'

const written = aCase({
  expect: { says: [{ any: 'refunded' }] },
  tags: ['vip'],
  strata: { language: 'de' },
})

function findings(...slices: readonly string[]): readonly string[] {
  const file = evalSetFile.parse({
    apiVersion: 'agent-eval/v1',
    id: 'set',
    version: '1',
    gate: { slices },
  })
  return checkSlices(file, [written]).map(({ message, path }) => `${path.join('.')}: ${message}`)
}

it('knows layers, tiers, tags and strata', () => {
  expect(findings('layer:outcome', 'tier:3', 'tag:vip', 'language:de')).toEqual([])
})

it('refuses a slice that no case can be in, and says what was meant', () => {
  expect(findings('tag:vip', 'tag:vipp')).toEqual([
    'gate.slices.1: unknown slice "tag:vipp"; did you mean "tag:vip"?',
  ])
  expect(findings('vip')).toHaveLength(1)
})
