import { describe, expect, it } from 'vitest'
import { reportContext } from '../../../src/cli/print/report-context.ts'
import { plannedCase } from '../../../src/schema/run-manifest.ts'
import { aCaseResult, aComparison, aRunResult } from '../../builders/result.ts'

describe('reportContext', () => {
  it('takes over what the CI host tells', () => {
    const ci = { commit: 'a'.repeat(40), repositoryFolder: 'packages/bot/' }
    expect(reportContext(aRunResult(), { ci })).toMatchObject(ci)
    expect(reportContext(aRunResult())).not.toHaveProperty('repositoryFolder')
  })

  it('knows the lines of cases that a comparison does not name', () => {
    const cases = [aCaseResult(), aCaseResult({ id: 'gone' })]
    const planned = { ...cases[0], trials: 5, file: 'set/a.yaml', line: 4 }
    const { cases: known } = reportContext(aComparison(), {
      cases,
      manifest: { options: {}, cases: [plannedCase.strip().parse(planned)] },
    })
    expect(known?.map(({ file, id, line }) => [id, file, line])).toEqual([
      ['refund.full', 'set/a.yaml', 4],
      ['gone', undefined, undefined],
    ])
  })

  const agentOf = (options: Parameters<typeof manifest>[0]): unknown =>
    reportContext(aRunResult(), { path: 'r1', manifest: manifest(options) }).agent

  it('takes over what the command line said of the agent', () => {
    const agent = { candidate: 'a.yaml', model: ['t=reference:'], set: ['stop.repeats=4'] }
    expect(agentOf({ ...agent, tag: ['vip'] })).toEqual(agent)
    expect(agentOf({})).toEqual({})
  })

  it('knows what keeps a run from being decided on or kept', () => {
    const shard = { index: 2, total: 3, selection: 'x', elsewhere: [], evalSets: ['support'] }
    const known = { ...manifest({ baseline: 'none' }), notSelected: ['refund.one'], shard }
    expect(reportContext(aRunResult(), { manifest: known })).toMatchObject({
      isPartial: true,
      isUncompared: true,
      shard: { index: 2, total: 3 },
    })
    const whole = reportContext(aRunResult(), { manifest: { ...manifest({}), notSelected: [] } })
    expect(Object.keys(whole)).not.toEqual(expect.arrayContaining(['isPartial']))
    expect(whole.shard).toBeUndefined()
  })

  it('takes nothing over from a manifest that holds something else there', () => {
    expect(agentOf({ candidate: 3 })).toBeUndefined()
  })
})

function manifest(
  options: Readonly<Record<string, string | number | string[]>>,
): NonNullable<NonNullable<Parameters<typeof reportContext>[1]>['manifest']> {
  return { options }
}
