import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { folderWith, runCli } from '../cli/run-cli.ts'
import { smallProject } from '../cli/small-set.ts'

const text = readFileSync(
  new URL('../../docs/workflows/nightly.yml', import.meta.url).pathname,
  'utf8',
)

const step = z.looseObject({
  uses: z.string().optional(),
  run: z.string().optional(),
  if: z.string().optional(),
})
const workflow = z
  .looseObject({
    on: z.looseObject({ schedule: z.array(z.strictObject({ cron: z.string() })).length(1) }),
    permissions: z.strictObject({ contents: z.literal('write') }),
    concurrency: z.looseObject({ 'cancel-in-progress': z.literal(false) }),
    jobs: z.strictObject({ nightly: z.looseObject({ steps: z.array(step) }) }),
  })
  .parse(parse(text))
const { steps } = workflow.jobs.nightly

/** Every command of ours, those in comments as well, as words. */
const commands = text
  .replace(/^ *#/gm, ' ')
  .split(/(?=npx agent-eval )|\n *- |\n *\n/)
  .filter((part) => part.startsWith('npx agent-eval '))
  .map((part) => part.replace(/\s+/g, ' ').trim())
  .map((part) => [...part.matchAll(/"[^"]*"|\S+/g)].map(([word]) => word.replaceAll('"', '')))
  .map(([, , ...argv]) => argv)

describe('the nightly workflow', () => {
  it('runs at a fixed time, from actions of a pinned major', () => {
    expect(workflow.on.schedule[0]?.cron).toMatch(/^\d+ \d+ \* \* \*$/)
    const used = steps.flatMap(({ uses }) => uses ?? [])
    expect(used).toHaveLength(4)
    for (const action of used) expect(action).toMatch(/^actions\/[a-z-]+@v\d+$/)
  })

  it('says three commands of ours', () => {
    expect(commands.map(([name]) => name)).toEqual(['run', 'view', 'view'])
  })

  it.each(commands.map((argv) => [argv.join(' '), argv] as const))(
    '%s: exists',
    async (_, argv) => {
      const [name = ''] = argv
      const { exitCode, stdout } = await runCli([name, '--help'], { cwd: folderWith() })
      expect(exitCode).toBe(0)
      const known = new Set(stdout.match(/(?<=[\s,])--?[a-z][a-z-]*/g))
      const options = argv.slice(1).flatMap((word) => /^--?[a-z-]+/.exec(word) ?? [])
      expect(options.length).toBeGreaterThan(0)
      for (const option of options) expect(known).toContain(option)
    },
  )

  it('measures every case of every night', () => {
    const run = commands.find(([name]) => name === 'run') ?? []
    const options = run.flatMap((word) => /^--?[a-z-]+/.exec(word) ?? [])
    expect(options.sort()).toEqual(['--history', '--seed', '-r', '-r'])
  })

  it('keeps and looks at a night that was a regression', () => {
    const names = ['git push', 'view --history', 'GITHUB_STEP_SUMMARY']
    for (const name of names) {
      const found = steps.find(({ run = '' }) => run.includes(name))
      expect(found?.if).toBe('${{ !cancelled() }}')
    }
    const order = steps.map(({ run = '' }) => run)
    const at = (name: string): number => order.findIndex((one) => one.includes(name))
    expect(at('agent-eval run')).toBeLessThan(at('git push'))
    expect(at('git push')).toBeLessThan(at('view --history'))
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
  const [, , ...argv] = line.trim().split(/\s+/)
  return argv.map((word) =>
    word.replaceAll('"', '').replace(/\$(\w+)/g, (_, name: string) => env[name] ?? ''),
  )
}
