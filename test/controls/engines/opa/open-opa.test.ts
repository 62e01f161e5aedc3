import { describe, expect, it } from 'vitest'
import type { CompileRego } from '../../../../src/controls/engine-ports.ts'
import type { PolicyQuestion } from '../../../../src/controls/policy-engine.ts'
import type { JsonValue } from '../../../../src/schema/json.ts'
import { opaPolicy } from '../../../../src/schema/policy-engines.ts'
import { eventBody } from '../../../../src/schema/trace.ts'
import { aCall, aContext, aLogLine, anAction, aReply, aResult } from '../cel/ask.ts'
import { bundleOf, manifestOf } from './bundle-of.ts'
import { hostilePolicy } from './hostile.ts'
import { gist, opened, portsOver, problemsOf, refundWasm } from './ports.ts'
import { compileFile } from './wasm/build.mjs'

const echoWasm = await compileFile('echo.wat')
const ofAmount = (amount: JsonValue): PolicyQuestion => aCall({ args: { amount_usd: amount } })
const answering = (answer: JsonValue): PolicyQuestion => aCall({ args: { answer } })

describe('a compiled policy', () => {
  it('decides in this process, and says who it was', async () => {
    const engine = await opened({ wasm: 'p.wasm' }, portsOver({ 'p.wasm': refundWasm }))
    const said = await engine.decide(ofAmount(60))
    expect(said).toEqual({
      source: 'policy',
      engine: 'opa',
      decision: 'escalate',
      rules: [{ id: 'refund_cap', decision: 'escalate', reason: 'more than 50 dollars' }],
      version: engine.version,
    })
    expect(engine).toMatchObject({
      name: 'opa',
      version: expect.stringMatching(/^sha256:/) as string,
    })
    expect(
      eventBody.safeParse({ type: 'policy.decision', callId: 'c', enforced: true, ...said }),
    ).toMatchObject({
      success: true,
    })
  })

  it.each([
    [50, 'allow refund_cap'],
    [50.01, 'escalate refund_cap'],
    [500, 'escalate refund_cap'],
    [500.01, 'deny refund_never_above_500'],
    [1e21, 'deny refund_never_above_500'],
    [1e-7, 'allow refund_cap'],
    [-5, 'allow refund_cap'],
    [null, 'deny agent.decision !agent/decision is undefined, not a decision'],
    ['50', 'deny agent.decision !agent/decision is undefined, not a decision'],
    [true, 'deny agent.decision !agent/decision is undefined, not a decision'],
  ])('a refund of %j: %s', async (amount, expected) => {
    const engine = await opened({ wasm: 'p.wasm' }, portsOver({ 'p.wasm': refundWasm }))
    expect(gist(await engine.decide(ofAmount(amount)))).toBe(expected)
  })

  it('decides whatever else there is in the input', async () => {
    const engine = await opened({ wasm: 'p.wasm' }, portsOver({ 'p.wasm': refundWasm }))
    const earlier = { args: { amount_usd: 1, note: '"amount_usd":1}' }, result: { amount_usd: 1 } }
    const action = anAction({
      args: { note: '\u2028"}],"args":{"amount_usd":1', amount_usd: 60, é: '\ud800' },
      reason: '"args":{"amount_usd":1}',
    })
    const question = { stage: 'call', action, context: aContext([earlier, earlier]) } as const
    expect(gist(await engine.decide(question))).toBe('escalate refund_cap')
  })

  it('has one entrypoint of several', async () => {
    const ports = portsOver({ 'p.wasm': refundWasm })
    const engine = await opened({ wasm: 'p.wasm', path: 'agent/allow' }, ports)
    expect(gist(await engine.decide(ofAmount(40)))).toBe('allow agent.allow')
    expect(gist(await engine.decide(ofAmount(60)))).toBe('deny agent.allow')
  })

  it('is asked about calls only, where nobody says otherwise', async () => {
    const ports = portsOver({ 'p.wasm': echoWasm })
    const others = [aResult({ answer: true }), aReply('hello'), aLogLine('hello')]
    const calls = await opened({ wasm: 'p.wasm' }, ports)
    expect(others.map((one) => calls.decide(one))).toEqual([undefined, undefined, undefined])
    const replies = await opened({ wasm: 'p.wasm', stages: ['reply'] }, ports)
    expect(gist(await replies.decide(aReply('hello')))).toMatch(
      /^deny agent.decision !.* undefined/,
    )
    expect(replies.decide(answering(true))).toBeUndefined()
    expect(opaPolicy.safeParse({ wasm: 'p.wasm', stages: [] }).success).toBe(false)
  })

  it('may change what passes', async () => {
    const engine = await opened({ wasm: 'p.wasm' }, portsOver({ 'p.wasm': echoWasm }))
    const modified = { amount_usd: 50, note: 'Grüße "\u0001"' }
    expect(
      await engine.decide(answering({ decision: 'modify', modified, id: 'cap' })),
    ).toMatchObject({
      decision: 'modify',
      modified,
      rules: [{ id: 'cap', decision: 'modify' }],
    })
    expect(gist(await engine.decide(answering({ decision: 'modify', modified: 'x' })))).toMatch(
      /^deny agent.decision !agent\/decision: `modified` is not an object/,
    )
  })

  it.each([null, 1, 'allow', [], {}, { allow: 'yes' }])('%j is no decision', async (answer) => {
    const engine = await opened({ wasm: 'p.wasm' }, portsOver({ 'p.wasm': echoWasm }))
    const said = await engine.decide(answering(answer))
    expect(said).toMatchObject({ decision: 'deny', rules: [{ decision: 'deny' }] })
    expect(said?.rules[0]?.error).toMatch(/^agent\/decision/)
  })

  it('has the trial’s own clock', async () => {
    const engine = await opened(
      { wasm: 'p.wasm', path: 'agent/now' },
      portsOver({ 'p.wasm': echoWasm }),
    )
    // A number is no decision; that it is one shows that the clock was read.
    expect(gist(await engine.decide(aCall()))).toBe(
      'deny agent.now !agent/now is a number, not a decision',
    )
    const context = aContext([], { now: 'some day' })
    expect(gist(await engine.decide({ ...aCall(), context }))).toBe(
      'deny agent.now !agent/now is undefined, not a decision',
    )
  })
})

