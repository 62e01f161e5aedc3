import { beforeAll, describe, expect, it } from 'vitest'
import { comparison, runResult } from '../../src/schema/run-result.ts'
import { metricOf } from '../gate/arms.ts'
import { dataPath, isDataAbsent, needsData } from '../real-data/data-folder.ts'
import { recordings } from '../real-data/recordings.ts'
import { folderWith, runCli } from './run-cli.ts'

const tau = dataPath(recordings.airline.file)

describe.skipIf(isDataAbsent)(needsData('a recorded run of a real model'), () => {
  let cwd = ''
  beforeAll(() => {
    cwd = folderWith()
  })

  const importAs = async (name: string, ...argv: readonly string[]): Promise<unknown> => {
    const { exitCode, stderr, stdout } = await runCli(
      ['import', 'tau-bench', tau, ...argv, '--name', name, '--json'],
      { cwd },
    )
    expect(exitCode, stderr).toBe(0)
    return JSON.parse(stdout)
  }

  it('is reported with what an agent scores that does nothing', async () => {
    const { lint } = runResult.parse(await importAs('airline'))
    expect(lint).toEqual({ nullAgent: { id: 'silent', passed: 19, scored: 50 } })
    for (const reporter of ['terminal', 'markdown']) {
      const argv = ['report', 'agent-eval-results/airline', '-r', reporter]
      const { exitCode, stdout } = await runCli(argv, { cwd })
      expect(exitCode).toBe(0)
      expect(stdout).toMatch(/tasks done.* 42\.0 %/)
      expect(stdout).toContain('a silent agent would score 38.0 % (19 of 50 cases)')
    }
  })

  it('does not differ from itself: half of its trials against the other half', async () => {
    await importAs('first', '--trials', '0,1')
    await importAs('second', '--trials', '2,3')
    const { exitCode, stdout } = await runCli(['compare', 'first', 'second', '--json'], { cwd })
    const { verdict } = comparison.parse(JSON.parse(stdout))
    const tsr = metricOf(verdict, 'tsr')
    expect([tsr.baseline, tsr.candidate]).toEqual([0.43, 0.41])
    expect(tsr.p).toBeCloseTo(0.427, 3)
    expect(verdict.status).not.toBe('regression')
    expect(exitCode).toBe(0)
    expect(metricOf(verdict, 'violationRate').status).toBe('n/a')
  })

  it('is shown step by step', async () => {
    const { exitCode, stdout } = await runCli(['show', 'airline/task-002#1'], { cwd })
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^FAIL {2}task-002#1/)
    expect(stdout).toContain('recorded by tau-bench')
    expect(stdout).toMatch(/\d+ {2}call +\w+/)
  })
})
