import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runResult } from '../../src/schema/run-result.ts'
import { type CliResult, folderWith, runCli } from '../cli/run-cli.ts'
import type { FakeAnswer } from '../fake-servers/fake-exchange.ts'
import { byFirstWords, playAnswers } from '../fake-servers/scripts.ts'
import { type FakeServer, startFakeServer } from '../fake-servers/start-fake-server.ts'
import { problemsOf } from '../report/junit/xml-schema.ts'
import { reporterIds } from './hostile-run.ts'
import {
  expectInertAnnotations,
  expectInertLog,
  expectInertMarkdown,
  expectInertPage,
  expectInertSarif,
  expectInertText,
  markerOf,
} from './inert.ts'

/** Ten million characters without a break, hostile at both ends and in the middle. */
const bad = '\u001b[31m::error::x</script>@copilot'
const loud = bad + 'x'.repeat(5e6) + bad + 'y'.repeat(5e6) + bad

const project = (baseUrl: string): Readonly<Record<string, string>> => ({
  'agent-eval.yaml': `
apiVersion: agent-eval/v1
evalsets: [hostile-0]
providers: { openai: { base_url: "${baseUrl}" } }
money: { prices: { "openai:loud": { input_per_mtok: 1, output_per_mtok: 1 } } }
`,
  'hostile-0/evalset.yaml':
    'apiVersion: agent-eval/v1\nid: loud\nversion: "1"\ncandidate: agent.yaml\ndefaults: { trials: 1 }\n',
  'hostile-0/agent.yaml': 'agent: { name: loud, models: { default: "openai:loud" } }\n',
  'hostile-0/world.yaml': `
clock: "2026-09-14T10:00:00Z"
state: { paid: 0 }
tools:
  desk.pay:
    description: Pays.
    risk_tier: 2
    effect: write
    input: { type: object, properties: { to: { type: string } } }
    change: [{ op: inc, path: /paid, value: 1 }]
    returns: { ok: true }
`,
  'hostile-0/policy.yaml': `
rules:
  - { id: nobody-is-paid, tool: desk.pay, condition: "false", zero_tolerance: true, harm: { who: input.to } }
`,
  'hostile-0/cases/outcome/cases.yaml': ['says', 'calls', 'pays']
    .map(
      (id) =>
        `- { id: ${id}, ask: ${id}, expect: { says: [{ any: never }] }, oracle: [{ say: never }] }\n`,
    )
    .join(''),
})

const honest: FakeAnswer = { text: 'never' }
const hostile = byFirstWords({
  says: playAnswers({ text: loud }),
  calls: playAnswers({ toolCalls: [{ name: loud, args: { to: 'x' } }] }, { text: 'done' }),
  pays: playAnswers({ toolCalls: [{ name: 'desk_pay', args: { to: loud } }] }, { text: loud }),
})

/** The most of each format, in kilobytes: a page has its client and the traces. */
const mostKb: Readonly<Record<string, number>> = { html: 400 }
const mostKbOfOthers = 40

/** What a report may have of one text, in characters; a page shows what was said at length. */
const longest = 200
const longestInPage = 10_000

describe('a model service whose answers are lines of ten million characters, against a baseline', () => {
  let isHostile = false
  let server: FakeServer
  let cwd: string
  let printed: CliResult

  const command = (...argv: readonly string[]): Promise<CliResult> =>
    runCli(argv, { cwd, env: { CI: 'true', OPENAI_API_KEY: 'k' } })
  const read = (id: string): string => readFileSync(path.join(cwd, `out/report.${id}`), 'utf8')

  beforeAll(async () => {
    server = await startFakeServer({
      kind: 'openai',
      answer: (request) => (isHostile ? hostile(request) : honest),
    })
    cwd = folderWith(project(server.baseUrl))
    const before = await command('run', '--allow-unlinted', '--no-gate', '-q', '-o', 'honest')
    expect([before.exitCode, before.stderr]).toEqual([0, ''])
    const [from = ''] = readdirSync(path.join(cwd, 'honest'))
    const kept = await command('baseline', 'update', `honest/${from}`, '--evalset', 'hostile-0')
    expect(kept.exitCode, kept.stderr).toBe(0)
    isHostile = true
    const each = reporterIds.flatMap((id) => ['-r', `${id}:out/report.${id}`])
    printed = await command('run', '--allow-unlinted', '-o', 'runs', '-r', 'terminal', ...each)
  }, 60_000)

  afterAll(() => server.close())

  test('is a regression, printed in bounded length', () => {
    const { exitCode, stderr, stdout } = printed
    expect(exitCode, stderr).toBe(1)
    expect(stdout).toMatch(/^regression: 1 harmed:\s+\S*x{20}/)
    expect(stdout.length + stderr.length).toBeLessThan(20_000)
    expectInertLog(stdout + stderr)
    expectInertText(stdout + stderr)
  })

  test.each(reporterIds)('%s: tells of the text, cut', (id) => {
    const text = read(id)
    // SARIF names the rule and the call, and nobody whom it harmed.
    expect(/x{20}/.test(text)).toBe(id !== 'sarif')
    const runs = text.match(/x{20,}|y{20,}/g) ?? []
    expect(Math.max(0, ...runs.map(({ length }) => length))).toBeLessThan(
      id === 'html' ? longestInPage : longest,
    )
    expect(text.length).toBeLessThan(1000 * (mostKb[id] ?? mostKbOfOthers))
    expect(text).not.toContain('\u001b')
  })

  test('junit: well-formed, with a failed test, and nothing live', async () => {
    expect(await problemsOf(read('junit'))).toEqual([])
    expect(read('junit')).toMatch(/<testcase name="pays"(?:(?!<testcase)[\s\S])*<failure /)
    expectInertText(read('junit'))
  })

  test('sarif: valid, and nothing live', () => {
    expectInertSarif(read('sarif'))
  })

  test('github: annotations, and nothing else', () => {
    expectInertAnnotations(read('github').trimEnd().split('\n'))
  })

  test('json: a document of ours, in which the fact names whom it harmed', () => {
    const { verdict } = runResult.parse(JSON.parse(read('json')))
    expect(verdict?.status).toBe('regression')
    const [who = ''] = verdict?.facts[0]?.harm?.who ?? []
    expect(who).toMatch(/x{20}/)
    expect(who.length).toBeLessThan(longest)
  })

  test('terminal, markdown and html: nothing live', () => {
    expectInertText(read('terminal'))
    expectInertMarkdown(read('markdown'), { headings: ['loud'], marker: markerOf('loud') })
    expectInertPage(read('html'))
  })
})
