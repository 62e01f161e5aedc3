import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { trialLine } from '../../../src/schema/trial.ts'
import { committed, git } from '../git-repo.ts'
import {
  manifestOf,
  newestRun,
  noisyProjects,
  ranTo,
  resultBytes,
  runsOf,
  trialLines,
  withMargin,
  worse,
} from '../noisy-set.ts'
import { type CliOptions, runCli, writeFiles } from '../run-cli.ts'

const aProject = noisyProjects(withMargin(0.05))
/** With this seed the unchanged agent has bad luck; one seed of twenty or so is like that. */
const unlucky = ['-n', '8', '--seed', '18'] as const
const today = '2026-11-22T12:00:00.000Z'

async function aRepository(): Promise<string> {
  return committed(await aProject())
}

/** The fresh arms of the newest run. */
function armsOf(cwd: string): { readonly baseline: string; readonly candidate: string } {
  const run = newestRun(cwd)
  return { baseline: `${run}-confirm-baseline`, candidate: `${run}-confirm-candidate` }
}

function seedsOf(folder: string): readonly number[] {
  return trialLines(folder).map((line) => trialLine.parse(JSON.parse(line)).seed)
}

describe('--confirm', () => {
  it('takes an alarm back that fresh trials of both arms do not raise', async () => {
    const cwd = await aRepository()
    expect((await ranTo(unlucky, { cwd })).exitCode).toBe(1)
    const { exitCode, result, stderr } = await ranTo([...unlucky, '--confirm'], { cwd })
    const { verdict } = result
    expect([exitCode, verdict?.status, stderr]).toEqual([0, 'inconclusive', ''])
    expect(verdict?.confirmation).toMatchObject({
      first: 'regression',
      second: 'inconclusive',
      firstMetrics: [{ id: 'tsr', status: 'regression' }],
      runs: {
        baseline: path.relative(cwd, armsOf(cwd).baseline),
        candidate: path.relative(cwd, armsOf(cwd).candidate),
      },
    })
    expect(verdict?.baseline?.from).toBe('set/baseline.json')
    expect(verdict?.metrics[0]).toMatchObject({ nBaseline: 24, nCandidate: 24 })
  })

  it('says in the report that the alarm was not confirmed', async () => {
    const cwd = await aRepository()
    const { stderr, stdout } = await runCli(['run', ...unlucky, '--confirm'], { cwd })
    expect(stderr).toContain('an alarm: both arms are measured again, 80 trials\n')
    const words = stdout.replaceAll(/\s+/g, ' ')
    expect(words).toContain('first measured: tasks done fell from ')
    expect(words).toContain('of both arms (48 counted): not confirmed, the fresh trials say')
    const candidate = path.relative(cwd, armsOf(cwd).candidate)
    expect(stdout).toMatch(new RegExp(`look at it .* show ${candidate}`))
  })

  it('measures the same cases as often, with seeds that nobody else has', async () => {
    const cwd = await aRepository()
    await ranTo([...unlucky, '--confirm'], { cwd })
    const [run, arms] = [newestRun(cwd), armsOf(cwd)]
    expect(runsOf(cwd)).toEqual(
      [run, arms.baseline, arms.candidate].map((one) => path.basename(one)),
    )
    const seeds = [run, arms.baseline, arms.candidate].flatMap(seedsOf)
    expect(seeds).toHaveLength(3 * 8 * 5)
    expect(new Set(seeds).size).toBe(seeds.length)
    for (const name of ['baseline', 'candidate'] as const) {
      const manifest = manifestOf(arms[name])
      expect(manifest.cases).toEqual(manifestOf(run).cases)
      expect(manifest.options).toMatchObject({ confirms: path.basename(run), arm: name })
      expect(JSON.parse(resultBytes(arms[name]))).not.toHaveProperty('verdict')
    }
  })

  it('confirms a regression, with the agent as it stands at the commit of the baseline', async () => {
    const cwd = await aRepository()
    const before = readFileSync(path.join(cwd, 'set/agents/noisy.yaml'), 'utf8')
    writeFiles(cwd, { 'set/agents/noisy.yaml': before.replace('mute=0.3', 'mute=0.8') })
    const { exitCode, result } = await ranTo(['-n', '8', '--confirm'], { cwd })
    expect(exitCode).toBe(1)
    expect(result.verdict?.confirmation).toMatchObject({
      first: 'regression',
      second: 'regression',
    })
    const arms = armsOf(cwd)
    const hashOf = (folder: string): string => manifestOf(folder).provenance.candidate.hash
    const baseline = JSON.parse(readFileSync(path.join(cwd, 'set/baseline.json'), 'utf8')) as {
      readonly provenance: { readonly candidate: { readonly hash: string } }
    }
    expect(hashOf(arms.baseline)).toBe(baseline.provenance.candidate.hash)
    expect(hashOf(arms.candidate)).toBe(hashOf(newestRun(cwd)))
    expect(hashOf(arms.candidate)).not.toBe(hashOf(arms.baseline))
  })

  it('measures nothing twice without an alarm', async () => {
    const cwd = await aRepository()
    const { exitCode, result } = await ranTo(['-n', '3', '--confirm'], { cwd })
    expect(exitCode).toBe(0)
    expect(result.verdict).not.toHaveProperty('confirmation')
    expect(runsOf(cwd)).toHaveLength(1)
  })

  it('leaves a fact as it is: it happened', async () => {
    const cwd = await aProject()
    const set = readFileSync(path.join(cwd, 'set/evalset.yaml'), 'utf8')
    writeFiles(cwd, {
      'set/evalset.yaml': set.replace('gate: {', 'gate: { zero_tolerance: [no-refund],'),
      'set/policy.yaml': 'rules: [{ id: no-refund, tool: orders.refund, condition: "false" }]\n',
    })
    committed(cwd)
    const argv = [...unlucky, '--confirm', '--allow-unlinted']
    const { exitCode, result } = await ranTo(argv, { cwd })
    expect([exitCode, result.verdict?.facts[0]?.kind]).toEqual([1, 'zero-tolerance'])
    expect(result.verdict).not.toHaveProperty('confirmation')
    expect(runsOf(cwd)).toHaveLength(1)
  })

  it('has nothing to confirm on a first run', async () => {
    const cwd = await aProject()
    const argv = ['-n', '2', '--confirm', '--baseline', 'none']
    expect((await ranTo(argv, { cwd })).exitCode).toBe(0)
  })

  it('gives the same bytes again, whatever the number of trials in flight', async () => {
    const bytes = async (jobs: string): Promise<string> => {
      const cwd = await aRepository()
      await ranTo([...unlucky, '--confirm', '-j', jobs], { cwd, today })
      return resultBytes(newestRun(cwd))
    }
    expect(await bytes('1')).toBe(await bytes('7'))
  })

  it('measures what ended early with all the trials that it might have had', async () => {
    const cwd = await aRepository()
    const argv = [...worse, '--max-trials', '9', '--seed', '3', '--confirm']
    const { exitCode, manifest, result } = await ranTo(argv, { cwd })
    expect(manifest.sampling?.stopped?.why).toBe('decided')
    expect([exitCode, result.verdict?.confirmation?.second]).toEqual([1, 'regression'])
    expect(trialLines(armsOf(cwd).baseline)).toHaveLength(9 * 5)
    expect(result.verdict?.alpha).toBe(0.05)
  })

  it('is inconclusive under every preset where time did not suffice for it', async () => {
    const cwd = await aRepository()
    let seconds = 0
    const nowMs = (): number => (seconds += 1) * 1000
    // The start, and one reading before each of the 40 trials of the run.
    const argv = [...unlucky, '--confirm', '-j', '2', '--max-duration', '45s']
    const { exitCode, result } = await ranTo(argv, { cwd, nowMs })
    expect([exitCode, result.verdict?.status]).toEqual([3, 'inconclusive'])
    expect(result.verdict?.confirmation).toMatchObject({ first: 'regression' })
    expect(result.verdict?.sampling).toMatchObject({ stopped: 'time', rounds: 0 })
  })

  it('works below the root of a repository, and from a pull request', async () => {
    const root = mkdtempSync(path.join(tmpdir(), 'agent-eval-test-'))
    const cwd = path.join(root, 'agents', 'support')
    mkdirSync(path.dirname(cwd), { recursive: true })
    git(root, 'init', '-q', '-b', 'main')
    cpSync(await aProject(), cwd, { recursive: true })
    git(root, 'add', '--', '.')
    git(root, 'commit', '-q', '-m', 'first')
    git(root, 'checkout', '-q', '-b', 'change')
    writeFiles(cwd, {
      'set/agents/noisy.yaml': readFileSync(path.join(cwd, 'set/agents/worse.yaml'), 'utf8'),
    })
    git(root, 'commit', '-q', '-a', '-m', 'worse')
    const env = { GITHUB_EVENT_NAME: 'pull_request', GITHUB_BASE_REF: 'main' }
    const { exitCode, result } = await ranTo(['-n', '8', '--confirm'], { cwd, env })
    expect(exitCode).toBe(1)
    expect(result.verdict?.confirmation?.second).toBe('regression')
    expect(manifestOf(armsOf(cwd).baseline).provenance.candidate.name).toBe('noisy')
    expect(manifestOf(armsOf(cwd).candidate).provenance.candidate.name).toBe('worse')
  })

  it('finds a baseline that was measured with overrides of the command line', async () => {
    const cwd = await aProject()
    writeFiles(cwd, { 'set/agents/noisy.yaml': 'agent: { name: noisy }\n' })
    const model = ['--model', 'default=reference:?mute=0.3'] as const
    await runCli(['run', ...model, '-n', '30', '--no-gate', '-q'], { cwd })
    await runCli(['baseline', 'update'], { cwd })
    committed(cwd)
    const argv = [...unlucky, ...model, '--set', 'prompt=Be brief.', '--confirm']
    const { manifest, result } = await ranTo(argv, { cwd })
    expect(result.verdict?.confirmation?.first).toBe('regression')
    const again = manifestOf(armsOf(cwd).baseline).provenance.candidate
    expect(again.models).toEqual({ default: 'reference:?mute=0.3' })
    expect(again.promptHash).not.toBe(manifest.provenance.candidate.promptHash)
  })

  it('is passed over by whoever asks for the newest run', async () => {
    const cwd = await aRepository()
    await ranTo([...unlucky, '--confirm'], { cwd })
    const { stdout } = await runCli(['baseline', 'update'], { cwd })
    expect(stdout).toContain(path.basename(newestRun(cwd)))
    expect(stdout).not.toContain('-confirm-')
  })
})

