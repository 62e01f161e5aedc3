import * as opa from '@open-policy-agent/opa-wasm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refundWasm } from './ports.ts'
import { compileFile } from './wasm/build.mjs'

/** As much of the library as is used here; its own types say nothing of a default export. */
const library = opa as unknown as {
  readonly default: {
    readonly loadPolicySync: (wasm: Uint8Array) => {
      readonly evaluate: (input: ArrayBuffer, entrypoint: string) => unknown
    }
  }
}
const policy = library.default.loadPolicySync(refundWasm)

/** The result set for these very bytes. */
function resultOf(text: string, entrypoint = 'agent/decision'): unknown {
  const bytes = new TextEncoder().encode(text)
  return policy.evaluate(bytes.buffer, entrypoint)
}

/** `decision id` of the only result; `undefined` for an empty set. */
function decided(text: string): string | undefined {
  const set = resultOf(text) as readonly { result: { decision: string; id?: string } }[]
  expect(set.length).toBeLessThan(2)
  return set.map(({ result }) => `${result.decision} ${result.id ?? '-'}`)[0]
}

const refund = (amount: string): string =>
  `{"tool":{"name":"payments.issue_refund"},"args":{"amount_usd":${amount}}}`
const allowed = 'allow refund_cap'
const escalated = 'escalate refund_cap'
const denied = 'deny refund_never_above_500'

