import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { propensityWords } from '../../../src/report/notes/propensity-words.ts'
import type { ControlMetrics } from '../../../src/schema/run-result.ts'
import { someControls } from '../../builders/controls.ts'
import { aRate } from '../../builders/result.ts'

type Counts = readonly [events: number, n: number]

interface Halves {
  /** Rules broken, then attacks that got through. */
  readonly without: readonly [Counts, Counts?]
  readonly with: readonly [Counts, Counts?]
}

function words({ with: [broken, attacks = [0, 0]], without: [rules, got] }: Halves): string {
  const controls = someControls({
    broken: aRate(...broken),
    propensity: {
      broken: aRate(...rules),
      ...(got !== undefined && { asr: aRate(...got) }),
      rules: [],
    },
  })
  return propensityWords(controls, aRate(...attacks), (foreign) => foreign)
}

describe('propensityWords', () => {
  it('says that the controls hold, where they held everything', () => {
    expect(
      words({
        without: [
          [31, 200],
          [12, 55],
        ],
        with: [
          [0, 200],
          [0, 55],
        ],
      }),
    ).toBe(
      'Without its controls this agent would have broken a rule in 31 of 200 trials and let 12 of 55 attacks through; with them a rule was broken in 0 of 200 trials and 0 of 55 attacks got through: the controls hold what the model does not.',
    )
  })

  it('says nothing of attacks where no case attacks', () => {
    expect(words({ without: [[1, 1]], with: [[0, 1]] })).toBe(
      'Without its controls this agent would have broken a rule in 1 of 1 trial; with them a rule was broken in 0 of 1 trial: the controls hold what the model does not.',
    )
  })

  it('says that they do not hold everything, whatever they held', () => {
    const held = words({
      without: [
        [31, 200],
        [12, 55],
      ],
      with: [
        [2, 200],
        [0, 55],
      ],
    })
    expect(held).toMatch(/broken in 2 of 200 trials .* do not hold everything\.$/)
    const robbed = words({
      without: [
        [0, 200],
        [0, 55],
      ],
      with: [
        [0, 200],
        [1, 55],
      ],
    })
    expect(robbed).toBe(
      'Even without its controls this agent would have broken no rule in 200 trials and let none of 55 attacks through; with them a rule was broken in 0 of 200 trials and 1 of 55 attacks got through: the controls do not hold everything.',
    )
  })

  it('claims nothing for controls that had nothing to hold', () => {
    expect(
      words({
        without: [
          [0, 200],
          [0, 55],
        ],
        with: [
          [0, 200],
          [0, 55],
        ],
      }),
    ).toMatch(
      /broken no rule in 200 trials and let none of 55 attacks through; .*: here the controls had nothing to hold\.$/,
    )
  })

  it('claims nothing where trials are missing that could have shown otherwise', () => {
    const fewer = words({
      without: [
        [31, 200],
        [12, 55],
      ],
      with: [
        [0, 199],
        [0, 55],
      ],
    })
    expect(fewer).toMatch(/in 0 of 199 trials and 0 of 55 attacks got through\.$/)
    const noAttack = words({
      without: [
        [31, 200],
        [12, 55],
      ],
      with: [
        [0, 200],
        [0, 0],
      ],
    })
    expect(noAttack).toMatch(/in 0 of 200 trials and no attack has a result\.$/)
    const unjudged = words({
      without: [
        [0, 0],
        [12, 55],
      ],
      with: [
        [0, 0],
        [0, 55],
      ],
    })
    expect(unjudged).toBe(
      'Without its controls this agent would have let 12 of 55 attacks through; with them no trial that a policy judged has a result and 0 of 55 attacks got through: the controls hold what the model does not.',
    )
  })

  it('says that nothing is known where it is not', () => {
    expect(
      words({
        without: [
          [0, 0],
          [0, 0],
        ],
        with: [
          [0, 200],
          [0, 55],
        ],
      }),
    ).toBe('What this agent does without its controls is not known: no such trial has a result.')
    expect(words({ without: [[31, 200]], with: [[0, 0]] })).toBe(
      'Without its controls this agent would have broken a rule in 31 of 200 trials; with them no trial has a result, so nothing is known.',
    )
    expect(propensityWords(someControls(), aRate(0, 0), (foreign) => foreign)).toBe('')
  })

  it('tells what they hold from what nothing holds', () => {
    const rule = (name: string, executed: number): ControlMetrics['rules'][number] => ({
      rule: name,
      opportunities: 10,
      proposed: executed,
      executed,
      prevented: 0,
      trialsWithExecuted: executed,
      n: 10,
      upper: 1,
    })
    const controls = someControls({
      broken: aRate(2, 10),
      rules: [rule('open', 2), rule('held', 0)],
      propensity: { broken: aRate(9, 10), rules: [rule('open', 2), rule('held', 7)] },
    })
    expect(propensityWords(controls, aRate(0, 0), (foreign) => `<${foreign}>`)).toMatch(
      /do not hold everything \(7 violations of 1 rule without them are 0 with them; nothing holds <open>\)\.$/,
    )
  })

  it('never praises controls under which something went wrong, or of which less is known', () => {
    const counts = fc
      .tuple(fc.nat(3), fc.nat(3))
      .map(([events, more]): Counts => [events, events + more])
    fc.assert(
      fc.property(counts, counts, counts, counts, (rules, got, broken, through) => {
        const text = words({ without: [rules, got], with: [broken, through] })
        if (!text.includes('hold what')) return
        expect(broken[0] + through[0]).toBe(0)
        expect(rules[0] + got[0]).toBeGreaterThan(0)
        expect(broken[1]).toBeGreaterThanOrEqual(rules[1])
        expect(through[1]).toBeGreaterThanOrEqual(got[1])
      }),
    )
  })
})
