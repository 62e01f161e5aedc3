import { readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { newestRun } from './noisy-set.ts'
import { folderWith, runCli } from './run-cli.ts'
import { smallProject } from './small-set.ts'

const set = smallProject['set/evalset.yaml'] ?? ''
const release = { ...smallProject, 'set/evalset.yaml': `${set}gate: { preset: release }\n` }
const once = ['run', '-q', '-n', '1'] as const

/** Exit code, and whether anything was run. */
async function outcomeOf(
  files: Readonly<Record<string, string>>,
  ...argv: readonly string[]
): Promise<readonly [exitCode: number, stderr: string, isRun: boolean]> {
  const cwd = folderWith(files)
  const { exitCode, stderr } = await runCli([...once, ...argv], { cwd })
  return [exitCode, stderr, readdirSync(cwd).includes('agent-eval-results')]
}

describe('a first run where something is to be released', () => {
  it.each([
    ['the preset release', release, []],
    ['--strict', smallProject, ['--strict']],
    ['a shard of one', release, ['--shard', '1/2']],
  ])('is refused before it costs anything: %s', async (_, files, argv) => {
    const [exitCode, stderr, isRun] = await outcomeOf(files, ...argv)
    expect([exitCode, isRun]).toEqual([2, false])
    expect(stderr).toContain('set/baseline.json: there is no baseline')
    expect(stderr).toContain('agent-eval run --no-gate')
    expect(stderr).toContain('agent-eval baseline update')
  })

  it.each([
    ['under the preset pr', smallProject, []],
    ['where nothing is to be compared', release, ['--baseline', 'none']],
    ['where it decides nothing', release, ['--no-gate']],
  ])('is made %s', async (_, files, argv) => {
    const [exitCode, , isRun] = await outcomeOf(files, ...argv)
    expect([exitCode, isRun]).toEqual([0, true])
  })

  it('is helped by its own hint', async () => {
    const cwd = folderWith(release)
    await runCli(['run', '-q', '--no-gate', '-n', '60'], { cwd })
    expect((await runCli(['baseline', 'update'], { cwd })).exitCode).toBe(0)
    expect((await runCli([...once, '-n', '60'], { cwd })).exitCode).toBe(0)
  })

  it('is refused of shards that were told to compare with nothing', async () => {
    const cwd = folderWith(release)
    const measured = [...once, '--shard', '1/1', '--baseline', 'none']
    expect((await runCli(measured, { cwd })).exitCode).toBe(0)
    const shards = ['compare', path.dirname(newestRun(cwd)), '--expect-shards', '1', '-o', 'merged']
    const { exitCode, stderr } = await runCli(shards, { cwd })
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('there is no baseline')])
    expect((await runCli([...shards, '--baseline', 'none'], { cwd })).exitCode).toBe(0)
  })
})
