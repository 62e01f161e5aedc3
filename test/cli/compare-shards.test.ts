import { cpSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { asJson } from '../../src/schema/json.ts'
import { type RunManifest, runManifest } from '../../src/schema/run-manifest.ts'
import { type RunResult, runResult } from '../../src/schema/run-result.ts'
import { prettyCanonicalJson } from '../../src/text/canonical-json.ts'
import { manifestOf, noisyProjects, ranTo, trialLines } from './noisy-set.ts'
import { type CliResult, folderWith, runCli } from './run-cli.ts'
import { smallProject } from './small-set.ts'

const aProject = noisyProjects()
const sample = ['-n', '6', '--seed', '4'] as const

/** Where artifacts of three jobs are laid down. */
function shardFolder(cwd: string, index: number): string {
  return path.join(cwd, 'shards', `agent-eval-shard-${index}`)
}

async function runShard(
  cwd: string,
  index: number,
  argv: readonly string[] = sample,
): Promise<CliResult> {
  const output = path.relative(cwd, shardFolder(cwd, index))
  return runCli(['run', '-q', '--shard', `${index}/3`, '-o', output, ...argv], { cwd })
}

async function runShards(cwd: string, argv: readonly string[] = sample): Promise<void> {
  for (const index of [1, 2, 3]) {
    const { exitCode, stderr } = await runShard(cwd, index, argv)
    expect([stderr, exitCode]).toEqual(['', 0])
  }
}

function runIn(folder: string): string {
  return path.join(folder, runsIn(folder)[0] ?? '')
}

/** What lint has found may lie there as well. */
function runsIn(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => name !== 'lint')
}

function shardManifest(cwd: string, index: number): RunManifest {
  return manifestOf(runIn(shardFolder(cwd, index)))
}

function editManifest(folder: string, change: (manifest: RunManifest) => RunManifest): void {
  const changed = runManifest.parse(change(manifestOf(folder)))
  writeFileSync(path.join(folder, 'run.json'), prettyCanonicalJson(asJson(changed)))
}

interface Compared extends CliResult {
  readonly result: RunResult
  readonly folder: string
}

async function compareShards(cwd: string, argv: readonly string[] = []): Promise<Compared> {
  const base = ['compare', 'shards', '--expect-shards', '3', '--json', '-o', 'merged']
  const compared = await runCli([...base, ...argv], { cwd })
  if (compared.stdout === '') throw new Error(compared.stderr)
  const result = runResult.parse(JSON.parse(compared.stdout))
  return { ...compared, result, folder: runIn(path.join(cwd, 'merged')) }
}