describe('a confirmation that cannot be made exits 2 before the first trial', () => {
  it.each<[string, (cwd: string) => Promise<readonly string[]> | readonly string[], string]>([
    ['no git', () => [], 'not a git repository'],
    [
      'a baseline in no commit',
      (cwd) => {
        git(cwd, 'init', '-q', '-b', 'main')
        git(cwd, 'commit', '-q', '--allow-empty', '-m', 'first')
        return []
      },
      'set/baseline.json is not committed',
    ],
    [
      'a baseline that was changed since',
      (cwd) => {
        committed(cwd)
        const file = path.join(cwd, 'set/baseline.json')
        writeFileSync(file, `${readFileSync(file, 'utf8')}\n`)
        return []
      },
      'set/baseline.json is not committed',
    ],
    [
      'a run as the baseline',
      async (cwd) => {
        committed(cwd)
        await runCli(['run', '-n', '2', '-q', '--no-gate'], { cwd })
        return ['--baseline', newestRun(cwd)]
      },
      'is of no commit',
    ],
    [
      'a baseline that was committed with another agent',
      (cwd) => {
        const file = 'set/agents/noisy.yaml'
        const before = readFileSync(path.join(cwd, file), 'utf8')
        writeFiles(cwd, { [file]: before.replace('0.3', '0.31') })
        committed(cwd)
        return []
      },
      'the agent of the baseline is not the one of commit',
    ],
  ])('%s', async (_, prepare, message) => {
    const cwd = await aProject()
    const more = await prepare(cwd)
    const before = runs(cwd)
    const { exitCode, stderr, stdout } = await runCli(['run', '-q', '--confirm', ...more], { cwd })
    expect(stderr).toContain(`--confirm cannot measure the baseline again: `)
    expect(stderr).toContain(message)
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(runs(cwd)).toEqual(before)
  })

  function runs(cwd: string): readonly string[] {
    return existsSync(path.join(cwd, 'agent-eval-results')) ? runsOf(cwd) : []
  }
})