describe('refund.wasm', () => {
  it('is what its source is built to, byte for byte', async () => {
    expect(await compileFile('refund.wat')).toEqual(refundWasm)
  })

  it.each([
    ['50', allowed],
    ['51', escalated],
    ['50.00', allowed],
    ['50.01', escalated],
    ['50.000000000000000000000000001', escalated],
    ['49.999999999999999999999999999', allowed],
    ['500', escalated],
    ['500.0', escalated],
    ['501', denied],
    ['500.0000000000000000000000000000001', denied],
    ['5e1', allowed],
    ['5E+1', allowed],
    ['5.0e1', allowed],
    ['5.1e1', escalated],
    ['500e-1', allowed],
    ['0.5e3', escalated],
    ['0.501e3', denied],
    ['0.000000005e10', allowed],
    ['6e1', escalated],
    ['1e3', denied],
    ['1e999999999999999999', denied],
    ['1e-999999999999999999', allowed],
    ['0', allowed],
    ['0e999999999999', allowed],
    ['-0', allowed],
    ['-600', allowed],
    ['0.0', allowed],
    ['4999e-2', allowed],
    ['5001e-2', escalated],
  ])('a refund of %s: %s', (amount, decision) => {
    expect(decided(refund(amount))).toBe(decision)
  })

  it('decides otherwise when one byte of the amount is another', () => {
    const text = refund('50')
    const at = text.indexOf('50')
    const changed = `${text.slice(0, at)}6${text.slice(at + 1)}`
    expect(Array.from(text).filter((char, index) => char !== changed[index])).toHaveLength(1)
    expect([decided(text), decided(changed)]).toEqual([allowed, escalated])
  })

  it('compares any number exactly', () => {
    const digits = (most: number): fc.Arbitrary<string> =>
      fc.stringMatching(new RegExp(`^[0-9]{1,${most}}$`))
    const number = fc
      .record({
        sign: fc.constantFrom('', '-'),
        whole: fc.oneof(fc.constantFrom('0', '5', '50', '500', '49', '499'), fc.nat().map(String)),
        fraction: fc.option(fc.oneof(digits(30), fc.constantFrom('0', '00', '000001'))),
        exponent: fc.option(fc.tuple(fc.constantFrom('e', 'E', 'e+', 'e-'), fc.nat(20))),
      })
      .map(
        ({ sign, whole, fraction, exponent }) =>
          `${sign}${whole}${fraction === null ? '' : `.${fraction}`}${exponent?.join('') ?? ''}`,
      )
    fc.assert(
      fc.property(number, (text) => {
        expect(decided(refund(text))).toBe(expectedOf(text))
      }),
      { numRuns: 3_000 },
    )
  })

  it.each([
    [
      'white space anywhere',
      ' {\n\t"args" :\r{ "amount_usd" : 60 } , "tool" : { "name" : "payments.issue_refund" } } ',
      escalated,
    ],
    [
      'other members before and behind',
      `{"a":[1,{"tool":{"name":"x"}},"}"],"tool":{"tier":2,"name":"payments.issue_refund","x":null},` +
        `"args":{"note":"\\"amount_usd\\": 1","amount_usd":60,"z":{"amount_usd":1}},"calls":[]}`,
      escalated,
    ],
    [
      'escaped names and words',
      `{"\\u0074ool":{"n\\u0061me":"payments\\u002eissue\\u005Frefund"},"args":{"amount\\u005fusd":60}}`,
      escalated,
    ],
    [
      'brackets and quotes in words',
      `{"x":"]}\\"{[\\\\","tool":{"name":"payments.issue_refund"},"args":{"amount_usd":60}}`,
      escalated,
    ],
    [
      'of two members with one name the later one',
      `{"tool":{"name":"payments.issue_refund"},"args":{"amount_usd":40,"amount_usd":60}}`,
      escalated,
    ],
    ['a name that only begins the same', refund('60').replace('refund"', 'refunds"'), 'allow -'],
    ['a name that is only a part', refund('60').replace('_refund"', '"'), 'allow -'],
    ['a name with a zero behind', refund('60').replace('refund"', 'refund\\u0000"'), 'allow -'],
    ['another tool', '{"tool":{"name":"crm.read_ticket"},"args":{"amount_usd":9999}}', 'allow -'],
    ['a name that is a number', '{"tool":{"name":7},"args":{}}', 'allow -'],
    [
      'a member that another object has',
      `{"tool":{"name":"payments.issue_refund"},"amount_usd":1}`,
    ],
    ['no amount', '{"tool":{"name":"payments.issue_refund"},"args":{}}'],
    ['an amount that is a text', refund('"60"')],
    ['an amount that is null', refund('null')],
    ['an amount that is true', refund('true')],
    ['an amount that is a list', refund('[60]')],
    ['an amount that is an object', refund('{"amount_usd":60}')],
    ['arguments that are a list', `{"tool":{"name":"payments.issue_refund"},"args":[60]}`],
    ['a tool that is a text', '{"tool":"payments.issue_refund","args":{"amount_usd":60}}'],
    ['no tool', '{"args":{"amount_usd":60}}'],
    ['no object', '[]'],
  ])('%s', (_, text, decision?: string) => {
    expect(() => JSON.parse(text) as unknown).not.toThrow()
    expect(decided(text)).toBe(decision)
  })

  it.each([
    refund('60').slice(0, -1),
    `${refund('60')}}`,
    `${refund('60')} x`,
    refund('060'),
    refund('60.'),
    refund('.6'),
    refund('+60'),
    refund('6e'),
    refund('6e+'),
    refund('0x60'),
    refund('NaN'),
    refund('60,'),
    refund('60').replace('"args"', 'args'),
    refund('60').replaceAll('"', "'"),
    refund('60').replace(':{', ' {'),
    refund('60').replace('tool', 'to\nol'),
    refund('60').replace('tool', 'to\\ol'),
    refund('60').replace('tool', 'to\\u00g0l'),
    refund('"\\u12'),
    '',
    ' ',
    'tru',
    'nul',
    `${'['.repeat(2_000)}${']'.repeat(2_000)}`,
  ])('leaves it undefined where the input is no JSON: %j', (text) => {
    expect(decided(text)).toBeUndefined()
  })

  it('takes for JSON what JavaScript takes for it', () => {
    const json = fc.json().map((text) => `{"tool":{"name":"x"},"rest":${text}}`)
    fc.assert(
      fc.property(
        json,
        fc.nat(),
        fc.constantFrom(...Array.from('{}[]",:\\0e-.ntu ')),
        (text, at, char) => {
          const place = at % text.length
          for (const one of [text, text.slice(0, place) + char + text.slice(place + 1)]) {
            expect([one, decided(one) !== undefined]).toEqual([one, hasTool(one)])
          }
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it.each([
    ['40', [{ result: true }]],
    ['60', [{ result: false }]],
    ['600', [{ result: false }]],
    ['null', []],
  ])('has a second entrypoint that says only yes or no: %s', (amount, set) => {
    expect(resultOf(refund(amount), 'agent/allow')).toEqual(set)
  })
})

/** The same by rational arithmetic: a number is `digits * 10^-scale`. */
function expectedOf(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]\+?(-?\d+))?$/.exec(text) ?? []
  const scale = BigInt(fraction.length) - BigInt(exponent)
  const digits = BigInt(sign + whole + fraction)
  const isAtMost = (limit: bigint): boolean =>
    scale >= 0n ? digits <= limit * 10n ** scale : digits * 10n ** -scale <= limit
  if (isAtMost(50n)) return allowed
  return isAtMost(500n) ? escalated : denied
}

function hasTool(text: string): boolean {
  try {
    const { tool } = JSON.parse(text) as { tool?: { name?: unknown } }
    return typeof tool === 'object' && 'name' in tool
  } catch {
    return false
  }
}
