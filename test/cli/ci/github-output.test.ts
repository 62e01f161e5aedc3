import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { aRunResult } from '../../builders/result.ts'
import { commandsIn } from '../../report/github/actions-runner.ts'
import { committed, git } from '../git-repo.ts'
import { type CliResult, folderWith, runCli, writeFiles } from '../run-cli.ts'
import { smallProject } from '../small-set.ts'

/** A step of a GitHub job: its files, and what the runner and the next step see of a command. */
interface Step {
  readonly env: Readonly<Record<string, string>>
  readonly outputs: () => Readonly<Record<string, string>>
  readonly summary: () => string
}

function aStep(workspace: string, more: Readonly<Record<string, string>> = {}): Step {
  const folder = folderWith({ summary: '', output: '' })
  const files = { summary: path.join(folder, 'summary'), output: path.join(folder, 'output') }
  return {
    env: {
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_EVENT_NAME: 'push',
      GITHUB_REPOSITORY: 'acme/bot',
      GITHUB_RUN_ID: '42',
      GITHUB_SHA: 'a'.repeat(40),
      GITHUB_WORKSPACE: workspace,
      GITHUB_OUTPUT: files.output,
      GITHUB_STEP_SUMMARY: files.summary,
      ...more,
    },
    outputs: () => valuesIn(readFileSync(files.output, 'utf8')),
    summary: () => readFileSync(files.summary, 'utf8'),
  }
}

/** As the runner reads the file. */
function valuesIn(text: string): Readonly<Record<string, string>> {
  const values: Record<string, string> = {}
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at += 1) {
    const [, name = '', kind, rest = ''] = /^([\w-]+)(=|<<)(.*)$/.exec(lines[at] ?? '') ?? []
    if (kind === '=') values[name] = rest
    if (kind !== '<<') continue
    const end = lines.indexOf(rest, at + 1)
    values[name] = lines.slice(at + 1, end).join('\n')
    at = end
  }
  return values
}

let original: Promise<string> | undefined

/** With a baseline that every candidate but the good one is worse than; each call gives a copy. */
async function aProject(): Promise<string> {
  original ??= withBaseline()
  const cwd = folderWith()
  cpSync(await original, cwd, { recursive: true })
  return cwd
}

async function withBaseline(): Promise<string> {
  const cwd = folderWith(smallProject)
  await runCli(['run', '-n', '12', '--seed', '7', '--no-gate', '-q'], { cwd })
  const { exitCode, stderr } = await runCli(['baseline', 'update'], { cwd })
  expect(exitCode, stderr).toBe(0)
  return cwd
}

const mute = ['--candidate', 'set/agents/mute.yaml'] as const

function run(cwd: string, step: Step, argv: readonly string[] = mute): Promise<CliResult> {
  return runCli(['run', '-q', ...argv], { cwd, env: step.env })
}