describe('three shards put together', () => {
  let cwd: string
  let whole: RunResult
  let merged: Compared

  beforeAll(async () => {
    cwd = await aProject()
    await runShards(cwd)
    whole = (await ranTo(sample, { cwd })).result
    merged = await compareShards(cwd)
  }, 60_000)

  it('give what one run of the same seed gives, but for its place', () => {
    expect(whole.verdict?.status).toBe('pass')
    expect(merged.exitCode).toBe(0)
    const bytes = (part: object): string => prettyCanonicalJson(asJson(part))
    expect(bytes(merged.result.metrics)).toBe(bytes(whole.metrics))
    expect(bytes(merged.result.cases)).toBe(bytes(whole.cases))
    expect(merged.result).toEqual(whole)
  })

  it('are written as one run, of which every trial and event is there once', () => {
    const manifest = manifestOf(merged.folder)
    expect(manifest.shard).toBeUndefined()
    expect(manifest.notSelected).toEqual([])
    expect(manifest.mergedFrom).toEqual([1, 2, 3].map((index) => shardManifest(cwd, index).run))
    expect(path.basename(merged.folder)).toBe(manifest.run)
    const lines = [1, 2, 3].flatMap((index) => trialLines(runIn(shardFolder(cwd, index))))
    expect(trialLines(merged.folder)).toEqual(lines)
    expect(lines).toHaveLength(30)
    const events = readFileSync(path.join(merged.folder, 'events.jsonl'), 'utf8').split('\n')
    const runs = new Set(
      events.filter(Boolean).map((line) => (JSON.parse(line) as { run: string }).run),
    )
    expect([...runs]).toEqual([manifest.run])
    const written = readFileSync(path.join(merged.folder, 'result.json'), 'utf8')
    expect(runResult.parse(JSON.parse(written))).toEqual(merged.result)
  })

  it('can be looked at, reported, compared again and made a baseline', async () => {
    const run = path.relative(cwd, merged.folder)
    const shown = await runCli(['show', `${run}/refund.one#1`], { cwd })
    expect([shown.exitCode, shown.stdout]).toEqual([0, expect.stringContaining('orders.refund')])
    const reported = await runCli(['report', run, '--json'], { cwd })
    expect(runResult.parse(JSON.parse(reported.stdout))).toEqual(merged.result)
    expect((await runCli(['compare', run], { cwd })).exitCode).toBe(0)
    const updated = await runCli(['baseline', 'update', '--from', run], { cwd: copyOf(cwd) })
    expect(updated.exitCode).toBe(0)
    // One trial of each where the baseline has more.
    expect(updated.stderr).toMatch(/fewer trials/)
  })

  it('make the same bytes again', async () => {
    const file = path.join(merged.folder, 'result.json')
    const before = readFileSync(file, 'utf8')
    await compareShards(cwd)
    expect(readFileSync(file, 'utf8')).toBe(before)
    expect(readdirSync(path.join(cwd, 'merged'))).toHaveLength(1)
  })
})

/** What only a run knows that was made in one piece: an agent's rules beside those of its baseline. */
const ofOneRun: ReadonlySet<string> = new Set(['policyDiff'])

describe('three shards of a worse agent', () => {
  it('say all that one run says: verdict, warnings, changed inputs, and the rest', async () => {
    const cwd = await aProject()
    const argv = [...sample, '--candidate', 'set/agents/worse.yaml']
    await runShards(cwd, argv)
    const { result: whole } = await ranTo(argv, { cwd })
    const { exitCode, result } = await compareShards(cwd)
    expect([exitCode, whole.verdict?.status]).toEqual([1, 'regression'])
    expect(whole.verdict?.inputsChanged).not.toEqual([])
    const shared = Object.entries(whole).filter(([name]) => !ofOneRun.has(name))
    expect(prettyCanonicalJson(asJson(result))).toBe(
      prettyCanonicalJson(asJson(Object.fromEntries(shared))),
    )
  })

  it.each([
    ['a fail that was made a pass', '"outcome":"fail"', '"outcome":"pass"'],
    ['a cost that was made less', /"costUsd":[\d.]+/, '"costUsd":0.000001'],
  ])('lack the evidence of one with %s', async (_, before, after) => {
    const cwd = await aProject()
    await runShards(cwd, [...sample, '--candidate', 'set/agents/worse.yaml'])
    for (const index of [1, 2, 3]) {
      const file = path.join(runIn(shardFolder(cwd, index)), 'trials.jsonl')
      const text = readFileSync(file, 'utf8')
      writeFileSync(file, text.replace(before, after))
    }
    const { exitCode, result } = await compareShards(cwd)
    expect(exitCode).toBe(result.verdict?.status === 'regression' ? 1 : 4)
    expect(result.verdict?.missingEvidence.join('\n')).toContain('contradicts itself: it')
  })
})

describe('a trial whose trace is gone or another’s', () => {
  it.each([
    ['gone', (): string => '', 'has no trace'],
    [
      'another’s',
      (text: string): string => text.replaceAll(/"seed":\d+/g, '"seed":1'),
      'of another',
    ],
  ])('is not shown beside it: %s', async (_, edit, words) => {
    const cwd = await aProject()
    const { folder } = await ranTo(sample, { cwd })
    const file = path.join(folder, 'events.jsonl')
    writeFileSync(file, edit(readFileSync(file, 'utf8')))
    const { exitCode, stderr } = await runCli(['show', `${folder}/refund.one#1`], { cwd })
    expect([exitCode, stderr]).toEqual([4, expect.stringContaining(words)])
  })
})

