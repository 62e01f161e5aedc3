import { createRequire } from 'node:module'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { missingBuiltins, ownBuiltins } from '../../../../src/controls/engines/opa/builtins.ts'
import { nanosecondsOf } from '../../../../src/controls/engines/opa/rfc3339.ts'

const own = ownBuiltins(() => '2026-01-05T09:00:00.123Z')
const said = (name: string, ...args: readonly unknown[]): unknown => {
  const value = own[name]?.(...args)
  return value instanceof ArrayBuffer ? new TextDecoder().decode(value) : value
}

describe('builtins', () => {
  it('are missing where neither the library nor we have them', () => {
    const require = createRequire(import.meta.url)
    const main = require.resolve('@open-policy-agent/opa-wasm')
    const ofLibrary = Object.keys(
      require(path.join(path.dirname(main), 'builtins/index.js')) as object,
    )
    expect(ofLibrary.length).toBeGreaterThan(3)
    expect(missingBuiltins([...ofLibrary, ...Object.keys(own)])).toEqual([])
    const needed = ['time.now_ns', 'http.send', 'sprintf', 'crypto.x509.parse_certificates']
    expect(missingBuiltins(needed)).toEqual(['crypto.x509.parse_certificates', 'http.send'])
    expect(missingBuiltins(['constructor', '__proto__'])).toEqual(['__proto__', 'constructor'])
  })

  it.each([
    ['time.now_ns', [], '1767603600123000000'],
    ['time.parse_rfc3339_ns', ['2026-01-05T09:00:00.123456789Z'], '1767603600123456789'],
    ['time.parse_rfc3339_ns', ['2026-01-05T10:00:00+01:00'], '1767603600000000000'],
    ['time.parse_rfc3339_ns', ['yesterday'], undefined],
    ['time.parse_rfc3339_ns', [7], undefined],
    // FIPS 180-2, the example of one block.
    ['crypto.sha256', ['abc'], 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['crypto.sha256', [7], undefined],
    ['strings.any_prefix_match', ['payments.refund', ['crm.', 'payments.']], true],
    ['strings.any_prefix_match', [['a', 'crm.x'], 'crm.'], true],
    ['strings.any_prefix_match', ['payments.refund', ['crm.']], false],
    ['strings.any_prefix_match', ['payments.refund', []], false],
    ['strings.any_prefix_match', [7, ['crm.']], undefined],
    ['strings.any_prefix_match', ['crm.', [7]], undefined],
    ['strings.any_suffix_match', [['x@a.example', 'y'], ['@a.example']], true],
    ['strings.any_suffix_match', ['x@b.example', ['@a.example']], false],
  ])('%s%j is %s', (name, args, value) => {
    expect(said(name, ...args)).toBe(value)
  })
})

describe('nanosecondsOf', () => {
  it('agrees with the calendar of JavaScript', () => {
    const date = fc.date({
      min: new Date('1678-01-01T00:00:00Z'),
      max: new Date('2262-01-01T00:00:00Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(date, (moment) => {
        expect(nanosecondsOf(moment.toISOString())).toBe(BigInt(moment.getTime()) * 1_000_000n)
      }),
    )
  })

  it.each([
    ['2024-02-29T00:00:00Z', 1_709_164_800_000_000_000n],
    ['2026-01-05t09:00:00z', 1_767_603_600_000_000_000n],
    ['2026-01-05T09:00:00.5Z', 1_767_603_600_500_000_000n],
    ['2026-01-05T09:00:00.1234567891Z', 1_767_603_600_123_456_789n],
    ['2026-01-05T09:00:00-00:30', 1_767_605_400_000_000_000n],
    ['1969-12-31T23:59:59.5Z', -500_000_000n],
    ['2262-04-11T23:47:16.854775807Z', 9_223_372_036_854_775_807n],
    ['2262-04-11T23:47:16.854775808Z', undefined],
    ['1677-09-21T00:12:43.145224192Z', -9_223_372_036_854_775_808n],
    ['1677-09-21T00:12:43.145224191Z', undefined],
    ['2026-02-29T00:00:00Z', undefined],
    ['2026-13-01T00:00:00Z', undefined],
    ['2026-00-01T00:00:00Z', undefined],
    ['2026-01-00T00:00:00Z', undefined],
    ['2026-01-05T24:00:00Z', undefined],
    ['2026-01-05T09:60:00Z', undefined],
    ['2026-01-05T09:00:00', undefined],
    ['2026-01-05 09:00:00Z', undefined],
    ['2026-01-05T09:00:00+25:00', undefined],
    ['2026-01-05T09:00:00.Z', undefined],
    ['2026-01-05', undefined],
    ['', undefined],
  ])('%s is %s', (text, nanoseconds) => {
    expect(nanosecondsOf(text)).toBe(nanoseconds)
  })
})
