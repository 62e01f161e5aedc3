import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type PageData, pageData } from '../../src/schema/page-data.ts'
import { nightsOf } from '../builders/history.ts'
import { dataOf, parsedHtml } from '../report/page/parsed-html.ts'
import { ask, type ServedPage, servePage } from './page/served-page.ts'
import { folderWith, runCli, writeFiles } from './run-cli.ts'
import { smallProject } from './small-set.ts'

const output = 'agent-eval-results'

function runsIn(cwd: string): readonly string[] {
  return readdirSync(path.join(cwd, output))
    .filter((name) => name.startsWith('small-'))
    .sort()
}

function pageIn(cwd: string, file = 'page.html'): PageData {
  return pageData.parse(dataOf(parsedHtml(readFileSync(path.join(cwd, file), 'utf8'))))
}

/** A project with a baseline run, and after it one of a worse candidate that was compared with it. */
async function twoRuns(): Promise<{ cwd: string; before: string; after: string }> {
  const cwd = folderWith(smallProject)
  await runCli(['run', '-q', '--no-gate'], { cwd })
  const [before = ''] = runsIn(cwd)
  const argv = ['run', '-q', '--candidate', 'set/agents/mute.yaml', '--baseline', before]
  await runCli(argv, { cwd })
  const after = runsIn(cwd).find((run) => run !== before) ?? ''
  return { cwd, before, after }
}

let shared: Awaited<ReturnType<typeof twoRuns>>
beforeAll(async () => {
  shared = await twoRuns()
}, 60_000)

describe('view --html', () => {
  it('writes a regression with its trials, the baseline beside them, and what can be read', async () => {
    const { after, before, cwd } = shared
    const ended = await runCli(['view', after, '--html', 'out/page.html'], { cwd })
    expect(ended).toMatchObject({ exitCode: 0, stdout: '' })
    const data = pageIn(cwd, 'out/page.html')
    expect(data.status).toBe('regression')
    expect(data.served).toBeUndefined()
    expect(data.cases.find(({ id }) => id === 'refund.one')).toMatchObject({
      candidate: { passed: 0, scored: 4 },
      baseline: { passed: 4, scored: 4 },
      moved: 'worse',
    })
    const arms = data.trials.map(({ arm }) => arm)
    expect([arms.filter((arm) => arm === 'candidate').length, arms.length]).toEqual([20, 40])
    const keys = new Set(data.traces.map(({ key }) => key))
    expect(
      data.trials
        .filter(({ hasTrace }) => hasTrace)
        .map(({ key }) => key)
        .sort(),
    ).toEqual([...keys].sort())
    // A passing trial of the baseline beside the first that fails.
    expect([...keys].slice(0, 3).map((key) => key.replace(/\/.*#/, ' '))).toEqual([
      'candidate 1',
      'candidate 2',
      'baseline 1',
    ])
    expect(data.remarks.join('\n')).toContain(before)
    const steps = data.traces.find(({ key }) => key === 'baseline/refund.one#1')?.steps ?? []
    expect(steps.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['user', 'call', 'control', 'result', 'change', 'agent', 'end']),
    )
  })

  it('is the same, byte for byte, as -r html of report', async () => {
    const { after, cwd } = shared
    await runCli(['view', after, '--html', 'a.html'], { cwd })
    await runCli(['report', after, '-r', 'html:b.html'], { cwd })
    expect(readFileSync(path.join(cwd, 'b.html'))).toEqual(readFileSync(path.join(cwd, 'a.html')))
  })

  it('without a name shows the newest run', async () => {
    const { after, cwd } = shared
    await runCli(['view', '--html', 'newest.html'], { cwd })
    expect(pageIn(cwd, 'newest.html').evidence[0]?.facts).toContainEqual({
      label: 'run',
      value: path.join(output, after),
    })
  })

  it('puts another run beside with --baseline, and says that the verdict is not about it', async () => {
    const { after, before, cwd } = shared
    await runCli(['view', before, '--baseline', after, '--html', 'c.html'], { cwd })
    const data = pageIn(cwd, 'c.html')
    expect(data.trials.filter(({ arm }) => arm === 'baseline')).toHaveLength(20)
    expect(data.remarks).toContain(
      `beside it stand the trials of ${after}, which the verdict is not about`,
    )
  })

  it('shows a run without its baseline where that is gone, and says so', async () => {
    const { after, before, cwd } = await twoRuns()
    rmSync(path.join(cwd, output, before), { recursive: true })
    expect((await runCli(['view', after, '--html', 'page.html'], { cwd })).exitCode).toBe(0)
    const { notes, trials } = pageIn(cwd)
    expect(trials.every(({ arm }) => arm === 'candidate')).toBe(true)
    expect(notes.find(({ label }) => label === 'not shown')?.value).toBe(
      `baseline (${before}): there is no such run, result or baseline`,
    )
  })

  it('holds the history that stands beside the eval set', async () => {
    const { after, cwd } = await twoRuns()
    const nights = nightsOf([0.93, 0.92], { evalSet: { id: 'small', version: '1', hash: 'h' } })
    const lines = nights.map((night) => `${JSON.stringify(night)}\n`).join('')
    writeFiles(cwd, { 'set/history.jsonl': lines })
    await runCli(['view', after, '--html', 'page.html'], { cwd })
    expect(pageIn(cwd).history?.nights).toHaveLength(2)
    writeFiles(cwd, { 'set/history.jsonl': 'broken\n\n' })
    await runCli(['view', after, '--html', 'page.html'], { cwd })
    expect(pageIn(cwd).history).toBeUndefined()
    expect(pageIn(cwd).notes.find(({ label }) => label === 'not shown')?.value).toMatch(
      /^history \(set\/history.jsonl\): is no line of a history/,
    )
  })

  it('marks the trials of --mode both in which the controls only observed', async () => {
    const cwd = folderWith(smallProject)
    const argv = ['run', '-q', '--no-gate', '-n', '1', '--mode', 'both', '--case', 'refund.one']
    await runCli([...argv, '-r', 'html:page.html'], { cwd })
    const { trials } = pageIn(cwd)
    expect(trials.map(({ name }) => name)).toEqual(['#1', '#1 observed'])
  })

  it('of a holdout names no case and holds no trial', async () => {
    const cwd = folderWith({
      ...smallProject,
      'set/cases/outcome/refund.yaml': `${smallProject['set/cases/outcome/refund.yaml']}split: holdout\n`,
    })
    const argv = ['run', '-q', '--no-gate', '-n', '1', '--split', 'holdout']
    await runCli([...argv, '-r', 'html:page.html'], { cwd })
    const data = pageIn(cwd)
    expect([data.cases, data.trials, data.traces]).toEqual([[], [], []])
    expect(readFileSync(path.join(cwd, 'page.html'), 'utf8')).not.toContain('refund.one')
  })
})

