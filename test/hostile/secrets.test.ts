import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { folderWith, runCli } from '../cli/run-cli.ts'
import { fakeSecrets } from '../text/fake-secrets.ts'
import { reporterIds } from './hostile-run.ts'

/** Looks like a word, and is known because it stands in the environment under the name of a secret. */
const known = 'correct-horse-battery-Fake0'

/** What a hostile tool or model puts around and into a secret so that nobody finds it. */
const dresses: readonly ((secret: string) => string)[] = [
  (secret) => `see ${secret} `,
  (secret) => `\u001b[32m${secret}\u001b[0m`,
  (secret) => `${secret.slice(0, 9)}\u200b${secret.slice(9)}`,
  (secret) => `\u202e${secret}\u202c`,
  (secret) => `::add-mask::${secret}`,
  (secret) => `<img src="x" alt="${secret}">`,
  (secret) => `log: "line\\n${secret}"`,
  (secret) => `\\u001b[31m${secret}`,
  (secret) => JSON.stringify({ note: `\u001b[1m${secret}`, deeper: JSON.stringify([secret]) }),
  (secret) => `=HYPERLINK("x?q=1%26${secret}")`,
]
const secrets = [...fakeSecrets.map(([, secret]) => secret), known]
const texts = secrets.flatMap((secret) => dresses.map((dress) => dress(secret)))
const textsPerCase = dresses.length

const project = {
  'agent-eval.yaml': 'apiVersion: agent-eval/v1\nevalsets: [set]\n',
  'set/evalset.yaml':
    'apiVersion: agent-eval/v1\nid: leaky\nversion: "1"\ncandidate: agent.yaml\ndefaults: { trials: 1 }\n',
  'set/agent.yaml': 'agent: { name: leaky, target: { module: ./agent.mjs } }\n',
  'set/texts.mjs': `export const texts = ${JSON.stringify(texts)}\n`,
  'set/agent.mjs': `
import { texts } from './texts.mjs'
export default async ({ conversation }, tools) => {
  const number = Number(conversation[0].text)
  const said = texts.slice(number * ${textsPerCase}, (number + 1) * ${textsPerCase})
  for (const [at, text] of said.entries()) {
    const reason = text
    await tools.call('desk.write', { at: number * ${textsPerCase} + at, text, [text]: [text] }, { reason })
    await tools.call(text, { text })
  }
  if (number % 4 === 3) throw new Error(said.join(' '))
  return said.join(' ')
}
`,
  'set/tools.mjs': `
import { texts } from './texts.mjs'
export const write = ({ at }) => ({
  result: { text: texts[at], [texts[at]]: [texts[at]] },
  changes: [{ op: 'set', path: '/log/' + at, value: texts[at] }],
})
`,
  'set/world.yaml': `
clock: "2026-09-14T10:00:00Z"
state: { log: {} }
tools:
  desk.write:
    description: Writes.
    risk_tier: 2
    effect: write
    input: { type: object, properties: { text: { type: string } } }
    module: ./tools.mjs#write
`,
  'set/policy.yaml': `
rules:
  - { id: no-writes, tool: desk.write, condition: "false", zero_tolerance: true, harm: { who: input.text } }
  - { id: numbers, tool: desk.write, condition: int(input.text) > 0 }
`,
  'set/cases/outcome/cases.yaml': secrets
    .map(
      (_secret, at) =>
        `- { id: case.${at}, ask: "${at}", expect: { says: [{ any: never }] }, oracle: [{ say: never }] }\n`,
    )
    .join(''),
}

describe('secrets that models and tools dress up', () => {
  const cwd = folderWith(project)
  const env = { CI: 'true', SERVICE_TOKEN: known }
  const printed: string[] = []

  beforeAll(async () => {
    const each = reporterIds.flatMap((id) => ['-r', `${id}:out/report.${id}`])
    const argv = ['run', '--allow-unlinted', '-o', 'runs', '-r', 'terminal', ...each]
    const run = await runCli(argv, { cwd, env })
    expect(run.exitCode, run.stderr).toBe(1)
    printed.push(run.stdout, run.stderr)
    for (const at of secrets.keys()) {
      const [folder = ''] = readdirSync(path.join(cwd, 'runs'))
      const { stdout } = await runCli(['show', `runs/${folder}/case.${at}`], { cwd, env })
      printed.push(stdout)
    }
  }, 60_000)

  test('were said', () => {
    const events = readFileSync(path.join(cwd, filesBelow(cwd, 'runs')[0] ?? ''), 'utf8')
    for (const [kind] of fakeSecrets) expect(events).toContain(`[redacted:${kind}]`)
    expect(events).toContain('[redacted:known-value]')
  })

  test('stand in no file of the run and in no report', () => {
    const files = [...filesBelow(cwd, 'runs'), ...filesBelow(cwd, 'out')]
    expect(files).toHaveLength(4 + reporterIds.length)
    for (const file of files) {
      expect([file, leaksIn(readFileSync(path.join(cwd, file), 'utf8'))]).toEqual([file, []])
    }
  })

  test('are printed nowhere', () => {
    expect(printed).toHaveLength(2 + secrets.length)
    for (const text of printed) expect(leaksIn(text)).toEqual([])
  })
})

/** Every fake secret has this in it, and whatever stands between its letters has no ink. */
function leaksIn(text: string): readonly string[] {
  const shown = text.replace(/\\u200b|[\u200b\u202a-\u202e]/g, '')
  return [...shown.matchAll(/.{0,40}fake0secr.{0,20}/gi)].map(([found]) => found).slice(0, 3)
}

function filesBelow(cwd: string, folder: string): readonly string[] {
  return readdirSync(path.join(cwd, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.includes('.'))
    .map((name) => path.join(folder, name))
    .toSorted()
}
