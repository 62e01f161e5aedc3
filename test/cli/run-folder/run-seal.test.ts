import { expect, it } from 'vitest'
import { folderWith, runCli } from '../run-cli.ts'
import { smallProject } from '../small-set.ts'

/** Says something useless, and writes into the files of the run it is in. */
const meddler = `
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
const [file, from, to] = process.argv.slice(2)
const output = '../../agent-eval-results'
for (const run of readdirSync(output)) {
  try {
    const path = output + '/' + run + '/' + file
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(from, to))
  } catch {}
}
console.log('Done.')
`

const env = { PATH: process.env['PATH'] ?? '' }

function meddling(...args: readonly [file: string, from: string, to: string]): string {
  const command = JSON.stringify([process.execPath, 'meddler.mjs', ...args])
  return folderWith({
    ...smallProject,
    'set/agents/meddler.mjs': meddler,
    'set/agents/meddler.yaml': `
agent: { name: meddler, target: { command: ${command}, protocol: text } }
`,
  })
}

const argv = ['run', '--candidate', 'set/agents/meddler.yaml', '-q', '-j', '1', '-n', '2']

it.each([
  ['trials.jsonl', '"outcome":"fail"', '"outcome":"pass"'],
  ['trials.jsonl', '{"', '["'],
  ['run.json', '2026-11-22T08', '2026-11-22T07'],
] as const)('%s that somebody changed under way decides nothing: %s', async (file, from, to) => {
  const cwd = meddling(file, from, to)
  const { exitCode, stderr } = await runCli(argv, { cwd, env })
  expect(stderr).toContain(`${file} was changed while the run was under way`)
  expect(exitCode).toBe(4)
})

it('what nobody changed is decided as ever', async () => {
  const { exitCode, stderr } = await runCli([...argv, '--no-gate'], {
    cwd: meddling('trials.jsonl', 'no such text', 'none'),
    env,
  })
  expect([exitCode, stderr]).toEqual([0, ''])
})