describe('-r html', () => {
  it('of run and compare gives a page with trials', async () => {
    const { after, before, cwd } = shared
    const argv = ['compare', before, after, '-r', 'html:compare.html']
    expect((await runCli(argv, { cwd })).exitCode).toBe(1)
    const compared = pageIn(cwd, 'compare.html')
    expect(compared.trials).toHaveLength(40)
    expect(compared.cases.map(({ id }) => id)).toContain('status.paid')
  })

  it('of a result alone gives a page without trials', async () => {
    const { after, cwd } = shared
    copyFileSync(path.join(cwd, output, after, 'result.json'), path.join(cwd, 'alone.json'))
    await runCli(['report', 'alone.json', '-r', 'html:alone.html'], { cwd })
    const data = pageIn(cwd, 'alone.html')
    expect([data.status, data.trials.filter(({ arm }) => arm === 'candidate')]).toEqual([
      'regression',
      [],
    ])
  })
})

describe('what cannot be shown is exit 2', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['an unknown run', ['no-such-run'], ['there is no run "no-such-run"', 'newest runs: small-']],
    ['two runs', ['a', 'b'], ['view shows one run, not 2', 'npx agent-eval view b --baseline a']],
    [
      'a baseline that is none',
      ['--baseline', 'nothing.json'],
      ['nothing.json: there is no such run'],
    ],
    ['a port for a file', ['--html', 'x.html', '--port', '4000'], ['--html writes a file']],
    ['a port that is none', ['--port', '70000'], ['expected a port from 1 to 65535']],
    [
      '--handled of no history',
      ['--handled', 'known'],
      ['--handled is for a history', '--history'],
    ],
    ['--html of a history', ['--history', '--html', 'x.html'], ['--html is for a run']],
  ])('%s', async (_, argv, words) => {
    const { exitCode, stderr, stdout } = await runCli(['view', ...argv], { cwd: shared.cwd })
    expect([exitCode, stdout]).toEqual([2, ''])
    for (const word of words) expect(stderr).toContain(word)
  })

  it('no run at all', async () => {
    const { exitCode, stderr } = await runCli(['view'], { cwd: folderWith(smallProject) })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('make one with: npx agent-eval run')
  })
})

