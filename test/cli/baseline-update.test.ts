import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { baseline } from '../../src/schema/baseline.ts'
import { runManifest } from '../../src/schema/run-manifest.ts'
import { folderWith, runCli } from './run-cli.ts'
import { smallProject } from './small-set.ts'

const file = 'set/baseline.json'

let cwd = ''
const runs = { good: '', second: '', noisy: '' }
let committed = ''

beforeAll(async () => {
  cwd = folderWith(smallProject)
  runs.good = await measure('good')
  runs.second = await measure('second', '--seed', '2')
  runs.noisy = await measure('noisy', '--candidate', 'set/agents/noisy.yaml')
  await runCli(['baseline', 'update', runs.good], { cwd })
  committed = read()
})

beforeEach(() => {
  writeFileSync(path.join(cwd, file), committed)
})

/** Measures into a folder of its own, and names the run. */
async function measure(output: string, ...argv: readonly string[]): Promise<string> {
  const ran = await runCli(['run', '-q', '--no-gate', '-n', '6', '-o', output, ...argv], { cwd })
  expect(ran.stderr).toBe('')
  return `${output}/${readdirSync(path.join(cwd, output))[0] ?? ''}`
}

function read(): string {
  return readFileSync(path.join(cwd, file), 'utf8')
}

async function update(...argv: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const { exitCode, ...said } = await runCli(['baseline', 'update', ...argv], { cwd })
  expect(exitCode).toBe(said.stderr === '' ? 0 : 2)
  return said
}

describe('baseline update', () => {
  it('pools several runs of the same agent, in whatever order', async () => {
    const { stdout } = await update(runs.good, runs.second)
    const names = `${path.basename(runs.good)}, ${path.basename(runs.second)}`
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`now stands for ${names};`)
    const pooled = read()
    const { cases } = baseline.parse(JSON.parse(pooled))
    expect(cases.map(({ scored, seeds }) => [scored, seeds])).toEqual(cases.map(() => [12, 12]))
    await update(runs.second, '--from', runs.good)
    expect(read()).toBe(pooled)
  })

  it('says how much moved, and what by more than chance', async () => {
    expect((await update(runs.second)).stdout).toContain(
      'none of 4 cases moved by more than chance',
    )
    const mute = await measure('mute', '--candidate', 'set/agents/mute.yaml')
    expect((await update(mute)).stdout).toMatch(
      /[1-4] of 4 cases moved by more than chance:\n {2}worse: /,
    )
    expect((await update(runs.good)).stdout).toMatch(/better: /)
  })

  it('warns of a baseline that knows less, and says what measures as much', async () => {
    const few = await measure('few', '-n', '2', '--seed', '7')
    const { exitCode, stderr } = await runCli(['baseline', 'update', few], { cwd })
    expect(exitCode).toBe(0)
    expect(stderr).toMatch(/^warning: 4 cases have fewer trials .*: 2, and before 6; /)
    expect(stderr).toContain(': npx agent-eval run set --trials 6 --no-gate && npx agent-eval')
  })

  it('refuses runs that are not of one kind', async () => {
    expect((await update(runs.good, runs.noisy)).stderr).toContain('differ in their agent')
    expect((await update(runs.good, runs.good)).stderr).toContain(
      'two of these runs have the seed 1: their trials are the same',
    )
    const part = await measure('part', '--seed', '5', '--case', 'refund.one')
    expect((await update(runs.good, part)).stderr).toContain('left out 3 cases')
    expect(read()).toBe(committed)
  })

  it('refuses a run that ended early', async () => {
    const manifestFile = path.join(cwd, runs.good, 'run.json')
    const text = readFileSync(manifestFile, 'utf8')
    const manifest = runManifest.parse(JSON.parse(text))
    const stopped = { why: 'decided', rounds: 6 } as const
    const early = { ...manifest, sampling: { maxTrials: 9, firstLook: 2, stopped } }
    writeFileSync(manifestFile, JSON.stringify(early))
    const { stderr } = await update(runs.good)
    writeFileSync(manifestFile, text)
    expect(stderr).toContain('the run ended early, after 6 of 9 rounds')
  })
})

describe('baseline update --case', () => {
  it('replaces one row and leaves every other byte', async () => {
    const more = await measure('more', '--case', 'inject.note', '-n', '9', '--seed', '3')
    await update(more, '--case', 'inject.note')
    const [before, after] = [committed.split('\n'), read().split('\n')]
    const changed = after.filter((line, index) => line !== before[index])
    expect(changed.map((line) => /"id":"([^"]*)".*"scored":(\d+)/.exec(line)?.slice(1))).toEqual([
      ['inject.note', '9'],
      ['inject.note~twin', '9'],
    ])
    expect(after).toHaveLength(before.length)
  })

  it('refuses rows of another agent, and says what works', async () => {
    const { stderr } = await update(runs.noisy, '--case', 'refund.one')
    expect(stderr).toContain('the run has another agent than the baseline')
    expect(stderr).toContain('update without --case')
    expect(read()).toBe(committed)
  })

  it('refuses a case that the run does not have', async () => {
    expect((await update(runs.good, '--case', 'refund.two')).stderr).toContain(
      'the run has no case "refund.two" that gates',
    )
    expect(read()).toBe(committed)
  })

  it('shows what it would change before it does', async () => {
    const lowered = committed.replace(/("id":"refund.one".*"passed":)6/, '$15')
    writeFileSync(path.join(cwd, file), lowered)
    const { stdout } = await runCli(['baseline', 'diff', runs.good, '--case', 'refund.one'], {
      cwd,
    })
    expect(stdout).toMatch(/changed +refund\.one +passed +5\/6 +6\/6/)
    expect(read()).toBe(lowered)
  })

  it('needs a baseline to put the row into', async () => {
    const fresh = folderWith(smallProject)
    await runCli(['run', '-q', '--no-gate'], { cwd: fresh })
    const { exitCode, stderr } = await runCli(['baseline', 'update', '--case', 'refund.one'], {
      cwd: fresh,
    })
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('there is no such file')])
  })
})
