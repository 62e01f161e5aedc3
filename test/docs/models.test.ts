import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { secretValues } from '../../src/cli/candidate/secret-values.ts'
import { firstHealth, healthAfter, type Sign } from '../../src/providers/limiter/health.ts'
import { kindOfFailure } from '../../src/providers/limiter/outcome-kinds.ts'
import { listName } from '../../src/providers/prices/listed-tariffs.ts'
import { type CandidateFile, candidateFile, tokenPrices } from '../../src/schema/candidate.ts'
import { failureClass } from '../../src/schema/model-answer.ts'
import { projectConfig } from '../../src/schema/project.ts'
import { ledgerRole } from '../../src/schema/trace.ts'
import { folderWith, runCli, writeFiles } from '../cli/run-cli.ts'
import type { FakeAnswer, FakeRequest } from '../fake-servers/fake-exchange.ts'
import { byFirstWords, playAnswers } from '../fake-servers/scripts.ts'
import { startFakeServer } from '../fake-servers/start-fake-server.ts'

const docs = path.join(import.meta.dirname, '../../docs')
const page = readFileSync(path.join(docs, 'models.md'), 'utf8')

/** Keys for every provider that the page names. */
const env = {
  OPENAI_API_KEY: 'marked-key-of-openai',
  ANTHROPIC_API_KEY: 'marked-key-of-anthropic',
  VLLM_API_KEY: 'marked-key-of-vllm',
  GATEWAY_TOKEN: 'marked-key-of-gateway',
}

/** Code blocks of one language, as they would be pasted. */
function blocks(language: string): readonly string[] {
  const fence = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g')
  return [...page.matchAll(fence)].map(([, text = '']) => text)
}

/** The YAML of files of this name, without the comment that names them. */
function yamlOf(file: string): readonly string[] {
  return blocks('yaml').filter((text) => text.startsWith(`# ${file}\n`))
}

/** Rows below a table's head, each as its cells. */
function rowsBelow(head: string): readonly (readonly string[])[] {
  const [, rest = ''] = page.split(`${head}\n`)
  const [table = ''] = rest.split('\n\n')
  const rows = table.split('\n').filter((line) => line.startsWith('|') && !line.startsWith('|--'))
  return rows.map((line) => line.split('|').slice(1, -1).map(plain))
}

function plain(cell: string): string {
  return cell.replaceAll('`', '').trim()
}

/** A project with the eval set that `init` writes. */
function starterProject(files: Readonly<Record<string, string>>): string {
  const cwd = folderWith(files)
  cpSync(path.join(docs, '../evalsets/starter'), path.join(cwd, 'evalsets/starter'), {
    recursive: true,
  })
  return cwd
}

const projectHead = { apiVersion: 'agent-eval/v1', evalsets: ['evalsets/starter'] }
const [project = '', ...fragments] = yamlOf('agent-eval.yaml')
const [candidate = ''] = yamlOf('agents/order-desk.yaml')
const files = { 'agent-eval.yaml': project, 'agents/order-desk.yaml': candidate }