function copyOf(folder: string): string {
  const copy = folderWith()
  cpSync(folder, copy, { recursive: true })
  return copy
}

describe('one shard', () => {
  it('says what it is, decides nothing and has its cases only', async () => {
    const cwd = await aProject()
    const worse = ['--candidate', 'set/agents/worse.yaml', ...sample]
    const ran = await runCli(['run', '--shard', '2/3', '--json', ...worse], { cwd })
    expect(ran.exitCode).toBe(0)
    expect(ran.stderr).toContain('small: shard 2 of 3, 1 of 4 cases; it decides nothing\n')
    const result = runResult.parse(JSON.parse(ran.stdout))
    expect(result.verdict).toBeUndefined()
    const manifest = manifestOf(runIn(path.join(cwd, 'agent-eval-results')))
    expect(manifest.shard).toMatchObject({ index: 2, total: 3, evalSets: ['small'] })
    const own = manifest.cases.map((one) => one.id)
    const others = manifest.shard?.elsewhere.map((one) => one.id) ?? []
    expect([...own, ...others].sort()).toEqual([
      'inject.note',
      'inject.note~twin',
      'refund.one',
      'status.note',
      'status.paid',
    ])
    expect(manifest.notSelected).toEqual(others.filter((id) => !id.endsWith('~twin')))
    expect(manifest.run).toMatch(/-shard-2-of-3$/)
  })

  it.each([
    [
      '--max-trials',
      ['--max-trials', '9'],
      '--max-trials needs a verdict, and a shard decides nothing',
    ],
    ['--confirm', ['--confirm'], '--confirm needs a verdict'],
    ['--skip-unchanged', ['--skip-unchanged'], '--skip-unchanged needs a verdict'],
    ['--last-failed', ['--last-failed'], '--last-failed is for looking'],
    ['--changed-since', ['--changed-since', 'HEAD'], '--changed-since is for looking'],
    ['--mode observe', ['--mode', 'observe'], '--mode observe is for looking'],
    ['--history', ['--history'], 'a history is of whole runs'],
  ])('refuses %s', async (_, argv, message) => {
    const cwd = folderWith(smallProject)
    const ran = await runCli(['run', '--shard', '1/2', ...argv], { cwd })
    expect([ran.exitCode, ran.stderr]).toEqual([2, expect.stringContaining(message)])
  })

  it('is refused for a holdout', async () => {
    const holdout = `${smallProject['set/cases/outcome/refund.yaml'] ?? ''}split: holdout\n`
    const cwd = folderWith({ ...smallProject, 'set/cases/outcome/refund.yaml': holdout })
    const ran = await runCli(['run', '--shard', '1/2', '--split', 'holdout'], { cwd })
    expect([ran.exitCode, ran.stderr]).toEqual([
      2,
      expect.stringContaining('the holdout runs as a whole'),
    ])
  })

  it('says that the rounds of the gate are not made', async () => {
    const set = `${smallProject['set/evalset.yaml'] ?? ''}gate: { max_trials: 9 }\n`
    const cwd = folderWith({ ...smallProject, 'set/evalset.yaml': set })
    const ran = await runCli(['run', '--shard', '1/2'], { cwd })
    expect(ran.stderr).toContain('gate.max_trials adds none')
    expect(manifestOf(runIn(path.join(cwd, 'agent-eval-results'))).sampling).toBeUndefined()
  })

  it('is not decided on by itself, and makes no baseline', async () => {
    const cwd = folderWith(smallProject)
    await runCli(['run', '-q', '--shard', '1/2'], { cwd })
    const run = path.relative(cwd, runIn(path.join(cwd, 'agent-eval-results')))
    const compared = await runCli(['compare', run, '--baseline', 'none'], { cwd })
    expect([compared.exitCode, compared.stderr]).toEqual([
      2,
      expect.stringContaining('this run is shard 1 of 2, which decides nothing'),
    ])
    const updated = await runCli(['baseline', 'update', '--from', run], { cwd })
    expect([updated.exitCode, updated.stderr]).toEqual([2, expect.stringContaining('left out')])
  })
})

