import { expect, it } from 'vitest'
import { type MovedReading, tallyMoved } from '../../../src/cli/policy/tally-moved.ts'
import type { DecidedAgain, OwnWord } from '../../../src/replay/decide-again.ts'

function word(outcome: OwnWord['outcome'], ...rules: readonly string[]): OwnWord {
  return { outcome, rules }
}

function moved(recorded: OwnWord, again: OwnWord, tool = 'pay'): DecidedAgain {
  return { id: 'c1', kind: 'call', tool, recorded, again }
}

const all: MovedReading['mayName'] = () => true
const cap = moved(word('allow'), word('deny', 'cap'))

it('puts actions together by what made the difference: the rules of the stricter side', () => {
  const tally = tallyMoved({ recorded: 'old', mayName: all })
  tally.add('a#1', cap)
  tally.add('b#1', cap)
  tally.add('a#1', moved(word('deny', 'cap', 'scope'), word('allow', 'other')))
  expect(tally.finish()).toEqual([
    {
      was: 'deny',
      now: 'allow',
      rules: ['cap', 'scope'],
      kind: 'call',
      tool: 'pay',
      count: 1,
      examples: ['a#1'],
    },
    {
      was: 'allow',
      now: 'deny',
      rules: ['cap'],
      kind: 'call',
      tool: 'pay',
      count: 2,
      examples: ['a#1', 'b#1'],
    },
  ])
})

it('knows which side the record is of', () => {
  const tally = tallyMoved({ recorded: 'new', mayName: all })
  tally.add('a#1', cap)
  expect(tally.finish()).toMatchObject([{ was: 'deny', now: 'allow', rules: ['cap'] }])
})

it('names three trials, the first by case and number, whatever the order in which they ended', () => {
  const trials = ['b#1', 'a#10', 'a#2', 'a#9', 'c#1', 'a#2']
  const named = (order: readonly string[]): readonly string[] | undefined => {
    const tally = tallyMoved({ recorded: 'old', mayName: all })
    for (const trial of order) tally.add(trial, cap)
    const [group] = tally.finish()
    expect(group?.count).toBe(6)
    return group?.examples
  }
  expect(named(trials)).toEqual(['a#2', 'a#9', 'a#10'])
  expect(named(trials.toReversed())).toEqual(['a#2', 'a#9', 'a#10'])
})

it('counts a trial that may not be named', () => {
  const tally = tallyMoved({ recorded: 'old', mayName: () => false })
  tally.add('a#1', cap)
  expect(tally.finish()).toMatchObject([{ count: 1, examples: [] }])
})