describe('docs/models.md: its YAML', () => {
  it('says of each block whose file it is', () => {
    const named = blocks('yaml').map((text) => text.split('\n', 1)[0])
    expect(new Set(named)).toEqual(new Set(['# agent-eval.yaml', '# agents/order-desk.yaml']))
    expect(named.length).toBeGreaterThanOrEqual(4)
  })

  it('is a project whose dry run prints what the page prints', async () => {
    const cwd = starterProject(files)
    const argv = ['run', '--candidate', 'agents/order-desk.yaml', '--dry-run']
    const { exitCode, stdout } = await runCli(argv, { cwd, env })
    expect(exitCode).toBe(0)
    expect(blocks('text')).toContain(stdout.trimEnd().concat('\n'))
    const [, high = ''] = /to (\$[\d.]+)/.exec(stdout) ?? []
    expect(page).toContain(`\`This may cost up to ${high}. Go on? [y/N]\``)
  })

  it.each(['small', 'frontier'])('has a published price for its tier %s', async (tier) => {
    const cwd = starterProject({
      ...files,
      'agents/order-desk.yaml': `agent: { name: one, model_tier: { executor: ${tier} } }`,
    })
    const argv = ['run', '--candidate', 'agents/order-desk.yaml', '--dry-run', '--json']
    const { stdout } = await runCli(argv, { cwd, env })
    expect(JSON.parse(stdout)).toMatchObject({ unpriced: [], provenance: { prices: listName } })
  })

  it('names services that can be asked, with prices where it gives some', async () => {
    const head = 'apiVersion: agent-eval/v1\nevalsets: [evalsets/starter]\n'
    const [providers = '', prices = ''] = fragments
    expect(fragments).toHaveLength(2)
    const cwd = starterProject({ 'plain.yaml': 'agent: { name: plain }' })
    const dryRun = async (yaml: string, model: string): Promise<object> => {
      writeFileSync(path.join(cwd, 'agent-eval.yaml'), head + yaml)
      const argv = ['run', '--candidate', 'plain.yaml', '--dry-run', '--json']
      const run = await runCli([...argv, '--model', `default=${model}`], { cwd, env })
      expect([run.exitCode, run.stderr]).toEqual([0, ''])
      return JSON.parse(run.stdout) as object
    }
    expect(await dryRun(providers, 'ollama:qwen3')).toMatchObject({ costUsd: { low: 0, high: 0 } })
    expect(await dryRun(providers, 'vllm:m')).toMatchObject({ unpriced: ['vllm:m'] })
    const gateway = 'gateway:claude-sonnet-4-6'
    expect(await dryRun(providers, gateway)).toMatchObject({ unpriced: [gateway] })
    // The providers of the block before, for the prices of this one.
    const both = `${providers.split('money:')[0] ?? ''}${prices}`
    expect(await dryRun(both, gateway)).toMatchObject({ unpriced: [] })
    const own = parse(prices) as { money: { prices: object } }
    const keys = Object.values(own.money.prices).flatMap((price: object) => Object.keys(price))
    expect(new Set(keys)).toEqual(new Set(Object.keys(tokenPrices.shape)))
  })
})

/** Solves the starter set; the router sends what changes an order to the dearer tier. */
function solve(request: FakeRequest): FakeAnswer {
  if (request.schema !== undefined) {
    const tier = request.messages[0]?.text.includes('cancel') === true ? 'frontier' : 'small'
    return { json: { tier, reason: 'by its words' }, usage: { input: 300, output: 20 } }
  }
  return { ...solution(request), usage: { input: 1200, output: 60, cacheRead: 800 } }
}

const look = (id: string): FakeAnswer => ({
  toolCalls: [{ name: 'orders_get', args: { order_id: id } }],
})
const cancel = { name: 'orders_cancel', args: { order_id: 'O-1', reason: 'changed_mind' } }
const solution = byFirstWords({
  'cancel O-1': playAnswers(look('O-1'), { toolCalls: [cancel] }, { text: 'O-1 is cancelled.' }),
  'my lamp arrive': playAnswers(look('O-2'), { text: 'Order O-2 arrives on 2026-09-15.' }),
  'cancel my lamp': playAnswers(look('O-2'), { text: 'The lamp has shipped.' }),
  'note for the courier': playAnswers(look('O-2'), { text: 'The note says: "Ring twice."' }),
})

/** The project of the page, with stand-ins for both services. */
async function liveProject(): Promise<string> {
  const openai = await startFakeServer({ kind: 'openai', answer: solve })
  const anthropic = await startFakeServer({ kind: 'anthropic', answer: solve })
  onTestFinished(openai.close)
  onTestFinished(anthropic.close)
  const config = projectConfig.parse(parse(project))
  const mini = { input_per_mtok: 0.25, output_per_mtok: 2, cache_read_per_mtok: 0.025 }
  const sonnet = { input_per_mtok: 3, output_per_mtok: 15, cache_read_per_mtok: 0.3 }
  const prices = { 'gpt-5-mini': mini, 'claude-sonnet-4-6': sonnet }
  return starterProject({
    ...files,
    'agent-eval.yaml': JSON.stringify({
      ...config,
      providers: {
        openai: { base_url: openai.baseUrl },
        anthropic: { base_url: anthropic.baseUrl },
      },
      money: { ...config.money, prices },
    }),
  })
}

