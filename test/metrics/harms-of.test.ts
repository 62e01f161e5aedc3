import { expect, it } from 'vitest'
import { harmsOf } from '../../src/metrics/harms-of.ts'
import { collectTrials } from '../../src/metrics/trial-rows.ts'
import type { RuleViolations } from '../../src/schema/trial.ts'
import { aTrialLine } from '../builders/trial-line.ts'

type Harms = NonNullable<RuleViolations['harms']>

function harmsIn(...trials: readonly Harms[]): ReturnType<typeof harmsOf> {
  const collector = collectTrials()
  for (const [index, harms] of trials.entries()) {
    const violations = [{ rule: 'payout', proposed: 1, executed: 1, harms }]
    collector.add(aTrialLine({ trial: index + 1, violations }))
  }
  return harmsOf(collector.finish()[0]?.rows ?? [])
}

it('names each once, and gives the dollars of one trial', () => {
  const ben = { who: 'Ben', usd: 10 }
  expect(harmsIn([ben, { who: 'Ana', usd: 5 }], [ben])).toEqual({
    harmByRule: { payout: { who: ['Ana', 'Ben'], usdPerTrial: 12.5 } },
  })
})

it('gives no sum of which a part is unknown', () => {
  expect(harmsIn([{ who: 'Ben', usd: 10 }, { who: 'Ana' }])).toEqual({
    harmByRule: { payout: { who: ['Ana', 'Ben'] } },
  })
})

it('is nothing where nobody was named', () => {
  expect(harmsIn([], [])).toEqual({})
})

it('keeps twenty names', () => {
  const many = Array.from({ length: 30 }, (_, index) => ({ who: `C-${100 + index}` }))
  expect(harmsIn(many).harmByRule?.['payout']?.who).toHaveLength(20)
})