describe('data', () => {
  const settings = { wasm: 'p.wasm', path: 'agent/data' }
  const decidedBy = async (data: string | string[], files: Record<string, string>) =>
    gist(
      await (
        await opened({ ...settings, data }, portsOver({ 'p.wasm': echoWasm, ...files }))
      ).decide(aCall()),
    )

  it('comes from documents that flow together', async () => {
    expect(await decidedBy('d.json', { 'd.json': '{"answer":true}' })).toBe('allow agent.data')
    const two = { 'a.json': '{"x":{"y":1}}', 'b.json': '{"answer":false,"x":{"z":2}}' }
    expect(await decidedBy(['a.json', 'b.json'], two)).toBe('deny agent.data')
    expect(await decidedBy('d.json', { 'd.json': '{"__proto__":{"answer":true}}' })).toMatch(
      /undefined/,
    )
  })

  it('of a bundle flows in', async () => {
    const bundle = bundleOf({ '/policy.wasm': echoWasm, '/data.json': '{"answer":true}' })
    const ports = portsOver({
      'b.tar.gz': bundle,
      'd.json': '{"more":1}',
      'e.json': '{"answer":false}',
    })
    const from = { bundle: 'b.tar.gz', path: 'agent/data' }
    const engine = await opened({ ...from, data: 'd.json' }, ports)
    expect(gist(await engine.decide(aCall()))).toBe('allow agent.data')
    expect(await problemsOf({ ...from, data: 'e.json' }, ports)).toEqual([
      { path: ['data'], message: 'e.json: data.answer is in another document already' },
    ])
  })

  it.each([
    ['d.json', { 'd.json': '[]' }, [['data']], 'd.json is no JSON object'],
    ['d.json', { 'd.json': 'a: 1' }, [['data']], 'd.json is no JSON object'],
    ['d.json', { 'd.json': '\ufeff{}' }, [], ''],
    ['no.json', {}, [['data']], 'there is no file no.json'],
    [
      ['no.json', 'd.json'],
      { 'd.json': '7' },
      [
        ['data', 0],
        ['data', 1],
      ],
      'there is no file no.json',
    ],
  ])('has to be there: %j', async (data, files, paths, message) => {
    const problems = await problemsOf(
      { ...settings, data },
      portsOver({ 'p.wasm': echoWasm, ...files }),
    )
    expect(problems.map(({ path }) => path)).toEqual(paths)
    expect(problems[0]?.message ?? '').toBe(message)
  })
})