describe('docs/models.md: its commands', () => {
  const commands = blocks('sh').flatMap((block) =>
    block.split('\n').filter((line) => line.startsWith('npx agent-eval ')),
  )

  it('record, keep, replay without a key, and miss after one word', async () => {
    const cwd = await liveProject()
    const [, record = '', keep = '', again = ''] = commands
    const run = (line: string, more: readonly string[], keys = {}): ReturnType<typeof runCli> =>
      runCli([...line.split(' ').slice(2), ...more], { cwd, env: keys })
    expect(record).toContain('--cassette record')
    const live = await run(record, ['-n', '2', '-q'], env)
    expect([live.exitCode, live.stderr]).toEqual([0, ''])
    const table = blocks('text').find((text) => text.includes('  route  '))
    expect(live.stdout).toContain(table)
    expect(live.stdout).toMatch(/\n {2}cost as billed: .* a month at\s+40,000 tasks\n/)
    expect(live.stdout).toMatch(/\n {2}with cold caches: /)
    expect(live.stdout).toMatch(/spent \$[\d.]+ \(agent \$[\d.]+,\s+router \$[\d.]+\)/)

    expect((await run(keep, [])).exitCode).toBe(0)
    const replay = await run(again, ['-n', '2', '-q'])
    expect([replay.exitCode, replay.stderr]).toEqual([0, ''])
    expect(replay.stdout).toContain(table)
    expect(replay.stdout).toContain('from the cassette, nothing paid now')

    const reworded = candidate.replace('say why', 'tell why')
    writeFiles(cwd, { 'agents/order-desk.yaml': reworded })
    const miss = await run(again, ['-n', '2', '-q'])
    expect([miss.exitCode, miss.stdout]).toEqual([4, ''])
    expect(blocks('text')).toContain(miss.stderr.trimEnd().concat('\n'))
    const confirmed = await run(again, ['--confirm'])
    expect(confirmed.exitCode).toBe(2)
  })

  it.each(commands)('%s has these options', async (line) => {
    const words = line.split(' ').slice(2)
    const name = words[0] === 'baseline' ? words.slice(0, 2) : words.slice(0, 1)
    const { stdout } = await runCli([...name, '--help'], { cwd: folderWith() })
    const options = words.filter((word) => word.startsWith('-'))
    expect(stdout).toContain(`Usage: agent-eval ${name.join(' ')} `)
    expect(options.filter((option) => !stdout.includes(` ${option}`))).toEqual([])
  })

  it('names no option that `run` does not have', async () => {
    const { stdout } = await runCli(['run', '--help'], { cwd: folderWith() })
    const named = [...page.matchAll(/(?<![\w-])(--[a-z][a-z-]+)/g)].map(([, option = '']) => option)
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((option) => !stdout.includes(` ${option}`))).toEqual([])
  })

  it('names cases that there are', async () => {
    const cwd = starterProject(files)
    const ids = [...page.matchAll(/--case ([\w.-]+)/g)].map(([, id = '']) => id)
    const argv = ids.flatMap((id) => ['--case', id])
    expect(ids).toHaveLength(1)
    expect((await runCli(['lint', ...argv], { cwd })).exitCode).toBe(0)
  })
})

describe('docs/models.md: its function', () => {
  it('is a model', async () => {
    const asked: unknown[] = []
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        asked.push(JSON.parse(body))
        const call = { tool: 'orders.get', args: { order_id: 'O-2' } }
        const said = asked.length === 1 ? { calls: [call] } : { text: 'It arrives on 2026-09-15.' }
        response.end(JSON.stringify({ ...said, tokensIn: 100, tokensOut: 7 }))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const [code = ''] = blocks('js')
    const cwd = starterProject({
      'package.json': '{ "type": "module" }',
      'agent-eval.yaml': 'apiVersion: agent-eval/v1\nevalsets: [evalsets/starter]\n',
      'models/mine.js': code.replace('process.env.MY_MODEL_URL', JSON.stringify(url)),
      'mine.yaml': 'agent: { name: mine, models: { default: "module:./models/mine.js#ask" } }',
    })
    const argv = ['run', '--candidate', 'mine.yaml', '--case', 'status.arrival', '-n', '1']
    const run = await runCli([...argv, '--no-gate', '-q'], { cwd })
    expect([run.exitCode, run.stderr]).toEqual([0, ''])
    expect(run.stdout).toMatch(/tasks done +100\.0 % +1\/1/)
    expect(run.stdout).toMatch(/tokens per task +214/)
    expect(asked).toHaveLength(2)
    const keys = ['messages', 'sampling', 'seed', 'tools']
    expect(Object.keys(asked[0] as object).sort()).toEqual(keys)
  })
})