describe('shards that are not all there', () => {
  let original: string

  beforeAll(async () => {
    original = await aProject()
    await runShards(original)
  }, 60_000)

  /** A copy of the three shards, with something done to it. */
  async function comparedAfter(change: (cwd: string) => void | Promise<void>): Promise<Compared> {
    const cwd = copyOf(original)
    await change(cwd)
    return compareShards(cwd)
  }

  function expectMissing({ exitCode, result }: Compared, reasons: readonly unknown[]): void {
    expect(exitCode).toBe(4)
    expect(result.verdict).toMatchObject({ status: 'error', exitCode: 4 })
    expect(result.verdict?.missingEvidence.slice(0, reasons.length)).toEqual(reasons)
  }

  it('names the one that is missing, in the result and in every report', async () => {
    const compared = await comparedAfter((cwd) => {
      rmSync(shardFolder(cwd, 2), { recursive: true })
    })
    expectMissing(compared, ['shard 2 of 3 is missing'])
    // Its trials are lost, not left out.
    expect(compared.result.cases).toHaveLength(5)
    const lost = compared.result.cases.filter((one) => one.incomplete > 0)
    expect(lost.map((one) => [one.id, one.scored, one.incomplete])).toEqual(
      shardManifest(original, 2)
        .cases.map((one) => [one.id, 0, 6])
        .sort(),
    )
    const cwd = path.dirname(path.dirname(compared.folder))
    for (const format of ['terminal', 'markdown']) {
      const argv = ['report', path.relative(cwd, compared.folder), '-r', format]
      expect((await runCli(argv, { cwd })).stdout).toContain('shard 2 of 3 is missing')
    }
  })

  it('names several', async () => {
    const compared = await comparedAfter((cwd) => {
      for (const index of [1, 3]) rmSync(shardFolder(cwd, index), { recursive: true })
    })
    expectMissing(compared, ['shards 1, 3 of 3 are missing'])
  })

  it('takes neither of one that is there twice', async () => {
    const compared = await comparedAfter(async (cwd) => {
      const again = ['--shard', '3/3', '-o', 'shards/agent-eval-shard-3-again']
      await runCli(['run', '-q', ...again, ...sample], { cwd })
    })
    expectMissing(compared, [
      expect.stringMatching(
        /^shard 3 of 3 is there twice: shards\/agent-eval-shard-3-again\/\S+, shards\/agent-eval-shard-3\/\S+$/,
      ),
    ])
    const three = shardManifest(original, 3).cases.map((one) => one.id)
    for (const one of compared.result.cases) {
      expect([one.id, one.scored]).toEqual([one.id, three.includes(one.id) ? 0 : 6])
    }
  })

  it.each([
    ['agent', ['--candidate', 'set/agents/worse.yaml', ...sample], 'another agent'],
    ['seed', ['-n', '6', '--seed', '5'], 'another seed'],
    ['selection', ['-n', '7', '--seed', '4'], 'another selection of cases'],
  ])('counts none of another %s', async (_, argv, words) => {
    const compared = await comparedAfter(async (cwd) => {
      rmSync(shardFolder(cwd, 1), { recursive: true })
      await runShard(cwd, 1, argv)
    })
    expectMissing(compared, [
      expect.stringContaining(`shard 1 of 3 was run with ${words} than the others: shards/`),
    ])
  })

  it('counts none of another version of agent-eval', async () => {
    const compared = await comparedAfter((cwd) => {
      editManifest(runIn(shardFolder(cwd, 2)), (manifest) => ({
        ...manifest,
        provenance: { ...manifest.provenance, tool: 'agent-eval 0.0.1' },
      }))
    })
    expectMissing(compared, [
      expect.stringContaining(
        'shard 2 of 3 was run with another version of agent-eval than the others: shards/',
      ),
    ])
  })

  it.each([
    ['a manifest that is no JSON', 'run.json', '{', 'is not JSON'],
    ['trials that are none', 'trials.jsonl', '{}\n{}\n', 'is not a trial line'],
  ])('names one with %s', async (_, file, text, why) => {
    const compared = await comparedAfter((cwd) => {
      writeFileSync(path.join(runIn(shardFolder(cwd, 2)), file), text)
    })
    const reasons = compared.result.verdict?.missingEvidence.join('\n')
    expectMissing(compared, [])
    expect(reasons).toContain('shard 2 of 3')
    expect(reasons).toContain(why)
  })

  it('follows no link out of a shard', async () => {
    const compared = await comparedAfter((cwd) => {
      const secret = path.join(cwd, 'secret.jsonl')
      writeFileSync(secret, 'secret\n')
      const events = path.join(runIn(shardFolder(cwd, 2)), 'events.jsonl')
      rmSync(events)
      symlinkSync(secret, events)
    })
    expectMissing(compared, [expect.stringContaining('shard 2 of 3 cannot be read: ')])
  })

  it('counts what a kill cut off as lost, and says so', async () => {
    const compared = await comparedAfter((cwd) => {
      const folder = runIn(shardFolder(cwd, 1))
      const [first = '', second = ''] = trialLines(folder)
      rmSync(path.join(folder, 'result.json'))
      writeFileSync(path.join(folder, 'trials.jsonl'), `${first}\n${second.slice(0, 40)}`)
    })
    const planned = shardManifest(original, 1).cases.length * 6
    expect(compared.exitCode).toBe(4)
    expect(compared.result.verdict?.warnings).toContain(
      `shard 1 of 3 was cut off: ${planned - 1} of its trials have no result`,
    )
    expect(compared.result.cases.map((one) => one.incomplete)).toContain(6)
  })

  it('says which cases shards share that were dealt by different baselines', async () => {
    const compared = await comparedAfter((cwd) => {
      const [one, two] = [1, 2].map((index) => runIn(shardFolder(cwd, index)))
      const shared = shardManifest(cwd, 1).cases
      editManifest(two ?? '', (manifest) => ({
        ...manifest,
        cases: [...manifest.cases, ...shared],
        shard: manifest.shard && {
          ...manifest.shard,
          elsewhere: manifest.shard.elsewhere.filter(
            ({ id }) => !shared.some((other) => other.id === id),
          ),
        },
      }))
      expect(one).toBeDefined()
    })
    expectMissing(compared, [
      expect.stringContaining('shard 2 of 3 has cases of shard 1, such as '),
    ])
  })

  it('is exit 4 where there is none at all, or no folder', async () => {
    const cwd = copyOf(original)
    rmSync(path.join(cwd, 'shards'), { recursive: true })
    const argv = ['compare', 'shards', '--expect-shards', '3']
    const none = await runCli(argv, { cwd })
    expect([none.exitCode, none.stderr]).toEqual([
      4,
      expect.stringContaining('shards: none of 3 shards is there'),
    ])
    await runCli(['run', '-q', '-o', 'shards', ...sample], { cwd })
    const whole = await runCli(argv, { cwd })
    expect([whole.exitCode, whole.stderr]).toEqual([
      4,
      expect.stringContaining('the run there is no shard'),
    ])
  })

  it('is exit 2 where another number was meant', async () => {
    const argv = ['compare', 'shards', '--expect-shards', '4']
    const compared = await runCli(argv, { cwd: original })
    expect([compared.exitCode, compared.stderr]).toEqual([
      2,
      expect.stringContaining('compare again with --expect-shards 3'),
    ])
  })

  it('asks for --expect-shards where a folder holds runs', async () => {
    const compared = await runCli(['compare', 'shards'], { cwd: original })
    expect([compared.exitCode, compared.stderr]).toEqual([
      2,
      expect.stringMatching(/shards: is no run itself, and holds 3 runs\n.*--expect-shards 3/),
    ])
  })

  it('is a regression where the others show one, and names what is missing', async () => {
    const cwd = await aProject()
    await runShards(cwd, ['--candidate', 'set/agents/mute.yaml', '-n', '12', '--seed', '3'])
    rmSync(shardFolder(cwd, 2), { recursive: true })
    const { exitCode, result } = await compareShards(cwd)
    expect([exitCode, result.verdict?.status]).toEqual([1, 'regression'])
    expect(result.verdict?.missingEvidence).toContain('shard 2 of 3 is missing')
  })
})

