import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compilePattern } from '../../../src/expr/pattern.ts'
import { type LooseNumber, looseNumbers } from '../../../src/lint/checks/loose-numbers.ts'

function looseIn(source: string, text: string): readonly LooseNumber[] {
  const compiled = compilePattern(source)
  if (!compiled.ok) throw new Error(compiled.error)
  return looseNumbers(compiled.pattern, text)
}

const amounts = fc.tuple(fc.integer({ min: 1, max: 99_999 }), fc.integer({ min: 0, max: 99 }))

test('an amount between word boundaries is pinned down, whatever stands around it', () => {
  fc.assert(
    fc.property(amounts, fc.stringMatching(/^[ a-z.,$()-]{0,20}$/), ([dollars, cents], around) => {
      const amount = `${dollars}.${String(cents).padStart(2, '0')}`
      const text = `${around} $${amount} ${around}`
      expect(looseIn(`\\b${amount.replace('.', '\\.')}\\b`, text)).toEqual([])
    }),
  )
})

test('a bare amount is open at both ends', () => {
  fc.assert(
    fc.property(amounts, ([dollars, cents]) => {
      const amount = `${dollars}.${String(cents).padStart(2, '0')}`
      expect(looseIn(amount.replace('.', '\\.'), `You get $${amount}.`)).toEqual([
        {
          number: amount,
          accepted: [
            `${amount.startsWith('1') ? 2 : 1}${amount}`,
            `${amount}${amount.endsWith('4') ? 7 : 4}`,
          ],
          anchored: `\\b${amount.replace('.', '\\.')}\\b`,
          isUnlikely: false,
        },
      ])
    }),
  )
})

describe('what is tried', () => {
  test('only numbers that the pattern needs', () => {
    expect(looseIn('refunded', 'I refunded $5 for O-1001.')).toEqual([])
    expect(looseIn('\\$5', 'I refunded $5 for O-1001.')).toMatchObject([{ number: '5' }])
  })

  test('each of several', () => {
    expect(looseIn('5.*O-1001', 'I refunded $5 for O-1001.')).toMatchObject([
      { number: '5', accepted: ['15', '54'], isUnlikely: false },
      { number: 'O-1001', accepted: ['O-10014'], isUnlikely: true },
    ])
  })

  test('a number inside a word or an ordinal', () => {
    expect(looseIn('4th', 'on the 4th')).toMatchObject([{ accepted: ['14'], anchored: '\\b4' }])
  })

  test('a group of thousands is whole', () => {
    expect(looseIn('1,299', 'It is $1,299.')).toMatchObject([
      { accepted: ['21,299', '1,2994'], anchored: '\\b1,299\\b', isUnlikely: false },
    ])
  })

  test('nothing where the pattern does not find the text', () => {
    expect(looseIn('6', 'I refunded $5.')).toEqual([])
  })
})
