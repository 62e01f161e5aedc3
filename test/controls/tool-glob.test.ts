import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coversTool } from '../../src/controls/tool-glob.ts'

/** The same by the textbook, which is exponential. */
function matches(glob: string, tool: string): boolean {
  if (glob === '') return tool === ''
  if (glob.startsWith('*')) {
    return matches(glob.slice(1), tool) || (tool !== '' && matches(glob, tool.slice(1)))
  }
  return tool.startsWith(glob.charAt(0)) && matches(glob.slice(1), tool.slice(1))
}

const text = (letters: string): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from(letters)), maxLength: 8 })

describe('coversTool', () => {
  it.each([
    ['payments.*', 'payments.issue_refund', true],
    ['payments.*', 'payments.', true],
    ['payments.*', 'payment.issue_refund', false],
    ['*.issue_refund', 'payments.issue_refund', true],
    ['*', '', true],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['a.b', 'axb', false],
    ['p+', 'pp', false],
  ])('%s and %s: %s', (glob, tool, covered) => {
    expect(coversTool(glob, tool)).toBe(covered)
  })

  it('agrees with the textbook', () => {
    fc.assert(
      fc.property(text('ab.*'), text('ab.'), (glob, tool) => {
        expect(coversTool(glob, tool)).toBe(matches(glob, tool))
      }),
      { numRuns: 2000 },
    )
  })

  it('is not slow where a regular expression would be', () => {
    expect(coversTool(`${'a*'.repeat(2_000)}b`, 'a'.repeat(100_000))).toBe(false)
  })
})