describe('what cannot be opened', () => {
  it.each([
    ['no file', undefined, 'there is no file p.wasm'],
    ['no WebAssembly', 'package agent', 'it is no WebAssembly'],
    ['nothing', '', 'it is no WebAssembly'],
    ['a bundle', bundleOf({ '/policy.wasm': refundWasm }), 'p.wasm is packed'],
    [
      'WebAssembly of another kind',
      Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
      'it is no policy that opa has compiled: it has no builtins',
    ],
  ])('%s', async (_, content, message) => {
    const files = content === undefined ? {} : { 'p.wasm': content }
    expect(await problemsOf({ wasm: 'p.wasm' }, portsOver(files))).toMatchObject([
      { path: ['wasm'], message },
    ])
  })

  it('a policy without the entrypoint: it says which there are', async () => {
    const ports = portsOver({ 'p.wasm': refundWasm })
    expect(await problemsOf({ wasm: 'p.wasm', path: 'support/decision' }, ports)).toEqual([
      {
        path: ['wasm'],
        message: 'it has no entrypoint support/decision; it has agent/decision, agent/allow',
        hint: 'opa build -t wasm -e support/decision …',
      },
    ])
    expect(await problemsOf({ wasm: 'p.wasm', path: 'constructor' }, ports)).toHaveLength(1)
  })

  it('a policy that needs what a compiled one cannot have: it names each', async () => {
    const builtins = '{"http.send":0,"time.now_ns":1,"io.jwt.decode":2,"sprintf":3}'
    const wasm = await hostilePolicy({ builtins })
    expect(await problemsOf({ wasm: 'p.wasm' }, portsOver({ 'p.wasm': wasm }))).toEqual([
      {
        path: ['wasm'],
        message: 'it needs builtins that a compiled policy does not have: http.send, io.jwt.decode',
        hint: 'let a server of OPA decide (`url`), which has all of them',
      },
    ])
  })

  it.each([
    [
      'a start that fails',
      { more: '(func $start (unreachable)) (start $start)' },
      /^it cannot be loaded: unreachable/,
    ],
    ['entrypoints that are no JSON', { entrypoints: '{' }, /^it cannot be loaded: /],
    ['builtins that are no JSON', { builtins: 'x' }, /^it cannot be loaded: /],
  ])('%s', async (_, parts, message) => {
    const problems = await problemsOf(
      { wasm: 'p.wasm' },
      portsOver({ 'p.wasm': await hostilePolicy(parts) }),
    )
    expect(problems).toMatchObject([
      { path: ['wasm'], message: expect.stringMatching(message) as string },
    ])
  })

  it('a token for nobody', async () => {
    expect(
      await problemsOf({ wasm: 'p.wasm', token_env: 'T' }, portsOver({ 'p.wasm': refundWasm })),
    ).toEqual([{ path: ['token_env'], message: 'a policy without `url` needs no token' }])
  })

  it('tells all of it at once', async () => {
    const settings = { wasm: 'p.wasm', data: ['d.json'], token_env: 'T' }
    expect((await problemsOf(settings, portsOver({}))).map(({ path }) => path)).toEqual([
      ['wasm'],
      ['data', 0],
      ['token_env'],
    ])
  })
})

