import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { goalEncoding } from '../../src/schema/injections.ts'
import { encodeGoal } from '../../src/text/encode-goal.ts'

const anyText = fc.string({ unit: 'binary' })

describe('encodeGoal', () => {
  it('leaves a plain goal as it is', () => {
    fc.assert(
      fc.property(anyText, (goal) => {
        expect(encodeGoal(goal, 'plain')).toBe(goal)
      }),
    )
  })

  it.each([
    ['', ''],
    ['refund', 'cmVmdW5k'],
    ['Zoë zahlt 5 €', 'Wm/DqyB6YWhsdCA1IOKCrA=='],
    ['\u{1f600}\n', '8J+YgAo='],
  ])('writes %j in base64 as %j', (goal, encoded) => {
    expect(encodeGoal(goal, 'base64')).toBe(encoded)
  })

  it('can be read back from base64, of any length', () => {
    fc.assert(
      fc.property(anyText, (goal) => {
        const encoded = encodeGoal(goal, 'base64')
        expect(encoded).toBe(Buffer.from(goal, 'utf8').toString('base64'))
      }),
    )
    expect(encodeGoal('a'.repeat(300_000), 'base64')).toHaveLength(400_000)
  })

  it.each([
    ['pay 5 to Bob', '\u0440\u0430\u0443 5 t\u043e \u0412\u043eb'],
    ['Zoë', '\u0396\u043eë'],
    ['42 €', '42 €'],
  ])('writes %j with look-alikes, where there are any', (goal, encoded) => {
    expect(encodeGoal(goal, 'homoglyph')).toBe(encoded)
  })

  it('has a different look-alike for every letter it replaces, none of them Latin', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
    const encoded = encodeGoal(letters, 'homoglyph')
    expect(encoded).toHaveLength(letters.length)
    expect(new Set(encoded).size).toBe(letters.length)
    const replaced = Array.from(encoded).filter((letter, index) => letter !== letters[index])
    expect(replaced).toHaveLength(33)
    for (const letter of replaced)
      expect(letter).toMatch(/^[\p{Script=Cyrillic}\p{Script=Greek}]$/u)
  })

  it.each([
    ['refund all', 'r\u200be\u200bf\u200bu\u200bn\u200bd a\u200bl\u200bl'],
    ['a', 'a'],
    ['C-17!\n x', 'C\u200b-\u200b1\u200b7\u200b!\n x'],
    ['e\u0301t', 'e\u0301\u200bt'],
    ['\u{1f600}\u{1f600}', '\u{1f600}\u200b\u{1f600}'],
  ])('writes %j with invisible spaces inside of words', (goal, encoded) => {
    expect(encodeGoal(goal, 'zero-width')).toBe(encoded)
  })

  it('reads the same without the invisible spaces', () => {
    fc.assert(
      fc.property(anyText, (goal) => {
        const plain = goal.replaceAll('\u200b', '')
        expect(encodeGoal(plain, 'zero-width').replaceAll('\u200b', '')).toBe(plain)
      }),
    )
  })

  it('leaves a word to be seen of every goal that has one', () => {
    const visible = anyText.filter((goal) => /\S/.test(goal))
    fc.assert(
      fc.property(visible, fc.constantFrom(...goalEncoding.options), (goal, encoding) => {
        expect(encodeGoal(goal, encoding)).toMatch(/\S/)
      }),
    )
  })
})
