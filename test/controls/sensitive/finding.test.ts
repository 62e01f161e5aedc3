import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findSensitive } from '../../../src/controls/sensitive/find-sensitive.ts'
import { type Finding, inOrder, mergeFindings } from '../../../src/controls/sensitive/finding.ts'

function finding(kind: string, start: number, end: number): Finding {
  return { kind, start, end }
}

describe('mergeFindings', () => {
  it('makes one of those that overlap, named after the worse', () => {
    expect(mergeFindings([finding('email', 4, 9), finding('card', 0, 5)])).toEqual([
      finding('card', 0, 9),
    ])
    expect(mergeFindings([finding('email', 0, 5), finding('jwt', 4, 9)])).toEqual([
      finding('jwt', 0, 9),
    ])
    expect(mergeFindings([finding('jwt', 0, 5), finding('bearer-token', 0, 5)])).toEqual([
      finding('bearer-token', 0, 5),
    ])
  })

  it('leaves those apart that only touch', () => {
    const two = [finding('email', 0, 5), finding('email', 5, 9)]
    expect(mergeFindings(two)).toEqual(two)
  })

  it('does not mind the order, and covers what it was given', () => {
    const kind = fc.constantFrom('email', 'card', 'phone', 'jwt')
    const some = fc.array(
      fc.tuple(kind, fc.nat(40), fc.integer({ min: 1, max: 9 })).map(([of, start, length]) => {
        return finding(of, start, start + length)
      }),
    )
    fc.assert(
      fc.property(some, (findings) => {
        const merged = mergeFindings(findings)
        expect(mergeFindings(findings.toReversed())).toEqual(merged)
        expect(mergeFindings(merged)).toEqual(merged)
        for (const { start, end } of findings) {
          expect(merged.filter((one) => one.start <= start && end <= one.end)).toHaveLength(1)
        }
      }),
    )
  })
})

describe('inOrder', () => {
  it('names personal data in its order, then secrets by name', () => {
    expect(inOrder(new Set(['jwt', 'ipv4', 'aws-key', 'email']))).toEqual([
      'email',
      'ipv4',
      'aws-key',
      'jwt',
    ])
  })
})

describe('findSensitive', () => {
  it('finds personal data and secrets by position', async () => {
    const text = 'mail ana@example.com or call +49 30 901820; redis://app:hunter2@cache'
    expect(await findSensitive(text)).toEqual([
      finding('email', 5, 20),
      finding('phone', 29, 42),
      finding('url-password', 52, 63),
    ])
  })

  it('counts as JavaScript does', async () => {
    const text = '😀😀 ana@example.com'
    expect(await findSensitive(text)).toEqual([finding('email', 5, 20)])
  })
})
