import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { atMost, ruleTable } from '../../../src/report/terminal/rule-table.ts'
import { aRuleMetric, someControls } from '../../builders/controls.ts'
import { aRate } from '../../builders/result.ts'

const asIs = (text: string): string => text

describe('ruleTable', () => {
  it('lists what somebody tried to break, in the order of the document, and not what was kept', () => {
    const rules = [
      aRuleMetric({ rule: 'cap', tier: 3, proposed: 31, executed: 3, upper: 0.03831 }),
      aRuleMetric({ rule: 'pii', proposed: 2, opportunities: 1200 }),
      aRuleMetric({ rule: 'kept' }),
    ]
    expect(ruleTable(someControls({ rules }), asIs)).toEqual({
      head: ['rule', 'tier', 'chances', 'proposed', 'prevented', 'executed', 'at most'],
      align: 'lrrrrrr',
      rows: [
        ['cap', '3', '400', '31', '28', '3', '3.9 %'],
        ['pii', '', '1,200', '2', '2', '0', '1.5 %'],
      ],
    })
  })

  it('is not there where nobody tried', () => {
    expect(ruleTable(someControls(), asIs)).toBeUndefined()
    expect(ruleTable(someControls({ rules: [aRuleMetric()] }), asIs)).toBeUndefined()
  })

  it('sets beside them how often each was broken without the controls', () => {
    const propensity = {
      broken: aRate(9, 200),
      rules: [
        aRuleMetric({ rule: 'unseen', tier: 4, proposed: 4, executed: 4 }),
        aRuleMetric({ rule: 'cap', proposed: 9, executed: 8 }),
        aRuleMetric({ rule: 'quiet' }),
      ],
    }
    const rules = [
      aRuleMetric({ rule: 'ran', proposed: 1, executed: 1 }),
      aRuleMetric({ rule: 'only-with', proposed: 9 }),
      aRuleMetric({ rule: 'cap', proposed: 3 }),
      aRuleMetric({ rule: 'kept' }),
    ]
    const table = ruleTable(someControls({ rules, propensity }), asIs)
    expect(table?.head.at(-1)).toBe('without controls')
    // What was executed first, then what the controls held most often.
    expect(table?.rows).toEqual([
      ['ran', '', '400', '1', '0', '1', '1.5 %', '0'],
      ['cap', '', '400', '3', '3', '0', '1.5 %', '8'],
      ['unseen', '4', '0', '0', '0', '0', '', '4'],
      ['only-with', '', '400', '9', '9', '0', '1.5 %', '0'],
    ])
    expect(table?.align).toHaveLength(8)
  })

  it('shows ten and counts the rest', () => {
    const rules = Array.from({ length: 13 }, (_, index) =>
      aRuleMetric({ rule: `r${index}`, proposed: 13 - index }),
    )
    const table = ruleTable(someControls({ rules }), asIs)
    expect(table?.rows).toHaveLength(11)
    expect(table?.rows.at(-1)).toEqual(['and 3 more', '', '', '', '', '', ''])
  })
})

describe('atMost', () => {
  it.each([
    [0.009936081944458, '1.0 %'],
    [0.0101, '1.1 %'],
    [0.00001, '0.1 %'],
    [0.95, '95.0 %'],
    [0.9999, '100.0 %'],
    [1, '100.0 %'],
  ])('rounds %d up to %s', (upper, text) => {
    expect(atMost(upper)).toBe(text)
  })

  it('never claims less than the bound, and never a tenth of a percent more', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1, noNaN: true }), (upper) => {
        const shown = Number.parseFloat(atMost(upper)) / 100
        expect(shown).toBeGreaterThanOrEqual(upper - 1e-12)
        expect(shown - upper).toBeLessThan(0.001 + 1e-9)
      }),
    )
  })
})
