import { describe, expect, it } from 'vitest'
import {
  controlsNotes,
  hasControlsToTell,
  proposedWords,
  safetyWords,
} from '../../../src/report/notes/controls-words.ts'
import { aRuleMetric, someControls } from '../../builders/controls.ts'
import { aRate } from '../../builders/result.ts'

const asIs = (text: string): string => text

function notesOf(changes: Parameters<typeof someControls>[0]): readonly string[] {
  return controlsNotes(someControls(changes), asIs).map(({ text }) => text)
}

describe('safetyWords', () => {
  const words = (changes: Parameters<typeof someControls>[0]): string =>
    safetyWords(someControls(changes)).text

  it('says first that rules were broken, how often and how many', () => {
    const rules = [
      aRuleMetric({ rule: 'cap', proposed: 29, executed: 3 }),
      aRuleMetric({ rule: 'pii', proposed: 2, executed: 1 }),
      aRuleMetric({ rule: 'held', proposed: 4 }),
    ]
    expect(safetyWords(someControls({ rules, broken: aRate(3, 200) }))).toEqual({
      text: '2 rules were broken in 3 of 200 trials: 4 violations executed, one for each call and rule; 31 of 35 proposed ones prevented',
      isAlarming: true,
    })
    const one = [aRuleMetric({ proposed: 1, executed: 1 })]
    expect(words({ rules: one, broken: aRate(1, 1) })).toBe(
      '1 rule was broken in 1 of 1 trial: 1 violation executed; 0 of 1 proposed ones prevented',
    )
  })

  it('says what was prevented where all of it was', () => {
    expect(words({ rules: [aRuleMetric({ proposed: 31 })] })).toBe(
      'no executed action broke a rule in 200 trials: all 31 violations that the agent proposed were prevented',
    )
    expect(words({ rules: [aRuleMetric({ proposed: 1 })] })).toBe(
      'no executed action broke a rule in 200 trials: the one violation that the agent proposed was prevented',
    )
  })

  it('tells rules that were kept from rules that had nothing to say', () => {
    expect(words({ rules: [aRuleMetric()] })).toBe(
      'no rule was broken in 200 trials, not even by a proposal',
    )
    expect(words({})).toBe('no rule had anything to say in 200 trials')
  })

  it('claims nothing where no judged trial has a result', () => {
    const none = { broken: aRate(0, 0), rules: [aRuleMetric({ n: 0, upper: 1, proposed: 2 })] }
    expect(safetyWords(someControls(none))).toEqual({
      text: 'no trial that a policy judged has a result',
      isAlarming: true,
    })
  })
})

describe('proposedWords', () => {
  it('says what a share of trials counts beside executed violations, and nothing where it is the same', () => {
    const controls = someControls({ broken: aRate(75, 1900) })
    expect(proposedWords(controls, aRate(85, 1900))).toBe(
      '"rules broken" counts 10 more trials in which such a call was only proposed: 85 of 1,900',
    )
    expect(proposedWords(controls, aRate(75, 1900))).toBe('')
  })
})

describe('controlsNotes', () => {
  it('says nothing where nothing happened', () => {
    expect(notesOf({})).toEqual([])
    expect(hasControlsToTell(someControls())).toBe(false)
    const quiet = { usd: { most: 0 }, records: { most: 0 }, tenants: { most: 0 } }
    expect(notesOf({ blastRadius: quiet })).toEqual([])
  })

  it('says loudly that decisions could not be made', () => {
    expect(controlsNotes(someControls({ engineErrors: 12 }), asIs)).toEqual([
      {
        text: '12 DECISIONS COULD NOT BE MADE: what a control cannot decide it denies',
        isAlarming: true,
      },
    ])
    expect(notesOf({ engineErrors: 1 })[0]).toMatch(/^1 DECISION COULD/)
  })

  it('collapses the rules that were kept into one line, with the weakest bound', () => {
    const rules = [
      aRuleMetric({ rule: 'broken', proposed: 1, upper: 0.9 }),
      aRuleMetric({ rule: 'a', opportunities: 4000, upper: 0.0099 }),
      aRuleMetric({ rule: 'b', opportunities: 210, upper: 0.031 }),
    ]
    expect(notesOf({ rules })).toEqual([
      '2 rules were kept in all 4,210 opportunities (each at most 3.1 % per trial)',
    ])
    expect(notesOf({ rules: [aRuleMetric({ opportunities: 1, n: 1, upper: 0.95 })] })).toEqual([
      '1 rule was kept in the one opportunity (at most 95.0 % per trial)',
    ])
  })

  it('says why decisions could not be made, and what the own rules of the candidate did', () => {
    const acted = [
      { rule: 'agent.decision', did: 'error', count: 9, why: 'connection refused' },
      { rule: 'refund_cap', did: 'escalate', count: 7 },
      { rule: 'try_me', did: 'observe', count: 2 },
    ] as const
    expect(notesOf({ engineErrors: 9, acted: [...acted] })).toEqual([
      '9 DECISIONS COULD NOT BE MADE: what a control cannot decide it denies; agent.decision (9): connection refused',
      'its own rules: refund_cap escalated 7, try_me would have stopped, had it been enforced, 2',
    ])
  })

  it('says what people were asked and what they answered', () => {
    const approvals = { given: 5, refused: 2, medianMs: 60_000, timeouts: 1 }
    expect(notesOf({ escalations: 7, approvals, overrides: 3 })).toEqual([
      '7 actions handed to people: 7 answers, 5 yes, 2 no, 1 not answered in time; 3 of the yes set a rule aside (answers took 1m 00s in the median)',
    ])
    expect(notesOf({ escalations: 1 })).toEqual(['1 action handed to people'])
    const two = { given: 60, refused: 5, timeouts: 0 }
    expect(notesOf({ escalations: 35, approvals: two, overrides: 5 })).toEqual([
      '35 actions handed to people: 65 answers (some need more than one), 60 yes, 5 no; 5 of the yes set a rule aside',
    ])
    const slow = { given: 1, refused: 0, medianMs: 1000, p95Ms: 2000, timeouts: 0 }
    expect(notesOf({ escalations: 1, approvals: slow })[0]).toMatch(
      /: 1 answer, 1 yes \(answers took 1\.0 s in the median, p95 2\.0 s\)$/,
    )
  })

  it('counts what controls did besides', () => {
    const fallbacks = { budget: 2, denial: 0, outage: 1 }
    expect(notesOf({ blocked: 12, modified: 2, alerts: 1, reviews: 4, fallbacks })).toEqual([
      '12 calls blocked, 2 let pass in another form, 1 alert, 4 drawn for review, the fallback took over in 3 trials (budget 2, outage 1)',
    ])
  })

  it('names the most that one trial reached, and the trial where it may', () => {
    const blastRadius = {
      usd: { most: 268.5, trial: 'refund.partial#3' },
      records: { most: 1, trial: 'b#1' },
      tenants: { most: 2 },
    }
    expect(notesOf({ blastRadius })).toEqual([
      'most that one trial reached: $268.50 moved (refund.partial#3), 1 record changed (b#1), 2 other tenants touched',
    ])
    const named = controlsNotes(someControls({ blastRadius }), (text) => `<${text}>`)
    expect(named[0]?.text).toContain('(<refund.partial#3>)')
  })
})
