import { describe, expect, it } from 'vitest'
import { renderDryRun } from '../../src/report/dry-run.ts'
import { type DryRun, dryRun } from '../../src/schema/dry-run.ts'
import { aRunResult } from '../builders/result.ts'

function aPlan(parts: Partial<DryRun> = {}): DryRun {
  const { provenance } = aRunResult()
  return dryRun.parse({
    apiVersion: 'agent-eval/v1',
    kind: 'DryRun',
    provenance: { ...provenance, agentBehind: 'model' },
    cases: 3,
    trials: 1200,
    costUsd: { low: 1.5, high: 12 },
    fromBaseline: 0,
    unpriced: [],
    ...parts,
  })
}

describe('renderDryRun', () => {
  it('says what a run may cost first, and where the figure comes from', () => {
    const text = renderDryRun(aPlan(), 'terminal')
    expect(text.split('\n')[0]).toMatch(/: a run would cost \$1\.50 to \$12\.00$/)
    expect(text).toContain('1,200 trials of 3 cases')
    expect(text).toContain('from the sizes of prompts')
    expect(text.trimEnd().endsWith('Nothing was sent.')).toBe(true)
  })

  it.each([
    [{ costUsd: { low: 1, high: 2 }, budgetUsd: 3 }, 'The budget is $3.00: enough.'],
    [{ costUsd: { low: 1, high: 2 }, budgetUsd: 1.5 }, 'it may not be enough.'],
    [{ costUsd: { low: 1, high: 2 }, budgetUsd: 0.5 }, 'the run would stop before its end.'],
    [{ fromBaseline: 1200 }, 'Reckoned from what the trials of the baseline cost.'],
    [{ fromBaseline: 1000 }, 'Reckoned for 1,000 trials from what those of the baseline cost'],
  ])('weighs %o', (parts, expected) => {
    expect(renderDryRun(aPlan(parts), 'terminal').replaceAll(/\s+/g, ' ')).toContain(expected)
  })

  it('gives no number where a price is missing, and names the model safely', () => {
    const unknown = aPlan({ unpriced: ['openai:\u001b[31mx'] })
    delete unknown.costUsd
    const text = renderDryRun(unknown, 'terminal')
    expect(text).toContain('nobody knows how much')
    expect(text).not.toContain('\u001b')
    expect(text).not.toContain('$')
  })

  it('says what it did not reckon', () => {
    const text = renderDryRun(aPlan({ beside: ['anthropic:judge'] }), 'terminal')
    expect(text.replaceAll(/\s+/g, ' ')).toContain('Not reckoned is what anthropic:judge costs')
  })

  it('is the document itself as JSON', () => {
    expect(dryRun.parse(JSON.parse(renderDryRun(aPlan(), 'json')))).toEqual(aPlan())
  })

  it('has the marker of the comment first in Markdown', () => {
    expect(renderDryRun(aPlan(), 'markdown')).toMatch(/^<!-- agent-eval/)
  })
})
