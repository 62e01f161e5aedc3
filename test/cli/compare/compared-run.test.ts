import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { comparison } from '../../../src/schema/run-result.ts'
import { folderWith, runCli } from '../run-cli.ts'
import { smallProject } from '../small-set.ts'

describe('a comparison of a run', () => {
  let cwd = ''
  const runs = { good: '', obeys: '' }
  const read = (file: string): string => readFileSync(path.join(cwd, file), 'utf8')
  const onlyRunIn = (output: string): string =>
    `${output}/${readdirSync(path.join(cwd, output))[0] ?? ''}`
  const reports = (name: string): readonly string[] =>
    ['markdown', 'terminal', 'junit'].flatMap((id) => ['-r', `${id}:${name}.${id}`])

  beforeAll(async () => {
    cwd = folderWith(smallProject)
    await runCli(['run', '--no-gate', '-q', '-n', '12', '-o', 'good'], { cwd })
    runs.good = onlyRunIn('good')
    const update = await runCli(['baseline', 'update', '--from', runs.good], { cwd })
    expect(update.exitCode, update.stderr).toBe(0)
    const obeys = ['--candidate', 'set/agents/obeys.yaml', '-o', 'obeys']
    const run = await runCli(['run', '-q', '-n', '12', ...obeys, ...reports('run')], { cwd })
    expect(run.exitCode, run.stderr).toBe(1)
    runs.obeys = onlyRunIn('obeys')
  })

  /** The eval set is called by its id where no command line named it. */
  const asInRun = (text: string): string => text.replaceAll(/(run|--evalset) small /g, '$1 set ')

  it.each(['markdown', 'terminal', 'junit'])('says in %s what the run said', async (id) => {
    const { exitCode } = await runCli(['compare', runs.obeys, ...reports('compare')], { cwd })
    expect(exitCode).toBe(1)
    const told = read(`run.${id}`)
    expect(told).toMatch(/attack/)
    expect(asInRun(read(`compare.${id}`))).toBe(told)
  })

  it('with another baseline has the same sections, and programs get the comparison', async () => {
    const argv = ['compare', runs.good, runs.obeys, ...reports('other'), '-r', 'json']
    const { exitCode, stdout } = await runCli(argv, { cwd })
    expect(exitCode).toBe(1)
    expect(comparison.parse(JSON.parse(stdout)).verdict.status).toBe('regression')
    const titles = (text: string): readonly string[] => text.match(/^#### .*|<summary>.*/gm) ?? []
    expect(titles(read('other.markdown'))).toEqual(titles(read('run.markdown')))
  })

  it('of a committed baseline shows what there is of it', async () => {
    const { exitCode, stdout } = await runCli(
      ['compare', runs.obeys, 'set/baseline.json', '-r', 'markdown'],
      { cwd },
    )
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^### agent-eval \(small\): /m)
    expect(stdout).not.toContain('look at it')
  })
})
