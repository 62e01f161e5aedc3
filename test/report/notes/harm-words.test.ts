import { expect, it } from 'vitest'
import { factWords } from '../../../src/report/notes/harm-words.ts'
import { sayInMarkdown, sayInTerminal } from '../../../src/report/say.ts'
import { type Fact, fact } from '../../../src/schema/verdict.ts'

function aFact(harm?: Fact['harm']): Fact {
  const message = 'rule "payout" was broken'
  return fact.parse({ kind: 'zero-tolerance', message, cases: ['a'], rule: 'payout', harm })
}

it('says first who was harmed, and for how much', () => {
  const harm = { who: ['Ana', 'Ben', 'Carla', 'Dan'], usd: 268.5 }
  expect(factWords(aFact(harm), sayInTerminal)).toBe(
    '4 harmed, $268.50 in all: Ana, Ben, Carla and 1 more; rule "payout" was broken',
  )
  expect(factWords(aFact({ who: ['Ana'] }), sayInTerminal)).toBe(
    '1 harmed: Ana; rule "payout" was broken',
  )
})

it.each([[undefined], [{ who: [] }]])('is the fact alone where nobody is named: %o', (harm) => {
  expect(factWords(aFact(harm), sayInTerminal)).toBe('rule "payout" was broken')
})

it('trusts no name', () => {
  const harm = { who: ['<img src=x> @all \u001b[31m'] }
  expect(factWords(aFact(harm), sayInTerminal)).not.toContain('\u001b')
  expect(factWords(aFact(harm), sayInMarkdown)).not.toContain('<img')
})
