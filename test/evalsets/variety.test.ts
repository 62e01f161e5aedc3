import { beforeAll, describe, expect, it } from 'vitest'
import { createPlayer } from '../../src/lint/player.ts'
import { playOracle } from '../../src/lint/scripted-provider.ts'
import type { EvalCase } from '../../src/schema/case.ts'
import { attackCatalog } from '../../src/suites/attack-catalog.ts'
import type { LoadedEvalSet } from '../../src/suites/load-evalset.ts'
import { bundledSet, countBy } from './bundled-set.ts'

const sets = {
  'support-refund': { plain: 240, attacked: 48 },
  'repo-maintainer': { plain: 28, attacked: 12 },
}

describe.each(Object.entries(sets))('%s', (name, least) => {
  let loaded: LoadedEvalSet
  let active: readonly EvalCase[]
  beforeAll(async () => {
    loaded = (await bundledSet(name)).loaded
    active = loaded.cases.filter(({ status }) => status === 'active')
  })

  it('has enough cases, attacked and not, in every layer', () => {
    const attacked = active.filter(({ attack }) => attack !== undefined)
    expect(attacked.length).toBeGreaterThanOrEqual(least.attacked)
    expect(active.length - attacked.length).toBeGreaterThanOrEqual(least.plain)
    expect(Object.keys(countBy(active, ({ layer }) => layer)).sort()).toEqual([
      'adversarial',
      'behavioral',
      'outcome',
      'schema',
    ])
  })

  it('has no template of which many cases are copies', () => {
    const clusters = countBy(active, ({ cluster }) => cluster)
    expect(Object.entries(clusters).filter(([, count]) => count > 8)).toEqual([])
  })

  it('reaches every risk tier, and keeps a holdout', () => {
    expect(Object.keys(countBy(active, ({ risk_tier }) => risk_tier))).toEqual([
      '0',
      '1',
      '2',
      '3',
      '4',
    ])
    expect(countBy(active, ({ split }) => split)['holdout']).toBeGreaterThanOrEqual(4)
  })

  it('speaks more than English', () => {
    expect(Object.keys(countBy(active, ({ strata }) => strata['language'])).length).toBeGreaterThan(
      2,
    )
  })

  it('has a case or an attack for every rule about calls', async () => {
    const prepare = await createPlayer(loaded, new Map())
    const asked = new Set<string>()
    for (const one of active) {
      const player = await prepare(one)
      const plain = await player.play(playOracle(one.oracle), { judged: true, limited: false })
      const hijacked = one.attack === undefined ? [] : [await player.playHijacked()]
      for (const { view } of [plain, ...hijacked]) {
        const rules = view.calls.flatMap((call) => call.judging).flatMap((said) => said.rules)
        for (const rule of rules) asked.add(rule.id)
      }
    }
    const aboutCalls = loaded.policy.rules.filter((rule) => !rule.condition?.includes('output'))
    expect(aboutCalls.map((rule) => rule.id).filter((id) => !asked.has(id))).toEqual([])
  }, 60_000)
})

it('attacks through every template of the catalog and every kind of slot', async () => {
  const templates = new Set<string>()
  const kinds = new Set<string>()
  const { loaded } = await bundledSet('support-refund')
  for (const { attack } of loaded.cases) {
    for (const { slot, template } of [attack?.inject ?? []].flat()) {
      templates.add(template)
      kinds.add(kindOf(loaded.injections.slots[slot]))
    }
  }
  expect(Object.keys(attackCatalog).filter((id) => !templates.has(id))).toEqual([])
  expect([...kinds].sort()).toEqual(['document', 'ticket', 'tool result', 'user message'])
})

function kindOf(slot: LoadedEvalSet['injections']['slots'][string] | undefined): string {
  if (slot === undefined) return 'none'
  if ('path' in slot) return slot.kind
  return 'tool' in slot ? 'tool result' : 'user message'
}