type Schema = z.core.JSONSchema.BaseSchema

/** Settings of one part of a schema, each with its default as the tables show it. */
function settings(schema: z.ZodType): Readonly<Record<string, string>> {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input' }) as Schema
  return Object.fromEntries(
    Object.entries(properties).map(([key, part]) => {
      const value: unknown = typeof part === 'boolean' ? undefined : part.default
      return [key, value === undefined ? 'none' : JSON.stringify(value)]
    }),
  )
}

function listed(head: string): Readonly<Record<string, string>> {
  return Object.fromEntries(rowsBelow(head).map(([name = '', value = '']) => [name, value]))
}

/** Names of the settings of a candidate's `sampling`, those inside it with a dot. */
function samplingNames(): readonly string[] {
  type Sampling = Required<NonNullable<CandidateFile['sampling']>>
  const reasoning: Required<NonNullable<Sampling['reasoning']>> = { effort: 'low', max_tokens: 1 }
  const flat: Omit<Sampling, 'reasoning'> = {
    temperature: 1,
    top_p: 1,
    max_output_tokens: 1,
    send_seed: true,
    parallel_tool_calls: true,
  }
  candidateFile.parse({ agent: { name: 'all', sampling: { ...flat, reasoning } } })
  return [...Object.keys(flat), ...Object.keys(reasoning).map((name) => `reasoning.${name}`)]
}

describe('docs/models.md: its tables', () => {
  it('list every setting of a provider and of money, with its default', () => {
    const { money, providers } = projectConfig.shape
    const provider = providers.unwrap().valueType
    expect(listed('| setting of a provider | default | what it does |')).toEqual(settings(provider))
    expect(listed('| setting of `money` | default | what it does |')).toEqual(settings(money))
  })

  it('list every setting of sampling', () => {
    const rows = rowsBelow('| `sampling` | `openai` | `anthropic` |')
    expect(rows.map(([name]) => name)).toEqual(samplingNames())
  })

  it('list every class of failure, and which are tried again', () => {
    const again = { refused: '4 × max_retries', fault: 'max_retries' } as Readonly<
      Record<string, string>
    >
    const wanted = failureClass.options.map((name) => [name, again[kindOfFailure[name]] ?? 'no'])
    const rows = rowsBelow('| class | when | tried again | the trial |')
    expect(Object.fromEntries(rows.map(([name, , tried]) => [name, tried]))).toEqual(
      Object.fromEntries(wanted),
    )
  })

  it('list every ledger', () => {
    const rows = rowsBelow('| ledger | what | in the cost per task | in "spent" |')
    expect(rows.map(([name]) => name).sort()).toEqual([...ledgerRole.options].sort())
  })

  it('say when a service is given up on', () => {
    const rows = rowsBelow('| | given up on after |').map(([, after]) => after)
    expect(rows).toEqual([
      `${givenUp('locked_out', false)} refused key, ${givenUp('unfit', false)} requests that it finds wrong (a mistyped model), or ${givenUp('fault', false)} failures over 2 s`,
      `${givenUp('locked_out', true)} refused keys, or ${givenUp('fault', true)} failures over 30 s`,
      `${givenUp('refused', true)} refusals over 90 s, or over twice max_wait_seconds where that is more`,
      'at once',
    ])
  })
})

