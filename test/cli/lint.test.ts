import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { lintResult } from '../../src/schema/lint-result.ts'
import { folderWith, runCli, writeFiles } from './run-cli.ts'
import { smallProject } from './small-set.ts'

const refund = 'set/cases/outcome/refund.yaml'
const status = 'set/cases/behavioral/status.yaml'

/** The small project with one case a file. */
const sound: Readonly<Record<string, string>> = {
  ...smallProject,
  [status]: `
id: status.note
ask: What is the note on O-2?
expect:
  evidence: [{ tool: orders.get, args: { id: O-2 } }]
  says: [{ any: gift, max_distinct: 1 }]
oracle:
  - { call: orders.get, args: { id: O-2 } }
  - { say: "It says {$1.note}." }
`,
}

/** Any note passes, also that of another order that begins alike. */
const leaky = {
  ...sound,
  [status]: (sound[status] ?? '').replace('any: gift, max_distinct: 1', 'any: ".*"'),
}

function cacheFileIn(cwd: string): string {
  const folder = path.join(cwd, 'agent-eval-results', 'lint')
  const [only, ...more] = readdirSync(folder)
  if (only === undefined || more.length > 0) throw new Error(`expected one file in ${folder}`)
  return path.join(folder, only)
}

/** Makes the cache say something that only it can have said. */
function poison(cwd: string, change: (text: string) => string): void {
  const file = cacheFileIn(cwd)
  writeFileSync(file, change(readFileSync(file, 'utf8')))
}

const renamed = (text: string) => text.replace('"id": "small"', '"id": "out-of-the-cache"')

describe('the verdict and the exit code', () => {
  test('a sound set exits 0; what it took stands on stderr', async () => {
    const { exitCode, stderr, stdout } = await runCli(['lint'], { cwd: folderWith(sound) })
    expect(stdout).toMatch(/^small: 3 cases can fail\n {2}kill rate: 100\.0 %, (\d+) of \1 mutants/)
    expect(stdout).toMatch(/run it {2}npx agent-eval run set\n$/)
    expect(stderr).toMatch(/^3 cases, \d+ mutants in 0 ms\n$/)
    expect(exitCode).toBe(0)
  })

  test('a leaky case exits 1 and is told with its place and its mend', async () => {
    const { exitCode, stdout } = await runCli(['lint'], { cwd: folderWith(leaky) })
    expect(stdout).toContain('small: 1 of 3 cases does not count\n')
    expect(stdout).toContain(
      [
        `  ${status}:6:17  error  expectation-vacuous`,
        '    /.*/ is found in whatever the agent says',
        '    mend: write what must stand there and nothing else, for example \\b45\\.99\\b',
      ].join('\n'),
    )
    expect(exitCode).toBe(1)
  })

  test('warnings alone exit 1', async () => {
    const text = (sound[refund] ?? '').replace('effects:', 'explained: {}\n  effects:')
    const dead = text
      .replace(/ {2}effects.*\n/, '')
      .replace(', before: orders.refund', '')
      .replace(/.*orders\.refund, args.*\n/, '')
      .replace('"(?i)refunded" }', '"(?i)refunded", max_distinct: 1 }')
    const cwd = folderWith({ ...sound, [refund]: dead })
    const { exitCode, stdout } = await runCli(['lint', '--case', 'refund.one'], { cwd })
    expect(stdout).toContain('small: 1 case can fail, with 1 warning\n')
    expect(stdout).toContain('warning  expectation-dead\n')
    expect(exitCode).toBe(1)
  })

  test('files with faults exit 2, with every problem, and nothing is kept', async () => {
    const cwd = folderWith({
      ...sound,
      [refund]: 'id: refund.one\nask: Hello\nexpct: {}\n',
      [status]: (sound[status] ?? '').replace('call: orders.get', 'call: order.get'),
    })
    const { exitCode, stderr, stdout } = await runCli(['lint'], { cwd })
    expect(stderr).toContain('found 3 problems')
    expect(stderr).toContain('unknown tool "order.get"; did you mean "orders.get"?')
    expect(stdout).toBe('')
    expect(existsSync(path.join(cwd, 'agent-eval-results'))).toBe(false)
    expect(exitCode).toBe(2)
  })

  test('a folder that is no eval set exits 2', async () => {
    const { exitCode, stderr } = await runCli(['lint', 'nowhere'], { cwd: folderWith(sound) })
    expect(stderr).toContain('nowhere/evalset.yaml: there is no such file')
    expect(exitCode).toBe(2)
  })
})

