import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { bin } from '../cli/real-process.ts'
import { folderWith } from '../cli/run-cli.ts'
import { dataOf, parsedHtml } from '../report/page/parsed-html.ts'
import { reporterIds } from './hostile-run.ts'
import {
  expectInertLog,
  expectInertMarkdown,
  expectInertPage,
  expectInertText,
  markerOf,
} from './inert.ts'

/** Ten million characters without a break, hostile at both ends and in the middle. */
const bad = '\\u001b[31m::error::x</script>@copilot'
const loud = `'${bad}' + 'x'.repeat(5e6) + '${bad}' + 'y'.repeat(5e6) + '${bad}'`

const ids = ['reply', 'throw', 'name', 'arguments', 'reason', 'result', 'print']

const project = {
  'agent-eval.yaml': 'apiVersion: agent-eval/v1\nevalsets: [set]\n',
  'set/evalset.yaml': `
apiVersion: agent-eval/v1
id: loud
version: "1"
candidate: agent.yaml
defaults: { trials: 1 }
`,
  'set/agent.yaml': 'agent: { name: loud, target: { module: ./agent.mjs, timeout_seconds: 60 } }\n',
  'set/agent.mjs': `
const loud = ${loud}
export default async ({ conversation }, tools) => {
  const [{ text }] = conversation
  if (text.startsWith('reply')) return loud
  if (text.startsWith('throw')) throw new Error(loud)
  if (text.startsWith('name')) await tools.call(loud, { text: 'x' })
  if (text.startsWith('arguments')) await tools.call('desk.get', { text: loud })
  if (text.startsWith('reason')) await tools.call('desk.get', {}, { reason: loud })
  if (text.startsWith('print')) console.log(loud)
  const { value } = await tools.call('desk.get', { text: 'x' })
  return 'it has ' + value.text.length + ' characters'
}
`,
  'set/tools.mjs': `
const loud = ${loud}
export const get = () => ({ result: { text: loud, [loud]: [loud] } })
`,
  'set/world.yaml': `
clock: "2026-09-14T10:00:00Z"
state: {}
tools:
  desk.get:
    description: Reads.
    risk_tier: 0
    effect: read
    input: { type: object, properties: { text: { type: string } } }
    module: ./tools.mjs#get
`,
  'set/cases/outcome/cases.yaml': ids
    .map(
      (id) => `
- id: ${id}
  ask: ${id}
  expect: { says: [{ any: never }] }
  oracle: [{ say: never }]
`,
    )
    .join(''),
}

/** Megabytes of memory that the program may use for its objects, with 100 MB of such text going through it. */
const heapMb = 512

/** The most that each format may take, in kilobytes: a page has its client and the traces. */
const mostKb: Readonly<Record<string, number>> = { html: 400 }
const mostKbOfOthers = 40

describe('a line of ten million characters, as a reply, a name, arguments, a result, an error', () => {
  const cwd = folderWith(project)
  let printed: { readonly status: number | null; readonly stdout: string; readonly stderr: string }

  const command = (...argv: readonly string[]): typeof printed => {
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      [`--max-old-space-size=${heapMb}`, bin, ...argv],
      {
        cwd,
        env: { PATH: process.env['PATH'] ?? '', CI: 'true' },
        encoding: 'utf8',
        maxBuffer: 1e9,
      },
    )
    return { status, stdout, stderr }
  }

  beforeAll(() => {
    const each = reporterIds.flatMap((id) => ['-r', `${id}:out/report.${id}`])
    printed = command('run', '--allow-unlinted', '-o', 'runs', '-r', 'terminal', ...each)
  }, 120_000)

  test('passes through a run, with bounded memory and output', () => {
    expect(printed.stderr).not.toMatch(/heap|this is a bug/)
    expect([printed.status, printed.stderr.length < 20_000]).toEqual([0, true])
    expect(printed.stdout.length).toBeLessThan(20_000)
    expectInertLog(printed.stdout + printed.stderr)
    expectInertText(printed.stdout + printed.stderr)
  })

  test('stays short in every format', () => {
    for (const id of reporterIds) {
      const bytes = statSync(path.join(cwd, `out/report.${id}`)).size
      expect([id, bytes < 1000 * (mostKb[id] ?? mostKbOfOthers)]).toEqual([id, true])
    }
    const read = (id: string): string => readFileSync(path.join(cwd, `out/report.${id}`), 'utf8')
    expectInertMarkdown(read('markdown'), { headings: ['loud'], marker: markerOf('loud') })
    expectInertPage(read('html'))
    expect(dataOf(parsedHtml(read('html')))).toMatchObject({ kind: 'PageData' })
  })

  test('stays short where a trial is shown', () => {
    const [run = ''] = readdirSync(path.join(cwd, 'runs'))
    for (const id of ids) {
      const { status, stdout } = command('show', `runs/${run}/${id}`)
      expect([id, status, stdout.length < 50_000]).toEqual([id, 0, true])
      expectInertLog(stdout)
      expectInertText(stdout)
    }
  }, 120_000)
})
