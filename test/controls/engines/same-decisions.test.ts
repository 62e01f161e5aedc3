import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keepAliveFetch } from '../../../src/cli/outside/keep-alive-fetch.ts'
import { celEngine } from '../../../src/controls/engines/cel/cel-engine.ts'
import { openWasmPolicy } from '../../../src/controls/engines/opa/wasm-policy.ts'
import type { PolicyEngine } from '../../../src/controls/policy-engine.ts'
import type { JsonObject } from '../../../src/schema/json.ts'
import { policyRule } from '../../../src/schema/policy.ts'
import { type FakeOpa, startFakeOpa } from '../../fake-servers/opa.ts'
import { aQuestion, open } from './cedar/open-policy.ts'
import { opened, portsOver, refundWasm } from './opa/ports.ts'

const refund = 'payments.issue_refund'
const cap = 'escalate refund_cap'
const never = 'deny refund_never_above_500'
/** A denial that nobody decided. */
const error = 'deny, not decided'

/** What is asked, and what all engines have to say. */
type Row = readonly [tool: string, args: JsonObject, expected: string]

const paid = (amount: JsonObject[string], expected: string): Row => [
  refund,
  { order_id: 'O-1001', reason_code: 'damaged', amount_usd: amount },
  expected,
]

const table: readonly Row[] = [
  paid(0, 'allow'),
  paid(0.01, 'allow'),
  paid(1, 'allow'),
  paid(12.99, 'allow'),
  paid(19.99, 'allow'),
  paid(40, 'allow'),
  paid(45.5, 'allow'),
  paid(49, 'allow'),
  paid(49.99, 'allow'),
  paid(49.9999, 'allow'),
  paid(50, 'allow'),
  paid(-1, 'allow'),
  paid(50.0001, cap),
  paid(50.01, cap),
  paid(51, cap),
  paid(60, cap),
  paid(1e2, cap),
  paid(123.4567, cap),
  paid(250, cap),
  paid(499.99, cap),
  paid(500, cap),
  paid(500.0001, never),
  paid(500.01, never),
  paid(501, never),
  paid(1_000, never),
  paid(5e4, never),
  paid(99_999.99, never),
  paid('50', error),
  paid('', error),
  paid(null, error),
  paid(true, error),
  paid([], error),
  paid({ amount: 50 }, error),
  [refund, { order_id: 'O-1001' }, error],
  [refund, {}, error],
  [refund, { Amount_usd: 5 }, error],
  ['orders.get_status', {}, 'allow'],
  ['crm.add_note', {}, 'allow'],
  ['payments.issue_credit', {}, 'allow'],
  ['accounts.delete', {}, 'allow'],
]

const rules = [
  { id: 'refund_never_above_500', tool: refund, condition: 'input.amount_usd <= 500' },
  {
    id: 'refund_cap',
    tool: refund,
    condition: 'input.amount_usd <= 50',
    on_fail: 'escalate_to_human',
  },
].map((rule) => policyRule.parse(rule))

let server: FakeOpa
beforeAll(async () => {
  const loaded = await openWasmPolicy({ wasm: refundWasm, data: {}, path: 'agent/decision' })
  if (!loaded.ok) throw new Error(loaded.error)
  server = await startFakeOpa({
    decide: (_, input) => {
      const evaluated = loaded.policy.evaluate(input as JsonObject, '')
      return evaluated.ok ? evaluated.result : undefined
    },
  })
})
afterAll(() => server.close())

const path = 'agent/decision'
const engines: Readonly<Record<string, () => Promise<PolicyEngine>>> = {
  'inline rules': () => Promise.resolve(celEngine(rules, { version: '1', seesState: false })),
  Cedar: () => open({}, { policies: 'refund.cedar', schema: 'refund.cedarschema' }),
  'OPA in this process': () =>
    opened({ wasm: 'refund.wasm', path }, portsOver({ 'refund.wasm': refundWasm })),
  'a server of OPA': () =>
    opened({ url: server.url, path }, portsOver({}, { fetch: keepAliveFetch(fetch) })),
}

/** The strictest thing said, with the rule that says it; an error is no decision. */
async function gistOf(engine: PolicyEngine, [tool, args]: Row): Promise<string> {
  const said = await engine.decide(aQuestion({ tool, args }))
  if (said === undefined || said.decision === 'allow') return 'allow'
  const decisive = said.rules.filter(({ decision }) => decision === said.decision)
  if (decisive.some((rule) => rule.error !== undefined)) return error
  return [said.decision, ...decisive.map(({ id }) => id)].join(' ')
}

describe('one policy in three languages', () => {
  it('has a table of 40 calls', () => {
    expect(table).toHaveLength(40)
  })

  it.each(Object.keys(engines))('decides every call of the table alike: %s', async (name) => {
    const engine = await engines[name]?.()
    if (engine === undefined) throw new Error(`no engine ${name}`)
    const decided = await Promise.all(table.map((row) => gistOf(engine, row)))
    expect(decided).toEqual(table.map(([, , expected]) => expected))
  })

  it('decides alike with the Rego source, by a real opa', (context) => {
    const found = spawnSync('opa', ['version'])
    if (found.status !== 0) context.skip('there is no opa on PATH')
    const source = new URL('opa/wasm/refund.rego', import.meta.url).pathname
    const decided = table.map(([tool, args]) => {
      const input = JSON.stringify({ tool: { name: tool }, args })
      const asked = [
        'eval',
        '--format',
        'json',
        '--stdin-input',
        '-d',
        source,
        'data.agent.decision',
      ]
      const answer = JSON.parse(spawnSync('opa', asked, { input, encoding: 'utf8' }).stdout) as {
        result?: { expressions: { value: { decision: string; id?: string } }[] }[]
      }
      const value = answer.result?.[0]?.expressions[0]?.value
      if (value === undefined) return error
      return value.decision === 'allow' ? 'allow' : `${value.decision} ${value.id ?? ''}`
    })
    expect(decided).toEqual(table.map(([, , expected]) => expected))
  })
})

describe('docs/policies.md', () => {
  const guide = readFileSync(new URL('../../../docs/policies.md', import.meta.url), 'utf8')
  const below = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8')

  it.each(['cedar/refund.cedar', 'cedar/refund.cedarschema', 'opa/wasm/refund.rego'])(
    'shows %s as it is tested',
    (file) => {
      // The guide leaves out comments, and what the schema says of tools that no rule is about.
      const shown = below(file)
        .split('\n// No rule looks at')[0]
        ?.split('\n')
        .filter((line) => line.trim() !== '' && !/^(\/\/|#|allow :=)/.test(line))
      for (const line of shown ?? []) expect(guide).toContain(line)
    },
  )
})