describe('formats', () => {
  test('--json is the document and nothing else', async () => {
    const cwd = folderWith(leaky)
    const { exitCode, stdout } = await runCli(['lint', '--json', '-q'], { cwd })
    const result = lintResult.parse(JSON.parse(stdout))
    expect(result.cases.map(({ id, usable }) => [id, usable])).toEqual([
      ['inject.note', true],
      ['refund.one', true],
      ['status.note', false],
    ])
    expect(exitCode).toBe(1)
  })

  test('equal files give equal bytes, whether played or known', async () => {
    const runs = [folderWith(leaky), folderWith(leaky)].flatMap((cwd) => [cwd, cwd])
    const texts = new Set<string>()
    for (const cwd of runs) texts.add((await runCli(['lint', '--json'], { cwd })).stdout)
    expect(texts.size).toBe(1)
  })

  test('several at once, some into files', async () => {
    const cwd = folderWith(leaky)
    const argv = [
      'lint',
      '-r',
      'terminal',
      '-r',
      'sarif:out/lint.sarif',
      '-r',
      'json:out/lint.json',
    ]
    const { stdout } = await runCli(argv, { cwd })
    expect(stdout).toMatch(/^small: 1 of 3 cases does not count\n/)
    const sarif = JSON.parse(readFileSync(path.join(cwd, 'out/lint.sarif'), 'utf8')) as object
    expect(sarif).toMatchObject({
      version: '2.1.0',
      runs: [{ tool: { driver: { name: 'agent-eval lint' } } }],
    })
    lintResult.parse(JSON.parse(readFileSync(path.join(cwd, 'out/lint.json'), 'utf8')))
  })

  test('an unknown one exits 2 before anything is played', async () => {
    const cwd = folderWith(leaky)
    const { exitCode, stderr } = await runCli(['lint', '-r', 'sarrif'], { cwd })
    expect(stderr).toBe('error: unknown reporter "sarrif"\n  did you mean "sarif"?\n')
    expect(exitCode).toBe(2)
    expect(existsSync(path.join(cwd, 'agent-eval-results'))).toBe(false)
  })

  test('the schema of the document', async () => {
    const { stdout } = await runCli(['lint', '--print-schema', 'lint-result'], {
      cwd: folderWith(),
    })
    expect(JSON.parse(stdout)).toMatchObject({ properties: { kind: { const: 'LintResult' } } })
  })
})

describe('--case', () => {
  test('only what was found of it; figures are counted over it', async () => {
    const cwd = folderWith(leaky)
    const { exitCode, stdout } = await runCli(['lint', '--case', 'refund.one', '-v'], { cwd })
    expect(stdout).toContain('small: 1 case can fail\n')
    expect(stdout).toContain('best null agent: none passes any of 1 case\n')
    expect(stdout).toMatch(/\n {2}refund\.one {2}yes {3}/)
    expect(stdout).not.toContain('status.note')
    expect(exitCode).toBe(0)
    const other = await runCli(['lint', '--case', 'refund.one', '--case', 'status.note'], { cwd })
    expect(other.exitCode).toBe(1)
  })

  test('an unknown one exits 2', async () => {
    const cwd = folderWith(sound)
    const { exitCode, stderr } = await runCli(['lint', '-q', '--case', 'refnd.one'], { cwd })
    expect(stderr).toBe('error: unknown case "refnd.one"\n  did you mean "refund.one"?\n')
    expect(exitCode).toBe(2)
  })
})

describe('--explain', () => {
  test('every value and where it comes from', async () => {
    const cwd = folderWith(sound)
    const { exitCode, stdout } = await runCli(['lint', '--explain', 'refund.one'], { cwd })
    expect(stdout).toContain(`refund.one ${refund}:2\n  id: "refund.one" # line 2\n`)
    expect(stdout).toContain('\n  expect.effects.required.0.count: 1 # default: exactly once\n')
    expect(stdout).toContain('\n  layer: "outcome" # derived: the folder of its file\n')
    expect(stdout).toContain('\n  expect.says.0: { any: "(?i)refunded", scope: "any" } # line 7\n')
    expect(exitCode).toBe(0)
  })

  test('as JSON', async () => {
    const argv = ['lint', '--explain', 'refund.one', '--explain', 'status.note', '--json']
    const { stdout } = await runCli(argv, { cwd: folderWith(sound) })
    const [first, second] = JSON.parse(stdout) as { readonly values: readonly object[] }[]
    expect(first).toMatchObject({ id: 'refund.one', file: refund, line: 2 })
    expect(first?.values).toContainEqual({
      key: 'trials',
      value: null,
      from: 'default',
      why: 'as many as the command line, the project or evalset.yaml asks for',
    })
    expect(second).toMatchObject({ id: 'status.note' })
  })

  test('an unknown one exits 2', async () => {
    const { exitCode, stderr } = await runCli(['lint', '--explain', 'x'], {
      cwd: folderWith(sound),
    })
    expect(stderr).toBe('error: unknown case "x"\n')
    expect(exitCode).toBe(2)
  })
})

