import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { effectiveConfig } from '../../src/schema/effective-config.ts'
import { runResult } from '../../src/schema/run-result.ts'
import { folderWith, runCli, writeFiles } from '../cli/run-cli.ts'
import { smallProject } from '../cli/small-set.ts'
import { checkout, type Repository, repositoryWith } from '../pull-request/repository.ts'
import { commandsIn } from './commands-in.ts'

const text = readFileSync(new URL('../../docs/workflows/deploy.yml', import.meta.url), 'utf8')
const step = z.looseObject({
  id: z.string().optional(),
  name: z.string().optional(),
  run: z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
})
const { deploy, gate } = z
  .looseObject({
    jobs: z.strictObject({
      gate: z.looseObject({ outputs: z.record(z.string(), z.string()), steps: z.array(step) }),
      deploy: z.looseObject({ steps: z.array(step) }),
    }),
  })
  .parse(parse(text)).jobs
const names = deploy.steps.map(({ name }) => name)
const guard = deploy.steps[names.indexOf('Is it what passed?')]

describe('docs/workflows/deploy.yml', () => {
  it('deploys after a pass only: neither skipped nor undecided is one', () => {
    expect(deploy).toMatchObject({ needs: 'gate', if: "needs.gate.outputs.verdict == 'pass'" })
    expect(gate.outputs).toEqual({
      verdict: '${{ steps.gate.outputs.verdict }}',
      'candidate-hash': '${{ steps.hash.outputs.candidate-hash }}',
    })
    const [run = []] = commandsIn(text)
    expect(run).toEqual(expect.arrayContaining(['run', '--strict', '--require-baseline']))
    expect(run).not.toContain('--skip-unchanged')
  })

  it('looks at the configuration right before it deploys, and lets nothing pass by', () => {
    expect(names.slice(-2)).toEqual(['Is it what passed?', 'Deploy'])
    const passed = { PASSED: '${{ needs.gate.outputs.candidate-hash }}' }
    expect(deploy.steps.slice(-2).map(({ env }) => env)).toEqual([passed, passed])
    for (const one of [deploy, gate, ...deploy.steps, ...gate.steps]) {
      expect(one).not.toHaveProperty('continue-on-error')
    }
    // What has an `if` of its own may run after a step that failed.
    for (const one of deploy.steps) expect(one).not.toHaveProperty('if')
  })
})

describe('only a commit of main', () => {
  const onMain = gate.steps.find(({ name }) => name === 'Is it on main?')
  const history = (): {
    readonly main: Repository
    readonly job: (ref: string) => number | null
  } => {
    const main = repositoryWith({ 'agent.yaml': 'good' })
    const job = (ref: string): number | null =>
      spawnSync('bash', ['-e', '-c', onMain?.run ?? ''], { cwd: checkout(main, ref).folder }).status
    return { main, job }
  }

  it('is released, before anything is installed or run', () => {
    expect(gate.steps.slice(0, 2).map(({ name }) => name)).toEqual([undefined, 'Is it on main?'])
    const { job, main } = history()
    main.git('tag', 'v1')
    main.commit('later')
    expect(job('v1')).toBe(0)
    expect(job('main')).toBe(0)
  })

  it('passes: a tag on a branch brings its own baseline', () => {
    const { job, main } = history()
    main.git('checkout', '--quiet', '-b', 'topic')
    main.edit({ 'agent.yaml': 'bad' })
    main.commit('worse, with a baseline of its own')
    main.git('tag', 'v9')
    main.git('checkout', '--quiet', 'main')
    expect(job('v9')).toBe(1)
  })
})

