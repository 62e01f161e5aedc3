import { describe, expect, it } from 'vitest'
import { AgentEvalError } from '../../src/errors.ts'
import { baselineText } from '../../src/gate/baseline-document.ts'
import { replaceRows } from '../../src/gate/replace-rows.ts'
import { type Baseline, baseline } from '../../src/schema/baseline.ts'
import type { CaseStats } from '../../src/schema/case-stats.ts'
import { aCaseStats } from '../builders/case-stats.ts'
import { aProvenance } from '../builders/result.ts'

function aBaseline(
  cases: readonly CaseStats[],
  origin: Parameters<typeof aProvenance>[0] = {},
  severeTier = 3,
): Baseline {
  return baseline.parse({
    apiVersion: 'agent-eval/v1',
    kind: 'Baseline',
    provenance: aProvenance(origin),
    severeTier,
    cases,
  })
}

const before = aBaseline([
  aCaseStats({ id: 'a' }),
  aCaseStats({ id: 'b' }),
  aCaseStats({ id: 'b~twin', twinOf: 'b' }),
])
const next = aBaseline(
  [
    aCaseStats({ id: 'a', passed: 1 }),
    aCaseStats({ id: 'aa' }),
    aCaseStats({ id: 'b', passed: 2 }),
    aCaseStats({ id: 'b~twin', twinOf: 'b', passed: 3 }),
  ],
  { seed: 9, evalSet: { ...aProvenance().evalSet, hash: 'later' } },
)

function refusal(from: Baseline, ids: readonly string[]): AgentEvalError {
  try {
    replaceRows(before, from, ids)
  } catch (error) {
    if (error instanceof AgentEvalError) return error
    throw error
  }
  throw new Error('they were replaced')
}

describe('replaceRows', () => {
  it('replaces the rows of a case and its twin, and leaves every other byte', () => {
    const [text, was] = [replaceRows(before, next, ['b']), before].map(baselineText)
    const lines = text?.split('\n') ?? []
    const changed = lines.filter((line, index) => line !== was?.split('\n')[index])
    expect(changed.map((line) => /"id":"([^"]*)"/.exec(line)?.[1])).toEqual(['b', 'b~twin'])
    expect(lines).toHaveLength(was?.split('\n').length ?? 0)
  })

  it('puts a new case where it belongs', () => {
    const { cases } = replaceRows(before, next, ['aa'])
    expect(cases.map(({ id }) => id)).toEqual(['a', 'aa', 'b', 'b~twin'])
    expect(cases[0]?.passed).toBe(5)
  })

  it('changes nothing where the same was measured', () => {
    const same = aBaseline(before.cases, { seed: 9 })
    expect(baselineText(replaceRows(before, same, ['a', 'b']))).toBe(baselineText(before))
  })

  it('refuses rows of another agent, or of another program', () => {
    const { candidate } = aProvenance()
    const agent = aBaseline(next.cases, { candidate: { ...candidate, hash: 'other' } })
    expect(refusal(agent, ['a'])).toMatchObject({
      message: 'the run has another agent than the baseline',
      code: 'usage',
      hint: expect.stringContaining('without --case') as unknown,
    })
    const recorded = aBaseline(next.cases, { agentBehind: 'recorded' })
    expect(refusal(recorded, ['a']).message).toContain('another kind of agent')
    const tool = aBaseline(next.cases, { tool: '0.2.0' })
    expect(refusal(tool, ['a']).message).toContain('another version of agent-eval')
    expect(refusal(aBaseline(next.cases, {}, 4), ['a']).message).toContain('another severe tier')
  })

  it('refuses a case that the run does not have', () => {
    expect(refusal(next, ['a', 'z'])).toMatchObject({
      message: 'the run has no case "z" that gates',
      hint: 'measure it: npx agent-eval run --case z',
    })
  })
})