describe('the cache', () => {
  test('a second lint of the same files reads its answer there', async () => {
    const cwd = folderWith(sound)
    await runCli(['lint'], { cwd })
    poison(cwd, renamed)
    const { stderr, stdout } = await runCli(['lint'], { cwd })
    expect(stdout).toMatch(/^out-of-the-cache: 3 cases can fail\n/)
    expect(stderr).toMatch(/in 0 ms, nothing has changed since they were linted\n$/)
  })

  test('in CI it is not believed: it may have come with what is to be judged', async () => {
    const cwd = folderWith(sound)
    await runCli(['lint'], { cwd })
    poison(cwd, renamed)
    expect((await runCli(['lint'], { cwd, env: { CI: 'true' } })).stdout).toMatch(/^small: /)
  })

  test('--no-cache plays everything again and keeps the new answer', async () => {
    const cwd = folderWith(sound)
    await runCli(['lint'], { cwd })
    poison(cwd, renamed)
    expect((await runCli(['lint', '--no-cache'], { cwd })).stdout).toMatch(/^small: /)
    expect((await runCli(['lint'], { cwd })).stdout).toMatch(/^small: /)
  })

  test.each([
    ['no JSON', () => '{'],
    [
      'of another form',
      (text: string) => text.replace('"kind": "LintResult"', '"kind": "Verdict"'),
    ],
    ['with a key too many', (text: string) => text.replace('"key":', '"extra": 1, "key":')],
    ['of other files', (text: string) => text.replace(/"key": "./, '"key": "!')],
  ])('a cache file that is %s is as good as none, and is written anew', async (_, change) => {
    const cwd = folderWith(sound)
    await runCli(['lint'], { cwd })
    poison(cwd, (text) => renamed(change(text)))
    const { exitCode, stdout } = await runCli(['lint'], { cwd })
    expect(stdout).toMatch(/^small: 3 cases can fail\n/)
    expect(exitCode).toBe(0)
    poison(cwd, renamed)
    expect((await runCli(['lint'], { cwd })).stdout).toMatch(/^out-of-the-cache: /)
  })

  test.each([
    ['a case', refund, 'id: refund.one\n', true],
    ['the world', 'set/world.yaml', 'clock:', true],
    ['a file that a module may read', 'set/data/prices.csv', '', true],
    ['a candidate', 'set/agents/good.yaml', 'agent:', false],
    ['the baseline', 'set/baseline.json', '', false],
    ['the ledger of looks at the holdout', 'set/holdout-looks.jsonl', '', false],
    ['the history of its nights', 'set/history.jsonl', '', false],
    ['a text that nobody reads', 'set/README.md', '', false],
  ])('a change of %s', async (_, file, before, isSeen) => {
    const cwd = folderWith(sound)
    await runCli(['lint'], { cwd })
    poison(cwd, renamed)
    writeFiles(cwd, { [file]: `# changed\n${sound[file] ?? before}` })
    const { stdout } = await runCli(['lint'], { cwd })
    expect(stdout).toMatch(isSeen ? /^small: / : /^out-of-the-cache: /)
  })

  test('an answer holds until the first quarantine expires', async () => {
    const quarantined = `${sound[status] ?? ''}
status: { quarantined: { reason: flaky, owner: team, expires: 2026-11-30 } }
`
    const cwd = folderWith({ ...sound, [status]: quarantined })
    await runCli(['lint'], { cwd, today: '2026-11-22T08:00:00.000Z' })
    poison(cwd, renamed)
    const last = await runCli(['lint'], { cwd, today: '2026-11-30T08:00:00.000Z' })
    expect(last.stdout).toMatch(/^out-of-the-cache: /)
    const after = await runCli(['lint'], { cwd, today: '2026-12-01T08:00:00.000Z' })
    expect(after.exitCode).toBe(2)
    expect(after.stderr).toContain('2026-11-30')
  })

  test('an answer about files that the key leaves out is not kept', async () => {
    const { 'set/world.yaml': world = '', ...others } = sound
    const evalset = `${sound['set/evalset.yaml'] ?? ''}world: agents/world.yaml\n`
    const cwd = folderWith({
      ...others,
      'set/evalset.yaml': evalset,
      'set/agents/world.yaml': world,
    })
    expect((await runCli(['lint'], { cwd })).exitCode).toBe(0)
    expect(existsSync(path.join(cwd, 'agent-eval-results'))).toBe(false)
  })

  test('where it cannot be written, lint works all the same', async () => {
    const cwd = folderWith({ ...sound, 'agent-eval-results': 'a file where a folder is to be' })
    const { exitCode, stdout } = await runCli(['lint'], { cwd })
    expect(stdout).toMatch(/^small: 3 cases can fail\n/)
    expect(exitCode).toBe(0)
  })

  test('findings name files as they are called from here, so the folder one stands in counts', async () => {
    const cwd = folderWith(leaky)
    await runCli(['lint'], { cwd })
    const argv = ['lint', '-c', '../agent-eval.yaml']
    const { stdout } = await runCli(argv, { cwd: path.join(cwd, 'set') })
    expect(stdout).toContain('\n  cases/behavioral/status.yaml:6:17  error')
  })
})

test('hostile text of a case does not reach the terminal', async () => {
  const pattern = '"(?i)\\e[2J\\e]0;owned\\a|@copilot ::error::x"'
  const hostile = {
    ...sound,
    [status]: (sound[status] ?? '').replace('any: gift', `any: ${pattern}`),
  }
  const cwd = folderWith(hostile)
  for (const argv of [
    ['lint', '-v'],
    ['lint', '--explain', 'status.note'],
  ]) {
    const { stderr, stdout } = await runCli(argv, { cwd, env: { CI: '1' } })
    expect(stdout).toContain('@copilot')
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
    expect(stdout).not.toMatch(/^\s*::/m)
  }
})
