import { describe, expect, it } from 'vitest'
import { lackingShards } from '../../src/gate/lacking-shards.ts'
import { verdict } from '../../src/schema/verdict.ts'
import { aVerdict } from '../builders/verdict.ts'

const missing = ['shard 2 of 3 is missing']

describe('lackingShards', () => {
  it.each([
    ['pass', 0],
    ['inconclusive', 0],
    ['inconclusive', 3],
    ['error', 4],
  ] as const)('makes a verdict that was %s (%i) an error', (status, exitCode) => {
    const before = aVerdict({ status, exitCode, missingEvidence: ['6 of 9 trials are lost'] })
    const after = verdict.parse(lackingShards(before, { missing, notes: [] }))
    expect(after).toEqual({
      ...before,
      status: 'error',
      exitCode: 4,
      missingEvidence: [...missing, '6 of 9 trials are lost'],
    })
  })

  it('leaves a regression one, and names what is missing', () => {
    const before = aVerdict({ status: 'regression', exitCode: 1 })
    const after = lackingShards(before, { missing, notes: [] })
    expect(after).toEqual({ ...before, missingEvidence: missing })
  })

  it('changes nothing where all of them are there, and tells what else is known', () => {
    const before = aVerdict({ warnings: ['one'] })
    expect(lackingShards(before, { missing: [], notes: [] })).toEqual(before)
    const told = lackingShards(before, { missing: [], notes: ['two'] })
    expect(told).toEqual({ ...before, warnings: ['one', 'two'] })
  })
})
