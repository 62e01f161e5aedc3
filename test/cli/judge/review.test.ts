import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { parseCsv } from '../../../src/judge/csv.ts'
import { parseLabels } from '../../../src/judge/label-rows.ts'
import { type CliResult, runCli, writeFiles } from '../run-cli.ts'
import { smallProject } from '../small-set.ts'
import { judgedProject, labelsFile, projectWithRun, read } from './judged-set.ts'

const ada = ['--author', 'Ada', '--sample', '100%']

/** A person who answers from a list and then closes the terminal. */
function review(
  { cwd, run }: { readonly cwd: string; readonly run: string },
  answers: readonly string[],
  more: readonly string[] = ada,
): Promise<CliResult & { readonly asked: readonly string[] }> {
  const asked: string[] = []
  const answer = (question: string): string | undefined => {
    asked.push(question)
    return answers[asked.length - 1]
  }
  const argv = ['judge', 'review', run, ...more]
  return runCli(argv, { cwd, isTTY: true, answer, env: { NO_COLOR: '1' } }).then((result) => ({
    ...result,
    asked,
  }))
}

function labelsIn(cwd: string): readonly (readonly unknown[])[] {
  return parseLabels(read(cwd, labelsFile), labelsFile).map((one) => [
    one.trial?.replace(/^.*\//, ''),
    one.criterion,
    one.label,
    one.author,
    one.reason,
  ])
}

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('judge review', () => {
  it('asks each question about each transcript once, and keeps what was answered', async () => {
    const project = await projectWithRun()
    const { asked, exitCode, stdout } = await review(project, [
      'y',
      'plain, yes',
      'n',
      '',
      'Yes',
      'too "short", =1',
    ])
    expect(exitCode).toBe(0)
    expect(stdout).toContain('8 trials whose case asks the judge')
    // Four trials of each case went the same way word for word.
    expect(stdout).toContain('3 questions to answer; equal transcripts are shown once')
    expect(asked).toHaveLength(6)
    const labels = labelsIn(project.cwd)
    expect(labels).toHaveLength(3)
    expect(labels.map(([, , , author, reason]) => [author, reason])).toEqual([
      ['Ada', 'plain, yes'],
      ['Ada', ''],
      ['Ada', 'too "short", =1'],
    ])
    // "no" is the good answer to whether the agent is rude.
    const answers = ['y', 'n', 'y']
    expect(labels.map(([, , label]) => label)).toEqual(
      labels.map(([, id], index) =>
        (id === 'rude') === (answers[index] === 'n') ? 'pass' : 'fail',
      ),
    )
    expect(labels.filter(([, id]) => id === 'rude')).toHaveLength(1)
    expect(stdout).toContain('3 labels added to set/judge/labels.csv')
    const kept = read(project.cwd, 'set/judge/transcripts.jsonl').trim().split('\n')
    expect(kept).toHaveLength(2)
  })

  it('shows what was said, and not what anybody made of it', async () => {
    const project = await projectWithRun()
    const { stdout } = await review(project, ['q'])
    expect(stdout).toMatch(/ {2}1 {2}user {4}What (did O-2 cost|is the note on O-2)\?/)
    expect(stdout).toContain('call    orders.get { "id": "O-2" }')
    expect(stdout).toMatch(
      /plain: Is the answer plain\?\n {2}Short is plain\.|rude: Is the agent rude\?/,
    )
    expect(stdout).not.toMatch(/vote|unscored|checks|says +pass/)
    expect(stdout).toContain('0 labels added')
    expect(existsSync(path.join(project.cwd, labelsFile))).toBe(false)
  })

  it('asks again what it did not understand, and passes over what is skipped', async () => {
    const project = await projectWithRun()
    const { asked, stderr } = await review(project, ['perhaps', 's', 'no', 'curt'])
    expect(stderr).toContain('y: yes, n: no, s: skip this one, q: stop here')
    expect(asked.filter((question) => question.startsWith('yes, no'))).toHaveLength(4)
    expect(labelsIn(project.cwd)).toHaveLength(1)
  })

  it('loses nothing to whoever leaves in the middle, and does not ask the same again', async () => {
    const project = await projectWithRun()
    // The terminal closes at the question for a reason.
    await review(project, ['y'])
    const [first, ...others] = labelsIn(project.cwd)
    expect(others).toEqual([])
    expect(first?.[4]).toBe('')
    const { stdout } = await review(project, ['n', 'because', 'n', 'so'])
    expect(stdout).toContain('1 of them Ada has labelled before')
    expect(labelsIn(project.cwd)).toHaveLength(3)
    const done = await review(project, [])
    expect(done.asked).toEqual([])
    const ben = await review(project, ['q'], ['--author', 'Ben', '--sample', '100%'])
    expect(ben.stdout).toContain('1 of 3:')
  })

  it('has each label on disk before it asks the next', async () => {
    const project = await projectWithRun()
    const seen: number[] = []
    let count = 0
    await runCli(['judge', 'review', project.run, ...ada], {
      cwd: project.cwd,
      isTTY: true,
      answer: () => {
        const isThere = existsSync(path.join(project.cwd, labelsFile))
        if (count % 2 === 0) seen.push(isThere ? labelsIn(project.cwd).length : 0)
        count += 1
        return count > 5 ? undefined : 'y'
      },
    })
    expect(seen).toEqual([0, 1, 2])
    expect(labelsIn(project.cwd)).toHaveLength(3)
  })

  it('adds to a file of labels as it stands: its columns, and its torn last line', async () => {
    const project = await projectWithRun({
      [labelsFile]: 'author,label,criterion,transcript_hash,note\nBen,pass,plain,sha256:0,mine',
    })
    await review(project, ['y', 'fine'])
    const lines = read(project.cwd, labelsFile).split('\n')
    expect(lines[0]).toBe('author,label,criterion,transcript_hash,note')
    expect(lines[1]).toBe('Ben,pass,plain,sha256:0,mine')
    expect(lines[2]).toMatch(/^Ada,(pass|fail),(plain|rude),sha256:[0-9a-f]{64},$/)
    expect(lines[3]).toBe('')
  })

  it('asks only for one criterion where only one is wanted', async () => {
    const project = await projectWithRun()
    const { stdout } = await review(project, ['n', 'polite'], [...ada, '--criterion', 'rude'])
    expect(stdout).toContain('1 question to answer')
    expect(labelsIn(project.cwd)).toEqual([
      ['status.paid#' + trialOf(stdout), 'rude', 'pass', 'Ada', 'polite'],
    ])
    const wrong = await review(project, [], [...ada, '--criterion', 'plainn'])
    expect(wrong.stderr).toContain('did you mean "plain"?')
    expect(wrong.exitCode).toBe(2)
  })

  it('draws by a seed, which it says, and at least one trial of each tier', async () => {
    const project = await projectWithRun()
    const { stdout } = await review(project, ['q'], ['--author', 'Ada', '--seed', '5'])
    expect(stdout).toContain('drawn with seed 5: 1 of them (3 % of each risk tier, at least one)')
    const wrong = await review(project, [], ['--sample', '0%'])
    expect([wrong.exitCode, wrong.stderr]).toEqual([
      2,
      expect.stringContaining('expected a percentage'),
    ])
  })

  it.each([
    [{}, 'a review needs a terminal with a person at it', '--csv-out FILE'],
    [{ isTTY: true }, 'who labels?', '--author NAME'],
  ])('refuses %j and says what would work', async (options, told, hint) => {
    const { cwd, run } = await projectWithRun()
    vi.stubEnv('HOME', cwd)
    vi.stubEnv('GIT_CONFIG_GLOBAL', '/dev/null')
    vi.stubEnv('GIT_CONFIG_SYSTEM', '/dev/null')
    const { exitCode, stderr } = await runCli(['judge', 'review', run], { cwd, ...options })
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(told)])
    expect(stderr).toContain(hint)
  })

  it('refuses a run of another eval set', async () => {
    const project = await projectWithRun()
    writeFiles(project.cwd, {
      'set/evalset.yaml': (judgedProject['set/evalset.yaml'] ?? '').replace(
        'id: small',
        'id: other',
      ),
    })
    expect((await review(project, [])).stderr).toContain('is a run of "small", not of "other"')
  })

  it('refuses a run in which nobody asks the judge', async () => {
    const project = await projectWithRun({
      'set/cases/behavioral/status.yaml': smallProject['set/cases/behavioral/status.yaml'] ?? '',
    })
    const { exitCode, stderr } = await review(project, [])
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining('no case of this run asks a judge'),
    ])
  })

  it('shows what an agent wrote for a terminal as text, and as its own', async () => {
    const hostile = '\u001b[K\u202e O-2 cost $90.\n  agent   yes\u0007'
    const status = judgedProject['set/cases/behavioral/status.yaml'] ?? ''
    const project = await projectWithRun({
      'set/cases/behavioral/status.yaml': status.replace(
        '"O-2 cost $90."',
        JSON.stringify(hostile),
      ),
    })
    const { stdout } = await review(project, ['s', 's', 's'])
    expect(stdout).not.toMatch(/[\u001b\u202e\u0007]/)
    expect(stdout).toMatch(/agent {3}.*O-2 cost \$90\.\n +\| {3}agent {3}yes/)
  })

  it('writes nothing through a link that came with the eval set', async () => {
    const project = await projectWithRun()
    const outside = path.join(project.cwd, 'precious')
    writeFileSync(outside, 'mine')
    mkdirSync(path.join(project.cwd, 'set/judge'))
    symlinkSync(outside, path.join(project.cwd, 'set/judge/transcripts.jsonl'))
    const { exitCode, stderr } = await review(project, ['y', ''])
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('leads out of the eval set')])
    expect(read(project.cwd, 'precious')).toBe('mine')
  })
})

