import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitPolicies } from '../../../../src/controls/engines/cedar/split-policies.ts'

const policies = [
  'permit (principal, action, resource);',
  '@id("a;b") // ;\n@note("\\"//") forbid (principal, action, resource) when { [1, (2)].contains(";") };',
  '@permit @ forbid @x("{([") forbid(principal,action,resource)unless{context.a like "*;\\*"};',
]
const effects = [0, policies[1]!.indexOf('forbid ('), policies[2]!.lastIndexOf('forbid')]
const depths = [1, 3, 1]

const gap = fc
  .array(
    fc.constantFrom(' ', '\n', '\r\n', '\t', '// permit (a);\n', '// "\r', '//\n', '// ü😀;\n'),
  )
  .map((parts) => parts.join(''))

describe('splitPolicies', () => {
  it('finds each policy, whatever stands between them', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(gap, fc.nat(2))), gap, (given, end) => {
        const text = given.map(([before, which]) => before + policies[which]!).join('') + end
        const found = splitPolicies(text)
        expect(found.map((one) => one.text)).toEqual(given.map(([, which]) => policies[which]))
        expect(found.map((one) => one.effectAt)).toEqual(given.map(([, which]) => effects[which]))
        expect(found.map((one) => one.depth)).toEqual(given.map(([, which]) => depths[which]))
        for (const one of found) {
          expect(text.slice(one.index, one.index + one.text.length)).toBe(one.text)
        }
      }),
    )
  })

  it('comes to an end with any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', '\\', '/', ';', '(', ')', '\n', 'a', '@', '😀') }),
        (text) => {
          const found = splitPolicies(text)
          expect(found.length).toBeLessThanOrEqual(text.split(';').length - 1)
        },
      ),
    )
    expect(splitPolicies('"'.repeat(200_001))).toEqual([])
    expect(splitPolicies(`"${'\\'.repeat(200_000)}`)).toEqual([])
  })
})
