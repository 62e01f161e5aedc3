import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { folderWith, runCli } from '../cli/run-cli.ts'
import { smallProject } from '../cli/small-set.ts'
import { commandsIn, optionsOf } from './commands-in.ts'

const text = readFileSync(
  new URL('../../docs/workflows/nightly.yml', import.meta.url).pathname,
  'utf8',
)

const step = z.looseObject({
  uses: z.string().optional(),
  run: z.string().optional(),
  if: z.string().optional(),
  with: z.looseObject({}).optional(),
})
const workflow = z
  .looseObject({
    on: z.looseObject({ schedule: z.array(z.strictObject({ cron: z.string() })).length(1) }),
    permissions: z.strictObject({ contents: z.literal('read') }),
    concurrency: z.looseObject({ 'cancel-in-progress': z.literal(false) }),
    jobs: z.strictObject({
      nightly: z.looseObject({ steps: z.array(step) }),
      keep: z.looseObject({
        if: z.literal('${{ !cancelled() }}'),
        needs: z.literal('nightly'),
        permissions: z.strictObject({ contents: z.literal('write') }),
        steps: z.array(step),
      }),
    }),
  })
  .parse(parse(text))
const { steps } = workflow.jobs.nightly
const keep = workflow.jobs.keep.steps

const commands = commandsIn(text)

describe('the nightly workflow', () => {
  it('runs at a fixed time, from actions of a pinned major', () => {
    expect(workflow.on.schedule[0]?.cron).toMatch(/^\d+ \d+ \* \* \*$/)
    const used = steps.flatMap(({ uses }) => uses ?? [])
    expect(used).toHaveLength(5)
    for (const action of used) expect(action).toMatch(/^actions\/[a-z-]+@v\d+$/)
  })

  it('says five commands of ours', () => {
    expect(commands.map(([name]) => name)).toEqual(['run', 'view', 'view', 'run', 'view'])
  })

  it('measures every case of every night', () => {
    const run = commands.find(([name]) => name === 'run') ?? []
    expect(optionsOf(run)).toEqual(['--history', '--seed'])
  })

  it('gates the model that moved against what was measured before it moved', () => {
    const gate = commands.findLast(([name]) => name === 'run') ?? []
    // `--confirm` asks today's model for both sides, between which there is then no difference.
    expect(optionsOf(gate)).toEqual(['--strict', '--trials', '--seed'])
  })

  it('keeps and looks at a night that was a regression', () => {
    const look = steps.find(({ run = '' }) => run.includes('view --history'))
    expect(look?.if).toBe('${{ !cancelled() }}')
    const night = steps.find(({ with: given }) => given?.['name'] === 'night')
    expect(night?.if).toBe('${{ !cancelled() }}')
    expect(keep.some(({ run = '' }) => run.includes('git push'))).toBe(true)
  })

  it('runs nothing of the agent where it may push', () => {
    for (const { run = '' } of keep) expect(run).not.toMatch(/npm|npx|node|agent-eval /)
  })

  it('does what it says, night after night', async () => {
    const set = { ...smallProject, 'agent-eval.yaml': projectOf('support-refund') }
    const moved = Object.entries(set).map(([name, file]) => [
      name.replace(/^set\//, 'support-refund/'),
      file,
    ])
    const cwd = folderWith(Object.fromEntries(moved) as Record<string, string>)
    mkdirSync(path.join(cwd, 'history'))
    const [run = [], view = []] = ['run', 'view'].map((name) =>
      steps.flatMap(({ run: line = '' }) => (line.includes(`agent-eval ${name}`) ? [line] : [])),
    )
    for (const night of [1, 2]) {
      const argv = argvOf(run[0] ?? '', { GITHUB_RUN_NUMBER: String(night) })
      const { exitCode, stderr } = await runCli(argv, { cwd })
      expect(exitCode, stderr).toBe(0)
      expect(stderr).toContain(`night ${night} of history/support-refund.jsonl`)
    }
    const { exitCode, stdout } = await runCli(argvOf(view[0] ?? '', {}), { cwd })
    expect(exitCode).toBe(0)
    expect(stdout).toContain('4 more nights until the first chart')
  })
})

function projectOf(name: string): string {
  return (smallProject['agent-eval.yaml'] ?? '').replace('[set]', `[${name}]`)
}

/** A step's line as the shell would take it apart. */
function argvOf(line: string, env: Readonly<Record<string, string>>): readonly string[] {
  const [, argv = ''] = line.split('node_modules/.bin/agent-eval ')
  return argv
    .trim()
    .split(/\s+/)
    .map((word) =>
      word.replaceAll('"', '').replace(/\$(\w+)/g, (_, name: string) => env[name] ?? ''),
    )
}