const setPath = 'support-refund'
const project = Object.fromEntries(
  Object.entries(smallProject).map(([file, one]) => [
    file.replace(/^set\//, `${setPath}/`),
    file === 'agent-eval.yaml' ? one.replace('[set]', `[${setPath}]`) : one,
  ]),
)

async function printedConfig(cwd: string): Promise<string> {
  const { exitCode, stderr, stdout } = await runCli(['run', setPath, '--print-config', '--json'], {
    cwd,
  })
  expect(stderr).toBe('')
  expect(exitCode).toBe(0)
  return stdout
}

function hashIn(config: string): string | undefined {
  return effectiveConfig.parse(JSON.parse(config)).evalSets[0]?.candidate.hash
}

describe('the hash of what passed', () => {
  let cwd: string
  let measured: string

  beforeAll(async () => {
    cwd = folderWith(project)
    mkdirSync(path.join(cwd, 'agent-eval-report'))
    const report = 'json:agent-eval-report/result.json'
    const argv = ['run', setPath, '-q', '-n', '2', '--no-gate', '-r', report]
    const { exitCode, stderr } = await runCli(argv, { cwd })
    expect([exitCode, stderr]).toEqual([0, ''])
    const file = path.join(cwd, 'agent-eval-report/result.json')
    measured = runResult.parse(JSON.parse(readFileSync(file, 'utf8'))).provenance.candidate.hash
  })

  it('is that of --print-config for the same agent, and another for another one', async () => {
    const here = await printedConfig(cwd)
    expect(hashIn(here)).toBe(measured)
    expect(measured).toMatch(/[0-9a-f]{12}/)
    for (const agent of [
      'agent: { name: good, models: { default: "reference:?mute=1" } }\n',
      'agent: { name: good, models: { default: "reference:" }, budgets: { max_tool_calls: 9 } }\n',
    ]) {
      const changed = folderWith({ ...project, [`${setPath}/agents/good.yaml`]: agent })
      expect(hashIn(await printedConfig(changed))).not.toBe(measured)
    }
  })

  // The runners that the recipe names have both.
  const hasShell = process.platform !== 'win32' && spawnSync('jq', ['--version']).status === 0
  const inItsShell = hasShell ? "in the runner's shell" : 'skipped: there is no jq here, or no bash'

  describe.skipIf(!hasShell)(inItsShell, () => {
    /** Runs a step as the runner does where no `shell` is named. */
    function inShell(script: string | undefined, env: Readonly<Record<string, string>>) {
      if (script === undefined) throw new Error('no such step')
      const ran = spawnSync('bash', ['-e', '-c', script], {
        cwd,
        encoding: 'utf8',
        env: { PATH: process.env['PATH'] ?? '', ...env },
      })
      return { exitCode: ran.status, stdout: ran.stdout }
    }

    /** The guard, where the program prints this. */
    function guarded(passed: string, printed: string) {
      const bin = 'node_modules/.bin/agent-eval'
      writeFiles(cwd, { [bin]: `#!/bin/sh\ncat printed.json\n` })
      chmodSync(path.join(cwd, bin), 0o755)
      writeFileSync(path.join(cwd, 'printed.json'), printed)
      return inShell(guard?.run, { PASSED: passed })
    }

    it('is handed on by the gate as its result says', () => {
      const outputs = path.join(cwd, 'outputs')
      const hash = gate.steps.find(({ id }) => id === 'hash')
      expect(inShell(hash?.run, { GITHUB_OUTPUT: outputs }).exitCode).toBe(0)
      expect(readFileSync(outputs, 'utf8')).toBe(`candidate-hash=${measured}\n`)
    })

    it('lets the same configuration through', async () => {
      const ran = guarded(measured, await printedConfig(cwd))
      expect(ran).toEqual({ exitCode: 0, stdout: '' })
    })

    it('stops another one, and names both', async () => {
      const other = {
        ...project,
        [`${setPath}/agents/good.yaml`]: project[`${setPath}/agents/mute.yaml`] ?? '',
      }
      const printed = await printedConfig(folderWith(other))
      const { exitCode, stdout } = guarded(measured, printed)
      expect(exitCode).toBe(1)
      expect(stdout).toBe(
        `::error::this is configuration ${hashIn(printed) ?? ''}, and ${measured} is what passed\n`,
      )
    })

    it.each([
      ['nothing was handed on', '', undefined],
      ['the program prints nothing', 'null', ''],
      ['the program knows no hash', 'null', '{"evalSets":[{"candidate":{}}]}'],
      ['the program lists no set', 'null', '{"evalSets":[]}'],
      ['the program prints no JSON', '', 'error'],
    ])('stops where %s', async (_, passed, printed) => {
      expect(guarded(passed, printed ?? (await printedConfig(cwd))).exitCode).not.toBe(0)
    })
  })
})
