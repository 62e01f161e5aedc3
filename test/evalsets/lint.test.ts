import { describe, expect, it } from 'vitest'
import { bundledSet, lintOfSet } from './bundled-set.ts'

/** What we ask of others holds for what we ship. */
describe.each(['starter', 'support-refund', 'repo-maintainer'])('%s', (name) => {
  it('has cases that can all fail, and every survivor among their mutants is explained', async () => {
    const evalSet = await bundledSet(name)
    const { cases, figures, findings, nullAgents } = await lintOfSet(evalSet)

    expect(findings.map(({ case: id, message }) => `${id ?? name}: ${message}`)).toEqual([])
    expect(cases.filter(({ usable }) => !usable)).toEqual([])
    const { declared = 0, killed = 0, made = 0 } = figures.mutants ?? {}
    expect(made).toBeGreaterThan(cases.length)
    expect(killed / made).toBeGreaterThanOrEqual(0.95)
    expect(made - killed).toBe(declared)
    for (const { id, passed, scored } of nullAgents) {
      expect(passed / scored, id).toBeLessThanOrEqual(0.02)
    }
  }, 60_000)
})