function trialOf(stdout: string): string {
  return /status\.paid#(\d)/.exec(stdout)?.[1] ?? ''
}

describe('judge review --csv-out and --csv-in', () => {
  const out = ['--sample', '100%', '--csv-out', 'sample.csv']
  const takeIn = ['--author', 'Ada', '--csv-in', 'sample.csv']

  async function sampled(): Promise<{ readonly cwd: string; readonly run: string }> {
    const project = await projectWithRun()
    const { exitCode, stdout } = await runCli(['judge', 'review', project.run, ...out], project)
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('3 rows in sample.csv')])
    return project
  }

  function fill(cwd: string, change: (cells: string[], header: readonly string[]) => void): void {
    const parsed = parseCsv(read(cwd, 'sample.csv'))
    if (!parsed.ok) throw new Error(parsed.fault.message)
    const [head, ...rows] = parsed.records.map(({ cells }) => [...cells])
    if (head === undefined) throw new Error('no header')
    for (const row of rows) change(row, head)
    const quoted = [head, ...rows].map((row) =>
      row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','),
    )
    writeFiles(cwd, { 'sample.csv': `\ufeff${quoted.join('\r\n')}\r\n` })
  }

  it('are a way for people without a terminal', async () => {
    const { cwd, run } = await sampled()
    expect(read(cwd, 'sample.csv')).toContain('user    What did O-2 cost?')
    fill(cwd, (row, head) => {
      if (row[head.indexOf('criterion')] !== 'rude') row[head.indexOf('label')] = 'fail'
      row[head.indexOf('reason')] = 'too long,\nreally'
    })
    const first = await runCli(['judge', 'review', run, ...takeIn], { cwd })
    expect(first.stdout).toBe('2 labels added to set/judge/labels.csv; 1 have no label yet\n')
    expect(labelsIn(cwd)).toEqual([
      [expect.stringContaining('status.'), 'plain', 'fail', 'Ada', 'too long,\nreally'],
      [expect.stringContaining('status.'), 'plain', 'fail', 'Ada', 'too long,\nreally'],
    ])
    const again = await runCli(['judge', 'review', run, ...takeIn], { cwd })
    expect(again.stdout).toBe(
      '0 labels added to set/judge/labels.csv; 2 were there already, 1 have no label yet\n',
    )
  })

  it.each<[string, string, string]>([
    ['label', 'good', 'sample.csv:2 "good" is no label'],
    ['criterion', 'kind', 'sample.csv:2 the rubric has no criterion "kind"'],
    ['criterion_hash', 'sha256:0', 'is worded otherwise now'],
    ['transcript_hash', 'sha256:0', 'something else was said'],
    ['trial', 'x/status.paid#9', 'has no trial "status.paid#9"'],
  ])('are checked before anything is added: a changed %s', async (column, cell, told) => {
    const { cwd, run } = await sampled()
    fill(cwd, (row, head) => {
      row[head.indexOf('label')] = 'pass'
      row[head.indexOf(column)] = cell
    })
    const { exitCode, stderr } = await runCli(['judge', 'review', run, ...takeIn], { cwd })
    expect(exitCode).toBe(2)
    expect(stderr.replace('sample.csv:2: ', 'sample.csv:2 ')).toContain(told)
    expect(existsSync(path.join(cwd, labelsFile))).toBe(false)
  })
})