describe('a served page', () => {
  let page: ServedPage | undefined
  afterEach(async () => {
    await page?.close()
    page = undefined
  })

  it('is one line on stdout, and ends with Ctrl-C', async () => {
    page = await servePage([], shared.cwd)
    expect(page.stdout()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\/\n$/)
    expect(await page.close()).toBe(0)
    await expect(fetch(page.url)).rejects.toThrow()
  })

  it('gives the page, its data, and each trial of both arms', async () => {
    page = await servePage([shared.after], shared.cwd)
    const response = await fetch(page.url)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    const parsed = parsedHtml(await response.text())
    const data = pageData.parse(dataOf(parsed))
    expect([data.served, data.traces]).toEqual([{ isRunning: false }, []])
    expect(data.leftOut).toBeUndefined()
    expect(await page.data()).toEqual(data)
    for (const arm of ['candidate', 'baseline']) {
      const { key = '' } = data.trials.find((trial) => trial.arm === arm) ?? {}
      expect((await page.trace(key)).key).toBe(key)
    }
    expect(data.trials.every(({ hasTrace }) => hasTrace)).toBe(true)
  })

  it('tells a browser to keep to itself', async () => {
    page = await servePage([], shared.cwd)
    for (const place of ['', 'data', 'trial?key=x', '../']) {
      const { headers } = await fetch(`${page.url}${place}`)
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('access-control-allow-origin')).toBeNull()
    }
  })

  it('answers nobody who does not know its path, and none by another name', async () => {
    const { url } = (page = await servePage([], shared.cwd))
    const { origin, port } = new URL(url)
    const token = new URL(url).pathname.slice(1, -1)
    const elsewhere = [
      '/',
      '/data',
      `/${token}`,
      `/${token}/x`,
      `/${token.slice(1)}/`,
      '/favicon.ico',
    ]
    for (const place of elsewhere) expect((await ask(`${origin}${place}`, {})).status).toBe(404)
    expect((await fetch(`${url}trial?key=candidate%2Fno.such%231`)).status).toBe(404)
    expect((await fetch(`${url}trial`)).status).toBe(404)
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1',
      `127.0.0.1.evil.example:${port}`,
    ]) {
      expect(await ask(url, { host })).toEqual({ status: 403, body: '' })
    }
    expect((await ask(url, { host: `localhost:${port}` })).status).toBe(200)
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect((await ask(url, { method })).status).toBe(405)
    }
  })

  it('listens on the port asked for, and says where that is taken', async () => {
    page = await servePage([], shared.cwd)
    const { port } = new URL(page.url)
    const { exitCode, stderr } = await runCli(['view', '--port', port], { cwd: shared.cwd })
    expect(exitCode).toBe(2)
    expect(stderr).toContain(`port ${port} cannot be listened on`)
    await page.close()
    page = await servePage(['--port', port], shared.cwd)
    expect(new URL(page.url).port).toBe(port)
  })

  it('follows a run that is still going on, to its verdict', async () => {
    const { after, cwd } = shared
    const half = growing(cwd, after)
    page = await servePage([half.run], cwd)
    const first = await page.data()
    expect(first.served).toEqual({ isRunning: true, progress: '5 of 20 trials finished' })
    expect([first.status, first.heading]).toEqual([
      'none',
      'no verdict yet: 5 of 20 trials finished',
    ])
    const seen = first.trials.find(({ arm }) => arm === 'candidate')?.key ?? ''
    expect((await page.trace(seen)).key).toBe(seen)

    half.writeRest()
    const second = await page.data()
    expect(second.served?.progress).toBe('20 of 20 trials finished')
    const fresh = second.trials.filter(({ key }) => first.trials.every((one) => one.key !== key))
    expect(fresh.length).toBe(15)
    for (const { key } of fresh) expect((await page.trace(key)).key).toBe(key)

    half.finish()
    const third = await page.data()
    expect([third.status, third.served]).toEqual(['regression', { isRunning: false }])
  })
})

/** A copy of a run as it was after its first five trials. */
function growing(
  cwd: string,
  source: string,
): { run: string; writeRest: () => void; finish: () => void } {
  const run = `${source}-growing`
  const folder = path.join(cwd, output, run)
  const from = path.join(cwd, output, source)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  copyFileSync(path.join(from, 'run.json'), path.join(folder, 'run.json'))
  const lines = (name: string): readonly string[] =>
    readFileSync(path.join(from, name), 'utf8').trimEnd().split('\n')
  const trials = lines('trials.jsonl')
  const events = lines('events.jsonl')
  const middle = Math.floor(events.length / 2)
  const write = (name: string, part: readonly string[]): void => {
    appendFileSync(path.join(folder, name), part.map((line) => `${line}\n`).join(''))
  }
  write('events.jsonl', events.slice(0, middle))
  write('trials.jsonl', trials.slice(0, 5))
  return {
    run,
    writeRest() {
      write('events.jsonl', events.slice(middle))
      write('trials.jsonl', trials.slice(5))
    },
    finish() {
      writeFileSync(path.join(folder, 'result.json'), readFileSync(path.join(from, 'result.json')))
      expect(existsSync(path.join(folder, 'result.json'))).toBe(true)
    },
  }
}