describe('shards that differ in size or halves', () => {
  it('are decided on although there are more of them than cases', async () => {
    const cwd = folderWith(smallProject)
    const total = 6
    for (let index = 1; index <= total; index += 1) {
      const argv = ['run', '-q', '--shard', `${index}/${total}`, '-o', 'shards', '-n', '2']
      const ran = await runCli(argv, { cwd })
      expect([ran.exitCode, ran.stderr]).toEqual([0, ''])
    }
    const runs = readdirSync(path.join(cwd, 'shards'))
    const sizes = runs.map((run) => manifestOf(path.join(cwd, 'shards', run)).cases.length)
    expect(sizes.filter((size) => size === 0)).toHaveLength(2)
    const argv = ['compare', 'shards', '--expect-shards', String(total), '--json']
    const compared = await runCli(argv, { cwd })
    const result = runResult.parse(JSON.parse(compared.stdout))
    const whole = (await ranTo(['-n', '2'], { cwd })).result
    expect(result).toEqual(whole)
  })

  it('keep the half that only shows what the model would do beside the one that decides', async () => {
    const cwd = await aProject()
    const argv = [...sample, '--mode', 'both']
    await runShards(cwd, argv)
    const { result } = await compareShards(cwd)
    const whole = (await ranTo(argv, { cwd })).result
    expect(result).toEqual(whole)
    expect(result.controls?.propensity).toBeDefined()
  })
})

