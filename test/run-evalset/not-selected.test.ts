import { describe, expect, it } from 'vitest'
import { planRun } from '../../src/run-evalset/plan-run.ts'
import type { EvalCase } from '../../src/schema/case.ts'
import { aCandidate } from '../builders/candidate.ts'
import { deskWith } from './desk.ts'

const split = (id: string, name: string): string => `
- id: ${id}
  split: ${name}
  ask: Refund O-1.
  expect: { says: [{ any: refunded }] }
  oracle: [{ say: refunded }]
`
const texts = [split('a', 'gate'), split('b', 'gate'), split('c', 'dev'), split('d', 'holdout')]

async function notSelected(chosen: (one: EvalCase) => boolean): Promise<readonly string[]> {
  const evalSet = await deskWith(texts.join(''))
  const { manifest } = planRun({
    run: 'r',
    createdAt: '',
    toolVersion: '0',
    evalSet,
    cases: evalSet.cases.filter(chosen),
    candidate: aCandidate({ models: { default: 'reference:' } }),
    trials: 1,
    seed: 1,
    mode: 'enforce',
    options: {},
  })
  return manifest.notSelected
}

describe('cases that a run was not asked for', () => {
  it('are those of its split: a case that moved elsewhere is missing from it', async () => {
    expect(await notSelected((one) => one.split === 'gate')).toEqual([])
    expect(await notSelected((one) => one.id === 'a')).toEqual(['b'])
    expect(await notSelected((one) => one.id === 'a' || one.split === 'dev')).toEqual(['b'])
    expect(await notSelected((one) => one.split === 'holdout')).toEqual([])
    expect(await notSelected((one) => one.split === 'dev')).toEqual([])
  })
})
