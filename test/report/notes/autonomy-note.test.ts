import { expect, it } from 'vitest'
import { autonomyNote } from '../../../src/report/notes/autonomy-note.ts'
import { aVerdict } from '../../builders/verdict.ts'

it('has nothing to say where no case has a tier', () => {
  expect(autonomyNote(aVerdict(), 'model')).toEqual([])
})

it('says which tier is earned and what the next one takes', () => {
  const check = (id: 'tsr' | 'violations' | 'p95', status: 'met' | 'unproven' | 'unknown') => ({
    id,
    status,
    limit: { tsr: 0.95, violations: 0.001, p95: 3000 }[id],
    n: 300,
    ...(status === 'unproven' && { value: 0, trialsNeeded: 2995 }),
  })
  const tier = (number: 1 | 2, checks: readonly ReturnType<typeof check>[]) => ({
    tier: number,
    cases: 20,
    trials: 300,
    checks: [...checks],
  })
  const tiers = [
    tier(1, [check('tsr', 'met')]),
    tier(2, [check('tsr', 'met'), check('violations', 'unproven'), check('p95', 'unknown')]),
  ]
  expect(autonomyNote(aVerdict({ autonomy: { earned: 1, required: 2, tiers } }), 'model')).toEqual([
    'autonomy earned: up to tier 1 (tier 2 is required); for tier 2: ' +
      'rules broken at most 0.1 % takes 2,995 clean trials, 300 trials do not prove it, p95 not measured',
  ])
  expect(autonomyNote(aVerdict({ autonomy: { earned: 1, tiers: [tiers[0]!] } }), 'model')).toEqual([
    'autonomy earned: up to tier 1',
  ])
  const unasked = aVerdict({ autonomy: { earned: 1, tiers } })
  expect(autonomyNote(unasked, 'model')).toHaveLength(1)
  expect(autonomyNote(unasked, 'reference')).toEqual([])
  const asked = aVerdict({ autonomy: { earned: 1, required: 2, tiers } })
  expect(autonomyNote(asked, 'reference')).toHaveLength(1)
})