describe('shards of several eval sets', () => {
  const two: Readonly<Record<string, string>> = {
    ...smallProject,
    ...Object.fromEntries(
      Object.entries(smallProject)
        .filter(([file]) => file.startsWith('set/'))
        .map(([file, text]) => [
          file.replace('set/', 'more/'),
          file === 'set/evalset.yaml' ? text.replace('id: small', 'id: more') : text,
        ]),
    ),
    'agent-eval.yaml': (smallProject['agent-eval.yaml'] ?? '').replace('[set]', '[set, more]'),
  }

  async function shardsOfTwo(): Promise<string> {
    const cwd = folderWith(two)
    for (const index of [1, 2]) {
      const argv = ['run', '-q', '--shard', `${index}/2`, '-o', `shards/${index}`, '-n', '2']
      expect((await runCli(argv, { cwd })).exitCode).toBe(0)
    }
    return cwd
  }

  it('are one verdict for each', async () => {
    const cwd = await shardsOfTwo()
    const argv = ['compare', 'shards', '--expect-shards', '2']
    const compared = await runCli(argv, { cwd })
    expect(compared.exitCode).toBe(0)
    expect(compared.stdout).toContain('npx agent-eval show agent-eval-results/more-merged-')
    expect(compared.stdout).toContain('npx agent-eval show agent-eval-results/small-merged-')
    expect(runsIn(path.join(cwd, 'agent-eval-results')).map((run) => run.slice(0, 10))).toEqual([
      'more-merge',
      'small-merg',
    ])
  })

  it('miss the one of which no shard is there', async () => {
    const cwd = await shardsOfTwo()
    for (const index of [1, 2]) {
      const folder = path.join(cwd, 'shards', String(index))
      for (const run of readdirSync(folder).filter((name) => name.startsWith('more-'))) {
        rmSync(path.join(folder, run), { recursive: true })
      }
    }
    const argv = ['compare', 'shards', '--expect-shards', '2', '--json']
    const compared = await runCli(argv, { cwd })
    expect(compared.exitCode).toBe(4)
    expect(runResult.parse(JSON.parse(compared.stdout)).verdict?.missingEvidence).toEqual([
      'eval set "more" was to be run as well, and none of its 2 shards is there: run them, or name those that were run: --evalset ID',
    ])
    const named = await runCli([...argv, '--evalset', 'small'], { cwd })
    expect([named.stderr, named.exitCode]).toEqual(['', 0])
  })

  it('miss one that the project runs and no shard knows of', async () => {
    const cwd = folderWith(two)
    for (const index of [1, 2]) {
      const argv = ['run', 'set', '-q', '--shard', `${index}/2`, '-o', `shards/${index}`, '-n', '2']
      expect((await runCli(argv, { cwd })).exitCode).toBe(0)
    }
    const argv = ['compare', 'shards', '--expect-shards', '2', '--json']
    const compared = await runCli(argv, { cwd })
    expect(compared.exitCode).toBe(4)
    expect(compared.stdout).toContain('eval set \\"more\\" was to be run as well')
    expect((await runCli([...argv, '--evalset', 'small'], { cwd })).exitCode).toBe(0)
    const alone = await runCli(['compare', 'shards', '--evalset', 'small'], { cwd })
    expect([alone.exitCode, alone.stderr]).toEqual([
      2,
      expect.stringContaining('--expect-shards N'),
    ])
  })

  it('blame a run that nobody can read on the set that lacks a shard', async () => {
    const cwd = await shardsOfTwo()
    const folder = path.join(cwd, 'shards', '1')
    const [run = ''] = readdirSync(folder).filter((name) => name.startsWith('more-'))
    writeFileSync(path.join(folder, run, 'run.json'), '')
    const argv = ['compare', 'shards', '--expect-shards', '2', '-r', 'json:reports/{evalset}.json']
    const compared = await runCli(argv, { cwd })
    expect(compared.exitCode).toBe(4)
    const results = runsIn(path.join(cwd, 'agent-eval-results')).map((name) => {
      const file = path.join(cwd, 'agent-eval-results', name, 'result.json')
      return runResult.parse(JSON.parse(readFileSync(file, 'utf8')))
    })
    expect(
      results.map(({ provenance, verdict }) => [provenance.evalSet.id, verdict?.status]),
    ).toEqual([
      ['more', 'error'],
      ['small', 'pass'],
    ])
    expect(results[0]?.verdict?.missingEvidence).toContain('shard 1 of 2 is missing')
    expect(results[0]?.verdict?.missingEvidence.join()).toContain('is not JSON')
  })
})

