import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { formatTrialKey } from '../../src/schema/trial-key.ts'
import { type PlanOptions, planRounds, planTrials } from '../../src/suites/plan-trials.ts'
import { aCase, anAttack } from '../builders/case.ts'

const says = { says: [{ any: 'x' }] }
const cases = [
  aCase({ id: 'a', expect: says }),
  aCase({ id: 'b', expect: says, attack: anAttack('true') }),
  aCase({ id: 'c', expect: says, trials: 1 }),
]
const definitions = new Map(
  cases.map(({ id }, index) => [
    id,
    { file: 'f.yaml', line: index + 1, definitionHash: `h-${id}` },
  ]),
)

function aPlan(options: Partial<PlanOptions> = {}): ReturnType<typeof planTrials> {
  const { mode = 'enforce', seed = 7, trials, ...rest } = options
  return planTrials(cases, {
    defaultTrials: 2,
    evalSet: { definitions, file: { weights: {} } },
    mode,
    seed,
    trials,
    ...rest,
  })
}

describe('a plan', () => {
  it('has each case, and a benign twin for an attacked one', () => {
    const ofOutcome = { layer: 'outcome', tier: 0, slices: ['layer:outcome', 'tier:0'] }
    const ofAttack = { layer: 'adversarial', tier: 0, slices: ['layer:adversarial', 'tier:0'] }
    const at = (line: number): object => ({ file: 'f.yaml', line })
    expect(aPlan().planned).toEqual([
      { id: 'a', ...ofOutcome, cluster: 'a', trials: 2, definitionHash: 'h-a', ...at(1) },
      { id: 'b', ...ofAttack, cluster: 'b', trials: 2, definitionHash: 'h-b', ...at(2) },
      {
        id: 'b~twin',
        ...ofAttack,
        cluster: 'b',
        trials: 2,
        definitionHash: 'h-b',
        ...at(2),
        twinOf: 'b',
      },
      { id: 'c', ...ofOutcome, cluster: 'c', trials: 1, definitionHash: 'h-c', ...at(3) },
    ])
  })

  it('says of a case which slices it belongs to, each once and sorted', () => {
    const evalSet = { definitions, file: { weights: {} } }
    const options = { trials: 1, defaultTrials: 1, seed: 1, mode: 'enforce', evalSet } as const
    const tagged = aCase({
      id: 'a',
      expect: says,
      risk_tier: 2,
      tags: ['vip', 'vip'],
      strata: { language: 'de' },
    })
    const [one] = planTrials([tagged], options).planned
    expect(one?.slices).toEqual(['language:de', 'layer:outcome', 'tag:vip', 'tier:2'])
    expect(one?.tier).toBe(2)
  })

  it('says of a case what keeps it out of the gate, and its strata where they have weights', () => {
    const quarantined = { quarantined: { reason: 'x', owner: 'y', expires: '2026-12-31' } }
    const strata = { language: 'en', channel: 'mail' }
    const labelled = [
      aCase({ id: 'a', status: 'draft', split: 'dev', strata, expect: says }),
      aCase({
        id: 'b',
        status: quarantined,
        split: 'holdout',
        expect: says,
        attack: anAttack('true'),
      }),
      aCase({ id: 'c', status: 'active', split: 'gate', strata, expect: says }),
    ]
    const labels = (weights: Record<string, Record<string, number>>): readonly unknown[] => {
      const evalSet = { definitions, file: { weights } }
      const options = { trials: 1, defaultTrials: 1, seed: 1, mode: 'enforce', evalSet } as const
      const { planned } = planTrials(labelled, options)
      return planned.map(({ id, split, status, strata: own }) => ({
        id,
        split,
        status,
        strata: own,
      }))
    }
    const held = { split: 'holdout', status: 'quarantined' }
    expect(labels({})).toEqual([
      { id: 'a', split: 'dev', status: 'draft' },
      { id: 'b', ...held },
      { id: 'b~twin', ...held },
      { id: 'c' },
    ])
    expect(labels({ language: { en: 1 }, product: { x: 1 } })).toEqual([
      { id: 'a', split: 'dev', status: 'draft', strata: { language: 'en' } },
      { id: 'b', ...held },
      { id: 'b~twin', ...held },
      { id: 'c', strata: { language: 'en' } },
    ])
  })

  it('lets the command line beat the number that a case asks for', () => {
    const { planned } = aPlan({ trials: 3 })
    expect(planned.every((one) => one.trials === 3)).toBe(true)
  })

  it('goes in rounds', () => {
    expect(aPlan({ defaultTrials: 3 }).trials.map(({ key }) => formatTrialKey(key))).toEqual([
      'a#1',
      'b#1',
      'b~twin#1',
      'c#1',
      'a#2',
      'b#2',
      'b~twin#2',
      'a#3',
      'b#3',
      'b~twin#3',
    ])
  })

  it('gives each trial a seed of its own, from its name alone', () => {
    const { trials } = aPlan()
    const digest = createHash('sha256').update('7/candidate/b~twin/2').digest('hex')
    expect(trials.find(({ key }) => key.case === 'b~twin' && key.trial === 2)?.seed).toBe(
      Number.parseInt(digest.slice(0, 8), 16),
    )
    expect(new Set(trials.map(({ seed }) => seed)).size).toBe(trials.length)
    expect(aPlan({ mode: 'observe' }).trials.map(({ seed }) => seed)).toEqual(
      trials.map(({ seed }) => seed),
    )
    const first = ({ trials: [trial] }: ReturnType<typeof aPlan>): number | undefined => trial?.seed
    expect(first(aPlan({ seed: 8 }))).not.toBe(first(aPlan()))
    expect(first(aPlan({ arm: 'baseline' }))).not.toBe(first(aPlan()))
  })

  it('is made again from its cases, for another arm', () => {
    const { planned, trials } = aPlan()
    const arm = { seed: 7, mode: 'enforce' } as const
    expect(planRounds(planned, arm)).toEqual(trials)
    const fresh = planRounds(planned, { ...arm, arm: 'confirm-baseline' })
    expect(fresh.map(({ key }) => key)).toEqual(trials.map(({ key }) => key))
    const known = new Set(trials.map(({ seed }) => seed))
    expect(fresh.filter(({ seed }) => known.has(seed))).toEqual([])
  })
})

describe('a plan with both modes', () => {
  const keysOf = (mode: PlanOptions['mode']): readonly string[] =>
    aPlan({ mode }).trials.map(({ key }) => formatTrialKey(key))

  it('has each trial twice, side by side and with one seed, and is no other plan besides', () => {
    const both = aPlan({ mode: 'both' })
    const one = aPlan({ mode: 'enforce' })
    expect(both.planned).toEqual(one.planned)
    expect(both.trials.filter(({ key }) => key.mode === 'enforce')).toEqual(one.trials)
    expect(both.trials.filter(({ key }) => key.mode === 'observe')).toEqual(
      aPlan({ mode: 'observe' }).trials,
    )
    expect(keysOf('both')).toEqual(keysOf('enforce').flatMap((key) => [key, `${key}@observe`]))
  })
})