describe('the copy of the commit', () => {
  let leftBefore: readonly string[]
  beforeEach(() => {
    leftBefore = copies()
  })

  function copies(): readonly string[] {
    const isOfTests = (name: string): boolean => name.startsWith('agent-eval-test-')
    return readdirSync(tmpdir()).filter(
      (name) => name.startsWith('agent-eval-') && !isOfTests(name),
    )
  }

  function expectNothingLeft(cwd: string): void {
    expect(copies().filter((name) => !leftBefore.includes(name))).toEqual([])
    expect(git(cwd, 'worktree', 'list').trim().split('\n')).toHaveLength(1)
  }

  it('is gone afterwards, and no hook of the repository has run', async () => {
    const cwd = await aRepository()
    const hook = path.join(cwd, '.git/hooks/post-checkout')
    mkdirSync(path.dirname(hook), { recursive: true })
    writeFileSync(hook, `#!/bin/sh\ntouch '${cwd}/hook-has-run'\n`, { mode: 0o755 })
    expect((await ranTo(['-n', '2', '--confirm'], { cwd })).exitCode).toBe(0)
    expectNothingLeft(cwd)
    expect(existsSync(path.join(cwd, 'hook-has-run'))).toBe(false)
  })

  it('is gone after an error', async () => {
    const cwd = await aProject()
    writeFiles(cwd, { 'set/agents/noisy.yaml': 'agent: { name: torn' })
    committed(cwd)
    const argv = ['run', '-q', '--confirm', '--candidate', 'set/agents/worse.yaml']
    expect((await runCli(argv, { cwd })).exitCode).toBe(2)
    expectNothingLeft(cwd)
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('is gone after %s, and nothing was run', async (signal, code) => {
    const cwd = await aRepository()
    const { exitCode, stderr } = await runCli(['run', '-q', '--confirm', '-n', '2'], {
      cwd,
      onListening: (send) => {
        send(signal)
      },
    })
    expect([exitCode, stderr]).toEqual([code, ''])
    expectNothingLeft(cwd)
    expect(runsOf(cwd)).toEqual([])
  })
})

describe('a confirmation that was cut off', () => {
  /** A signal to whoever listens as the nth. */
  function signalTo(nth: number): Pick<CliOptions, 'onListening'> {
    let listening = 0
    return {
      onListening: (send) => {
        listening += 1
        if (listening === nth) send('SIGINT')
      },
    }
  }

  it('goes on when the run is resumed, and ends in the same bytes', async () => {
    const argv = [...unlucky, '--confirm']
    const undisturbed = await aRepository()
    await ranTo(argv, { cwd: undisturbed, today })
    const cwd = await aRepository()
    // The first listens while the commit is copied, the second while the run is run.
    const cut = await runCli(['run', '-q', ...argv], { cwd, today, ...signalTo(3) })
    expect(cut.exitCode).toBe(130)
    expect(existsSync(path.join(newestRun(cwd), 'result.json'))).toBe(false)
    expect(runsOf(cwd)).toHaveLength(3)
    const resumed = await runCli(['run', '-q', ...argv, '--resume'], { cwd, today })
    expect([resumed.exitCode, resumed.stderr]).toEqual([0, ''])
    expect(resultBytes(newestRun(cwd))).toBe(resultBytes(newestRun(undisturbed)))
  })
})