describe('shards and the tree that they are judged in', () => {
  let original: string

  beforeAll(async () => {
    original = await aProject()
    await runShards(original)
  }, 60_000)

  it('say nothing of another agent', async () => {
    const cwd = copyOf(original)
    const worse = readFileSync(path.join(cwd, 'set/agents/worse.yaml'), 'utf8')
    writeFileSync(path.join(cwd, 'set/agents/noisy.yaml'), worse)
    const { exitCode, result } = await compareShards(cwd)
    expect(exitCode).toBe(4)
    expect(result.verdict?.missingEvidence).toEqual([
      'the shards ran another agent than the one that is checked out here',
    ])
  })

  it('say nothing where their agent is not here', async () => {
    const cwd = copyOf(original)
    rmSync(path.join(cwd, 'set/agents/noisy.yaml'))
    const { exitCode, result } = await compareShards(cwd)
    expect(exitCode).toBe(4)
    expect(result.verdict?.missingEvidence.join()).toContain('nobody knows whether the shards ran')
  })

  it('bring no looser rules and no baseline of their own', async () => {
    const cwd = copyOf(original)
    for (const index of [1, 2, 3]) {
      editManifest(runIn(shardFolder(cwd, index)), (manifest) => ({
        ...manifest,
        gate: { ...manifest.gate, margins: { ...manifest.gate.margins, tsr: 0.9 } },
        baselineFile: 'set/no-such-file.json',
      }))
    }
    const { result } = await compareShards(cwd)
    const own = await compareShards(copyOf(original))
    expect(own.result.verdict?.baseline).toBeDefined()
    expect(result.verdict).toEqual(own.result.verdict)
  })
})
