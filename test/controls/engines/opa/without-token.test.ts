import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { withoutToken } from '../../../../src/controls/engines/opa/without-token.ts'
import type { JsonValue } from '../../../../src/schema/json.ts'
import { startFakeOpa } from '../../../fake-servers/opa.ts'
import { aCall } from '../cel/ask.ts'
import { opened, portsOver } from './ports.ts'

const token = 's3cr3t-token-of-opa'

const resulting = (result: JsonValue): string => JSON.stringify({ result })

describe('a server that repeats its token in a decision', () => {
  /** @param text - as the server writes it */
  async function saidOf(text: string): Promise<string> {
    const server = await startFakeOpa({
      decide: () => true,
      faults: [{ kind: 'status', status: 200, text }],
    })
    onTestFinished(() => server.close())
    const settings = { url: server.url, token_env: 'OPA_TOKEN' }
    const engine = await opened(settings, portsOver({}, { fetch, env: { OPA_TOKEN: token } }))
    const said = await engine.decide(aCall())
    expect(server.requests[0]?.headers['authorization']).toBe(`Bearer ${token}`)
    return JSON.stringify(said)
  }

  it('says the rest of it', async () => {
    const said = await saidOf(
      resulting({ decision: 'deny', id: token, reason: `Bearer ${token} it was` }),
    )
    expect(said).toContain('"reason":"Bearer … it was"')
    expect(said).not.toContain(token)
  })

  it.each<[string, JsonValue]>([
    ['a rule', { decision: 'deny', rules: [{ id: `r.${token}`, reason: token }] }],
    ['reasons', { allow: false, reasons: ['first', token] }],
    ['arguments', { decision: 'modify', modified: { id: token, [token]: [token] } }],
    ['a decision', { decision: token }],
    [
      'escaped letters',
      { text: '{"result":{"allow":false,"reason":"\\u00733cr3t-token-of-opa"}}' },
    ],
  ])('in %s', async (_, answer) => {
    expect(await saidOf(resulting(answer))).not.toContain(token)
  })

  it('in escaped letters', async () => {
    const text = '{"result":{"allow":false,"reason":"\\u00733cr3t-token-of-opa"}}'
    const said = await saidOf(text)
    expect(said).toContain('"reason":"…"')
    expect(said).not.toContain(token)
  })

  it('and nests it deeper than anybody looks is denied', async () => {
    const deep = 100_000
    const text = `{"result":${'['.repeat(deep)}"${token}"${']'.repeat(deep)}}`
    const said = await saidOf(text)
    expect(said).toContain('something other than a JSON object')
    expect(said).not.toContain(token)
  })
})

it('leaves everything without the token as it is', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(withoutToken(value, token)).toEqual(value)
    }),
  )
  expect(withoutToken(JSON.parse(`{"__proto__":{"a":"${token}"}}`), token)).toEqual(
    JSON.parse('{"__proto__":{"a":"…"}}'),
  )
})