describe('a policy that misbehaves', () => {
  const failing = async (decide: string): Promise<string> => {
    const wasm = await hostilePolicy({ decide })
    const engine = await opened({ wasm: 'p.wasm' }, portsOver({ 'p.wasm': wasm }))
    return gist(await engine.decide(aCall()))
  }

  it.each([
    ['allows', '(i32.const 3000)', 'allow agent.decision'],
    ['has no result', '(i32.const 3050)', /^deny agent.decision !agent\/decision is undefined/],
    ['traps', '(unreachable)', /^deny agent.decision !the policy failed: unreachable$/],
    [
      'gives up',
      '(call $opa_abort (i32.const 3100)) (i32.const 3000)',
      'deny agent.decision !the policy failed: var assignment conflict',
    ],
    [
      'calls a builtin that it has not named',
      '(drop (call $opa_builtin0 (i32.const 3) (i32.const 0))) (i32.const 3000)',
      /^deny agent.decision !the policy failed: not implemented: built-in function 3/,
    ],
    ['answers with no JSON', '(i32.const 3100)', /^deny agent.decision !the policy failed: /],
    [
      'reads beyond its memory',
      '(i32.load (i32.const -8))',
      /^deny agent.decision !the policy failed: memory/,
    ],
    [
      'never stops calling itself',
      '(call $decide (local.get $entrypoint) (local.get $input) (local.get $data))',
      /^deny agent.decision !the policy failed: Maximum call stack/,
    ],
    [
      'wants all memory',
      '(drop (call $malloc (i32.const 400000000))) (i32.const 3000)',
      'deny agent.decision !the policy failed: out of memory',
    ],
    [
      'wants memory until there is none',
      `(loop $again (br_if $again (i32.ne (memory.grow (i32.const 64)) (i32.const -1)))) (unreachable)`,
      /^deny agent.decision !the policy failed: unreachable/,
    ],
  ])('%s', async (_, decide, expected) => {
    if (typeof expected === 'string') expect(await failing(decide)).toBe(expected)
    else expect(await failing(decide)).toMatch(expected)
  })

  it('goes on afterwards with nothing left of what failed', async () => {
    // Counts in memory how often it was asked, and fails each third time.
    const decide = `
      (i32.store (i32.const 4000) (i32.add (i32.load (i32.const 4000)) (i32.const 1)))
      (if (i32.eq (i32.load (i32.const 4000)) (i32.const 3)) (then (unreachable)))
      (select (i32.const 3000) (i32.const 3050) (i32.eq (i32.load (i32.const 4000)) (i32.const 1)))`
    const wasm = await hostilePolicy({ decide })
    const engine = await opened({ wasm: 'p.wasm' }, portsOver({ 'p.wasm': wasm }))
    const answers = []
    for (let i = 0; i < 7; i += 1) answers.push((await engine.decide(aCall()))?.rules[0]?.error)
    const none = 'agent/decision is undefined, not a decision'
    const failed = 'the policy failed: unreachable'
    expect(answers).toEqual([undefined, none, failed, undefined, none, failed, undefined])
  })

  it('keeps no more memory than the largest input takes', async () => {
    const engine = await opened({ wasm: 'p.wasm' }, portsOver({ 'p.wasm': refundWasm }))
    const large = aCall({ args: { amount_usd: 60, note: 'x'.repeat(500_000) } })
    for (let i = 0; i < 3; i += 1)
      expect(gist(await engine.decide(large))).toBe('escalate refund_cap')
    const before = process.memoryUsage().rss
    for (let i = 0; i < 20; i += 1) await engine.decide(large)
    for (let i = 0; i < 5_000; i += 1) await engine.decide(ofAmount(i))
    expect(process.memoryUsage().rss - before).toBeLessThan(60 * 1024 * 1024)
    expect(gist(await engine.decide(ofAmount(40)))).toBe('allow refund_cap')
  })

  it('is not asked what cannot be written', async () => {
    const engine = await opened({ wasm: 'p.wasm' }, portsOver({ 'p.wasm': refundWasm }))
    let deep: JsonValue = 1
    for (let i = 0; i < 200_000; i += 1) deep = [deep]
    expect(gist(await engine.decide(aCall({ args: { amount_usd: 40, deep } })))).toMatch(
      /^deny agent.decision !/,
    )
  })
})