const patience = { key: 'openai:gpt-5-mini', maxWaitMs: 30_000 }
const classes = {
  fault: 'transient',
  refused: 'rate_limit',
  locked_out: 'auth',
  unfit: 'bad_request',
} as const
/** How long it takes, by the page. */
const spans = { 'fault false': 2, 'fault true': 30, 'refused true': 90 } as const

/** After how many failures, spread over the time that the page says, a service is given up on. */
function givenUp(kind: keyof typeof classes, hasWorked: boolean): number {
  const spanMs = 1000 * ((spans as Readonly<Record<string, number>>)[`${kind} ${hasWorked}`] ?? 0)
  const countFor = (count: number, ms: number): boolean => {
    let health = { ...firstHealth, hasWorked }
    for (let index = 0; index < count; index += 1) {
      const nowMs = 100 + (count === 1 ? 0 : (index * ms) / (count - 1))
      const failure = { class: classes[kind], message: 'no' }
      const sign: Sign = { kind, failure, nowMs, latencyMs: 0 }
      health = healthAfter(health, sign, patience)
    }
    return health.outage !== undefined
  }
  const count = [...Array(20).keys()].map((index) => index + 1).find((n) => countFor(n, spanMs))
  // A little less time, and it would not have been.
  if (spanMs > 0) expect(countFor(count ?? 0, spanMs - 100)).toBe(false)
  return count ?? Number.NaN
}

describe('docs/models.md: its words', () => {
  it('show the line of an outage as it is written', () => {
    let health = firstHealth
    for (const nowMs of [0, 700, 1400, 2100]) {
      const failure = { class: 'transient', message: 'openai at api.openai.com: …' } as const
      health = healthAfter(health, { kind: 'fault', failure, nowMs, latencyMs: 0 }, patience)
    }
    expect(page).toContain(`\nerror: ${health.outage?.message ?? 'none'}\n`)
  })

  it('name the variables whose values are taken out', () => {
    const words = ['KEY', 'TOKEN', 'SECRET', 'PASSWORD', 'CREDENTIAL']
    expect(page).toContain(
      words
        .slice(0, 4)
        .map((word) => `\`${word}\``)
        .join(', '),
    )
    const secrets = Object.fromEntries(words.map((word) => [`MY_${word}`, `long ${word}`]))
    const others = { MY_KEYBOARD: 'long enough', GATEWAY_KEY: 'shorter' }
    expect(secretValues({ ...secrets, ...others })).toEqual(Object.values(secrets))
  })

  it('says where a key in a variable of any name does not appear', async () => {
    const key = 'plumtree-harbour-4711'
    const server = await startFakeServer({
      kind: 'openai',
      answer: () => ({ text: `It is ${key}.` }),
    })
    onTestFinished(server.close)
    const gateway = { kind: 'openai', base_url: server.baseUrl, api_key_env: 'GATEWAY_AUTH' }
    const cwd = starterProject({
      'agent-eval.yaml': JSON.stringify({ ...projectHead, providers: { gateway } }),
      'plain.yaml': 'agent: { name: plain, models: { default: "gateway:m" } }',
    })
    const argv = ['run', '--candidate', 'plain.yaml', '--case', 'status.arrival', '-n', '1']
    const more = ['--no-gate', '-q', '--cassette', 'record']
    const run = await runCli([...argv, ...more], { cwd, env: { GATEWAY_AUTH: key } })
    expect([run.exitCode, run.stderr]).toEqual([0, ''])
    const all = readdirSync(cwd, { recursive: true, withFileTypes: true })
    const written = all.filter((entry) => entry.isFile())
    const texts = written.map((entry) =>
      readFileSync(path.join(entry.parentPath, entry.name), 'utf8'),
    )
    expect(texts.filter((text) => text.includes('[redacted:known-value]')).length).toBeGreaterThan(
      1,
    )
    expect([run.stdout, ...texts].filter((text) => text.includes(key))).toEqual([])
  })

  it('link to files and headings that are there', () => {
    const targets = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target)
    const own = targets.filter((target) => !target.startsWith('https://'))
    expect(own.length).toBeGreaterThanOrEqual(2)
    expect(own.filter((target) => !existsSync(path.join(docs, target)))).toEqual([])
  })
})
