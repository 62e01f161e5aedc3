import { describe, expect, it } from 'vitest'
import { reportContext } from '../../src/cli/report-context.ts'
import { aRunResult } from '../builders/result.ts'

describe('reportContext', () => {
  const agentOf = (options: Parameters<typeof manifest>[0]): unknown =>
    reportContext(aRunResult(), { path: 'r1', manifest: manifest(options) }).agent

  it('takes over what the command line said of the agent', () => {
    const agent = { candidate: 'a.yaml', model: ['t=reference:'], set: ['stop.repeats=4'] }
    expect(agentOf({ ...agent, tag: ['vip'] })).toEqual(agent)
    expect(agentOf({})).toEqual({})
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