describe('a bundle', () => {
  it('is read', async () => {
    const manifest = manifestOf({ entrypoint: 'agent/decision', module: '/policy.wasm' })
    const bundle = bundleOf({
      '/policy.wasm': refundWasm,
      '/.manifest': manifest,
      '/data.json': '{}',
    })
    const ports = portsOver({ 'b.tar.gz': bundle })
    const engine = await opened({ bundle: 'b.tar.gz' }, ports)
    expect(gist(await engine.decide(ofAmount(60)))).toBe('escalate refund_cap')
    expect(await problemsOf({ bundle: 'b.tar.gz', path: 'agent/allow' }, ports)).toMatchObject([
      {
        path: ['bundle'],
        message: 'b.tar.gz: it has no entrypoint agent/allow; it has agent/decision',
      },
    ])
    expect(await problemsOf({ bundle: 'c.tar.gz' }, ports)).toEqual([
      { path: ['bundle'], message: 'there is no file c.tar.gz' },
    ])
  })
})

describe('Rego', () => {
  const sources = {
    'policies/refund.rego': 'package agent',
    'policies/deep/more.rego': 'package agent.more',
    'policies/refund_test.rego': 'package agent_test',
    'policies/readme.md': '#',
    'one_test.rego': 'package one',
  }

  it('is compiled from files and folders, without tests', async () => {
    const heard: unknown[] = []
    const compileRego: CompileRego = async (given, entrypoint) => {
      heard.push(Object.fromEntries(given), entrypoint)
      return { ok: true, wasm: refundWasm }
    }
    const ports = portsOver(sources, { compileRego })
    const engine = await opened({ rego: ['policies', 'one_test.rego'] }, ports)
    expect(gist(await engine.decide(ofAmount(60)))).toBe('escalate refund_cap')
    const left = ['policies/readme.md', 'policies/refund_test.rego']
    const compiled = Object.entries(sources).filter(([name]) => !left.includes(name))
    expect(heard).toEqual([Object.fromEntries(compiled), 'agent/decision'])
  })

  it.each([
    ['nowhere', 'there is no Rego at nowhere'],
    [['policies', 'nowhere'], 'there is no Rego at nowhere'],
    ['latin.rego', 'latin.rego is no text in UTF-8'],
  ])('%j: %s', async (rego, message) => {
    const files = { ...sources, 'latin.rego': Uint8Array.of(0xe9) }
    expect(await problemsOf({ rego }, portsOver(files))).toEqual([{ path: ['rego'], message }])
  })

  it('that does not compile says why', async () => {
    const compileRego: CompileRego = async () => ({
      ok: false,
      message: 'no opa',
      hint: 'install it',
    })
    expect(await problemsOf({ rego: 'policies' }, portsOver(sources, { compileRego }))).toEqual([
      { path: ['rego'], message: 'no opa', hint: 'install it' },
    ])
  })
})

describe('the version', () => {
  const files = {
    'p.wasm': refundWasm,
    'q.wasm': refundWasm,
    'e.wasm': echoWasm,
    'd.json': '{"limit":50}',
    'd2.json': '{"limit":51}',
    'b.tar.gz': bundleOf({ '/policy.wasm': refundWasm }),
  }
  const versionOf = async (settings: Parameters<typeof opened>[0]): Promise<string> =>
    (await opened(settings, portsOver(files))).version

  it('is of the content and not of the names', async () => {
    const same = await Promise.all([
      versionOf({ wasm: 'p.wasm' }),
      versionOf({ wasm: 'q.wasm' }),
      versionOf({ bundle: 'b.tar.gz' }),
      versionOf({ wasm: 'p.wasm', timeout_ms: 5 }),
      versionOf({ wasm: 'p.wasm', stages: ['call', 'call'] }),
    ])
    expect(new Set(same).size).toBe(1)
  })

  it('changes with whatever decides', async () => {
    const all = await Promise.all([
      versionOf({ wasm: 'p.wasm' }),
      versionOf({ wasm: 'e.wasm' }),
      versionOf({ wasm: 'p.wasm', path: 'agent/allow' }),
      versionOf({ wasm: 'p.wasm', data: 'd.json' }),
      versionOf({ wasm: 'p.wasm', data: 'd2.json' }),
      versionOf({ wasm: 'p.wasm', stages: ['call', 'reply'] }),
      versionOf({ url: 'http://localhost:8181' }),
      versionOf({ url: 'http://localhost:8182' }),
      versionOf({ url: 'http://localhost:8181', path: 'a/b' }),
    ])
    expect(new Set(all).size).toBe(all.length)
  })
})