describe('a run in a GitHub job', () => {
  it('tells the runner of a regression: annotations, a summary and outputs', async () => {
    const cwd = await aProject()
    const step = aStep(cwd)
    const { exitCode, stderr, stdout } = await run(cwd, step)
    expect(exitCode).toBe(1)
    expect(commandsIn(stdout)).toEqual([])
    const commands = commandsIn(stderr)
    const errors = ['error', 'error', 'error', 'error']
    expect(commands.map(({ name }) => name)).toEqual([...errors, 'notice'])
    expect(commands.map(({ properties }) => properties)).toContainEqual({
      file: 'set/cases/outcome/refund.yaml',
      line: '2',
      title: 'worse than before: refund.one',
    })
    const { 'report-path': report = '', ...outputs } = step.outputs()
    expect(outputs).toEqual({ verdict: 'regression', 'exit-code': '1', tsr: '0' })
    expect(report).toMatch(/^agent-eval-results\/small-[\w-]+\/result\.json$/)
    expect(existsSync(path.join(cwd, report))).toBe(true)
    expect(step.summary()).toMatch(/^### agent-eval.*regression/)
    expect(step.summary()).toContain(
      `https://github.com/acme/bot/blob/${'a'.repeat(40)}/set/cases/outcome/refund.yaml#L2`,
    )
  })

  it('adds to what stands in the files of the step', async () => {
    const cwd = await aProject()
    const step = aStep(cwd)
    writeFileSync(step.env['GITHUB_OUTPUT'] ?? '', 'other=1\n')
    writeFileSync(step.env['GITHUB_STEP_SUMMARY'] ?? '', 'somebody else\n')
    await run(cwd, step, [])
    expect(step.outputs()).toMatchObject({ other: '1', 'exit-code': '0' })
    expect(step.summary()).toMatch(/^somebody else\n\n### agent-eval/)
  })

  it('says nothing where nobody wants it, and nothing elsewhere', async () => {
    const cwd = await aProject()
    const step = aStep(cwd)
    const silent = await run(cwd, step, [...mute, '--no-github'])
    const laptop = await runCli(['run', '-q', ...mute], { cwd })
    for (const { exitCode, stderr } of [silent, laptop]) {
      expect([exitCode, commandsIn(stderr)]).toEqual([1, []])
    }
    expect([step.outputs(), step.summary()]).toEqual([{}, ''])
  })

  it('points at lines of the repository from a folder of it', async () => {
    const root = folderWith()
    const cwd = path.join(root, 'packages/bot')
    mkdirSync(path.dirname(cwd), { recursive: true })
    renameSync(await aProject(), cwd)
    committed(root)
    const step = aStep(root)
    const { stderr } = await run(cwd, step)
    expect(commandsIn(stderr).map(({ properties }) => properties['file'])).toContain(
      'packages/bot/set/cases/outcome/refund.yaml',
    )
    expect(step.outputs()['report-path']).toMatch(/^packages\/bot\/agent-eval-results\//)
    expect(step.summary()).toContain('/packages/bot/set/cases/outcome/refund.yaml#L2')
  })

  it('writes the outputs once for several eval sets; the worst verdict decides', async () => {
    const cwd = await aProject()
    cpSync(path.join(cwd, 'set'), path.join(cwd, 'other'), { recursive: true })
    const other = (smallProject['set/evalset.yaml'] ?? '').replace('id: small', 'id: other')
    writeFiles(cwd, {
      'agent-eval.yaml': (smallProject['agent-eval.yaml'] ?? '').replace('[set]', '[other, set]'),
      'other/evalset.yaml': `${other}baseline: none.json\n`,
    })
    const step = aStep(cwd)
    const { exitCode, stderr } = await run(cwd, step)
    expect([exitCode, step.outputs()['verdict']]).toEqual([1, 'regression'])
    expect(step.outputs()['report-path']?.split('\n')).toEqual([
      expect.stringMatching(/\/other-/),
      expect.stringMatching(/\/small-/),
    ])
    expect(readFileSync(step.env['GITHUB_OUTPUT'] ?? '', 'utf8').match(/^verdict=/gm)).toHaveLength(
      1,
    )
    expect(commandsIn(stderr).filter(({ name }) => name === 'notice')).toHaveLength(2)
    expect(step.summary().match(/^### agent-eval/gm)).toHaveLength(2)
  })

  it('keeps its verdict where the files cannot be written, and says so', async () => {
    const cwd = await aProject()
    const locked = folderWith()
    const step = aStep(cwd, {
      GITHUB_OUTPUT: locked,
      GITHUB_STEP_SUMMARY: path.join(locked, 'no/such/folder'),
    })
    const { exitCode, stderr } = await run(cwd, step, [])
    expect(exitCode).toBe(0)
    expect(stderr).toMatch(/agent-eval: the job summary cannot be written: ENOENT/)
    expect(stderr).toMatch(/agent-eval: the outputs of this step cannot be written: EISDIR/)
  })

  it('leaves out of a summary what has no room in it: GitHub would drop all of it', async () => {
    const cwd = await aProject()
    const step = aStep(cwd)
    const file = step.env['GITHUB_STEP_SUMMARY'] ?? ''
    writeFileSync(file, 'x'.repeat(1024 * 1024 - 200))
    await run(cwd, step)
    expect(step.summary().length).toBeLessThanOrEqual(1024 * 1024)
    expect(step.summary()).toMatch(/x\nThere is no room for more/)
    writeFileSync(file, 'x'.repeat(1024 * 1024))
    await run(cwd, step)
    expect(step.summary()).toHaveLength(1024 * 1024)
  })

  it('says that nothing had to be run', async () => {
    const cwd = committed(await aProject())
    const today = git(cwd, 'log', '-1', '--format=%cI').trim()
    const step = aStep(cwd)
    const argv = [
      'run',
      '-q',
      '--skip-unchanged',
      '-r',
      'junit:j.xml',
      '-r',
      'sarif:s.sarif',
      '-r',
      'html:p.html',
    ]
    const { exitCode, stderr } = await runCli(argv, { cwd, today, env: step.env })
    expect([exitCode, commandsIn(stderr)]).toEqual([0, []])
    expect(step.outputs()).toEqual({
      verdict: 'skipped',
      'exit-code': '0',
      tsr: '',
      'report-path': '',
    })
    expect(step.summary()).toContain('skipped, nothing changed')
    expect(readFileSync(path.join(cwd, 'j.xml'), 'utf8')).toContain('<skipped type="unchanged"')
    expect(JSON.parse(readFileSync(path.join(cwd, 's.sarif'), 'utf8'))).toMatchObject({
      runs: [{ results: [] }],
    })
    expect(existsSync(path.join(cwd, 'p.html'))).toBe(false)
  })
})

describe('a command that could not be done', () => {
  it('points at every line of a file that is wrong', async () => {
    const cwd = await aProject()
    const text = smallProject['set/cases/outcome/refund.yaml'] ?? ''
    writeFiles(cwd, {
      'set/cases/outcome/refund.yaml': text.replace('tool: orders.refund', 'tool: orders.refnd'),
    })
    const step = aStep(cwd)
    const { exitCode, stderr } = await run(cwd, step)
    expect(exitCode).toBe(2)
    const [command, ...more] = commandsIn(stderr)
    expect(more).toEqual([])
    expect(command).toMatchObject({
      name: 'error',
      properties: { file: 'set/cases/outcome/refund.yaml', line: '6', title: 'nothing was run' },
      data: expect.stringMatching(/unknown tool "orders\.refnd"/) as string,
    })
    expect(step.outputs()).toMatchObject({ verdict: 'error', 'exit-code': '2' })
  })

  it('has no verdict after an option that there is none of', async () => {
    const cwd = await aProject()
    const step = aStep(cwd)
    const { exitCode } = await run(cwd, step, ['--no-such-option'])
    expect([exitCode, step.outputs()['verdict'], step.summary()]).toEqual([2, 'error', ''])
  })

  it('says of other commands what was wrong, and gives them no verdict', async () => {
    const cwd = await aProject()
    const step = aStep(cwd)
    const { exitCode, stderr } = await runCli(['report', 'no-such-run'], { cwd, env: step.env })
    expect([exitCode, commandsIn(stderr).map(({ name }) => name)]).toEqual([2, ['error']])
    expect(step.outputs()).toEqual({})
  })

  it('obeys nothing that an argument says', async () => {
    const cwd = await aProject()
    const step = aStep(cwd)
    const argv = ['run', '--case', 'a\n::set-output name=verdict::pass']
    const { stderr } = await runCli(argv, { cwd, env: step.env })
    expect(commandsIn(stderr).map(({ name }) => name)).toEqual(['error'])
  })
})

describe('other commands', () => {
  it('tells what compare decides, with the lines of its cases', async () => {
    const cwd = await aProject()
    const measured = aStep(cwd)
    await run(cwd, measured, [...mute, '--no-gate'])
    expect(measured.outputs()['verdict']).toBe('none')
    const step = aStep(cwd)
    const argv = ['compare', path.dirname(measured.outputs()['report-path'] ?? ''), '-q']
    const { exitCode, stderr } = await runCli(argv, { cwd, env: step.env })
    expect(exitCode, stderr).toBe(1)
    expect(commandsIn(stderr).map(({ properties }) => properties['file'])).toContain(
      'set/cases/outcome/refund.yaml',
    )
    expect(step.outputs()).toMatchObject({ verdict: 'regression', 'exit-code': '1' })
  })

  it('tells what is reported only where somebody asks', async () => {
    const cwd = await aProject()
    const first = aStep(cwd)
    await run(cwd, first)
    const folder = path.dirname(first.outputs()['report-path'] ?? '')
    const silent = aStep(cwd)
    await runCli(['report', folder], { cwd, env: silent.env })
    expect([silent.outputs(), silent.summary()]).toEqual([{}, ''])
    const asked = aStep(cwd)
    const { exitCode, stderr, stdout } = await runCli(['report', folder, '-r', 'github'], {
      cwd,
      env: asked.env,
    })
    expect([exitCode, stdout]).toEqual([0, ''])
    expect(commandsIn(stderr).at(-1)?.name).toBe('notice')
    const { 'report-path': report, tsr } = first.outputs()
    expect(asked.outputs()).toEqual({ 'report-path': report, tsr })
  })

  it('prints the lines where there is no runner', async () => {
    const cwd = await aProject()
    const { stderr, stdout } = await runCli(['run', '-q', ...mute, '-r', 'github'], { cwd })
    expect(commandsIn(stdout)).toHaveLength(5)
    expect(commandsIn(stderr)).toEqual([])
  })
})

describe('files of several eval sets', () => {
  function twoSets(): string {
    const other = (smallProject['set/evalset.yaml'] ?? '').replace('id: small', 'id: other')
    const moved = Object.entries(smallProject).map(([name, text]) => [
      name.replace('set/', 'two/'),
      text,
    ])
    return folderWith({
      ...smallProject,
      ...(Object.fromEntries(moved) as Record<string, string>),
      'two/evalset.yaml': other,
      'agent-eval.yaml': (smallProject['agent-eval.yaml'] ?? '').replace('[set]', '[set, two]'),
    })
  }

  it('have the id of the eval set in their names', async () => {
    const cwd = twoSets()
    const argv = [
      'run',
      '-q',
      '--no-gate',
      '-r',
      'junit:out/{evalset}.xml',
      '-r',
      'json:out/{evalset}.json',
    ]
    const { exitCode, stderr } = await runCli(argv, { cwd })
    expect([exitCode, stderr]).toEqual([0, ''])
    for (const id of ['small', 'other']) {
      expect(readFileSync(path.join(cwd, `out/${id}.xml`), 'utf8')).toContain(
        `<testsuite name="${id}"`,
      )
      expect(readFileSync(path.join(cwd, `out/${id}.json`), 'utf8')).toContain(`"id": "${id}"`)
    }
  })

  it('are not written over one another', async () => {
    const { exitCode, stderr } = await runCli(['run', '-r', 'junit:out/report.xml'], {
      cwd: twoSets(),
    })
    expect([exitCode, stderr]).toEqual([
      2,
      'out/report.xml: each eval set would be written over the one before\n' +
        "  give each a file: -r 'junit:out/report-{evalset}.xml'\n",
    ])
  })
})

describe('a log', () => {
  it('has the verdict where all reports go to files', async () => {
    const cwd = await aProject()
    const argv = ['run', '-q', ...mute, '-r', 'json:r.json']
    const { exitCode, stderr, stdout } = await runCli(argv, { cwd })
    expect([exitCode, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^regression: .+\nverdict: regression \(exit 1\)\n$/)
    const shown = await runCli([...argv, '-r', 'markdown'], { cwd })
    expect(shown.stderr).toBe('')
    const folder = path.join(
      'agent-eval-results',
      readdirSync(path.join(cwd, 'agent-eval-results'))[0] ?? '',
    )
    const rendered = await runCli(['report', folder, '-r', 'json:r.json'], { cwd })
    expect([rendered.exitCode, rendered.stderr]).toEqual([0, ''])
  })

  it('takes no page: that needs a file', async () => {
    const cwd = folderWith({ ...smallProject, 'a.json': JSON.stringify(aRunResult()) })
    const argv = ['report', 'a.json', '-r', 'html']
    const { exitCode, stderr, stdout } = await runCli(argv, { cwd, env: { CI: 'true' } })
    expect([exitCode, stdout, stderr]).toEqual([
      2,
      '',
      'error: a page cannot stand in the log of a job\n  give it a file: -r html:FILE\n',
    ])
  })
})

it('prints in a log no command that stands in a document for programs', async () => {
  const cwd = folderWith({
    ...smallProject,
    'set/agents/good.yaml':
      'agent: { name: "##[error]x ::error::y", models: { default: "reference:" } }\n',
  })
  const env = { CI: 'true' }
  const printed = await runCli(
    ['run', '-q', '--no-gate', '-r', 'json', '-r', 'junit', '-r', 'sarif'],
    { cwd, env },
  )
  expect(printed.exitCode, printed.stderr).toBe(0)
  expect(commandsIn(printed.stdout)).toEqual([])
  const { stdout } = await runCli(['run', '-q', '--no-gate', '--json'], { cwd, env })
  expect(JSON.parse(stdout)).toMatchObject({
    provenance: { candidate: { name: '##[error]x ::error::y' } },
  })
})
