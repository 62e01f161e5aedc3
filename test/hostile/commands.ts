import { cpSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { lintReporters } from '../../src/report/lint/registry.ts'
import { type CliResult, folderWith, runCli, writeFiles } from '../cli/run-cli.ts'
import { startFakeGitHub } from '../fake-servers/github.ts'
import { problemsOf } from '../report/junit/xml-schema.ts'
import { hostileTexts } from '../text/hostile-corpus.ts'
import { forkedAgents, hostileSets } from './hostile-project.ts'
import { commit, type HostileDesk, reporterIds } from './hostile-run.ts'
import {
  expectInertLog,
  expectInertMarkdown,
  expectInertSarif,
  expectInertText,
  markerOf,
} from './inert.ts'
import { liveInTerminal } from './live-in-terminal.ts'
import { commandsInLog } from './runner-commands.ts'

/** What every other command says of hostile runs and files, on a terminal and in a log. */
export function testCommands(desk: () => HostileDesk): void {
  const forPerson = async (argv: readonly string[]): Promise<CliResult> => {
    const shown = await runCli(argv, { cwd: desk().cwd, env: { FORCE_COLOR: '1' } })
    for (const text of [shown.stdout, shown.stderr]) {
      // Documents keep what is drawn, and some texts a zero-width space.
      const drawn = text
        .replaceAll('\u200b', '')
        .replace(argv.includes('json') ? /\p{M}/gu : '', '')
      expect([argv, liveInTerminal(drawn, { colour: true })]).toEqual([argv, []])
    }
    return shown
  }
  const inLog = async (argv: readonly string[]): Promise<CliResult> => {
    const logged = await runCli(argv, { cwd: desk().cwd, env: { CI: 'true' } })
    expectInertLog(logged.stdout)
    expectInertLog(logged.stderr)
    return logged
  }
  const inBoth = async (argv: readonly string[]): Promise<CliResult> => {
    await inLog(argv)
    return forPerson(argv)
  }

  describe('what other commands say of hostile runs', () => {
    test('show: every run, and a trial of every case', async () => {
      for (const { folders } of desk().runs) {
        for (const [at, { numbers }] of hostileSets.entries()) {
          const folder = folders[at] ?? ''
          expect((await inBoth(['show', folder])).exitCode).toBe(0)
          for (const number of numbers) {
            const { exitCode, stdout } = await inBoth(['show', `${folder}/case.${number}`])
            expect([exitCode, stdout.includes(`case.${number}`)]).toEqual([0, true])
          }
        }
      }
    }, 120_000)

    test('compare: in every format', async () => {
      const { baselines, cwd, env, runs } = desk()
      const junit: string[] = []
      for (const [at, { id }] of hostileSets.entries()) {
        const file = (reporter: string): string => `compare/${id}.${reporter}`
        const read = (reporter: string): string =>
          readFileSync(path.join(cwd, file(reporter)), 'utf8')
        const argv = ['compare', baselines[at] ?? '', runs[0]?.folders[at] ?? '']
        const each = reporterIds.flatMap((one) => ['-r', `${one}:${file(one)}`])
        const { exitCode, stderr } = await runCli([...argv, ...each], { cwd, env })
        expect(exitCode, stderr).toBe(1)
        expectInertMarkdown(read('markdown'), { headings: [id], marker: markerOf(id) })
        expectInertSarif(read('sarif'))
        expect(liveInTerminal(read('terminal'))).toEqual([])
        expect(JSON.parse(read('json'))).toMatchObject({ kind: 'Comparison' })
        junit.push(read('junit'))
      }
      expect(await problemsOf(...junit)).toEqual([])
    }, 60_000)

    test('report --to github-comment: one comment a set, on GitHub as in the file', async () => {
      const { cwd, env, runs } = desk()
      for (const { folders } of runs) {
        const github = await startFakeGitHub({ pulls: [{ number: 5, head: commit }] })
        const event = { pull_request: { number: 5, head: { sha: commit } } }
        writeFiles(cwd, { 'event.json': JSON.stringify(event) })
        const more = {
          GITHUB_API_URL: github.url,
          GITHUB_TOKEN: github.token,
          GITHUB_SERVER_URL: 'https://github.com',
          GITHUB_EVENT_PATH: path.join(cwd, 'event.json'),
        }
        const { exitCode, stderr, stdout } = await runCli(
          ['report', ...folders, '--to', 'github-comment'],
          { cwd, env: { ...env, ...more } },
        )
        expect([exitCode, stderr]).toEqual([0, ''])
        expectInertLog(stdout)
        expect(github.comments).toHaveLength(hostileSets.length)
        for (const [at, { body }] of github.comments.entries()) {
          const { id = '' } = hostileSets[at] ?? {}
          expectInertMarkdown(body, { headings: [id], marker: markerOf(id) })
        }
        await github.close()
      }
    }, 60_000)

    test('baseline show and diff', async () => {
      for (const [at, { id }] of hostileSets.entries()) {
        await inBoth(['baseline', 'show', '--evalset', id])
        await inBoth(['baseline', 'diff', desk().runs[0]?.folders[at] ?? '', '--evalset', id])
      }
    })
  })

  describe('what commands say of hostile files', () => {
    test.each([...lintReporters.keys()])(
      'lint -r %s',
      async (id) => {
        const { stdout } = await inBoth(['lint', '-r', id])
        if (id === 'sarif') for (const log of documentsIn(stdout)) expectInertSarif(log)
      },
      60_000,
    )

    test('doctor, and what run would do', async () => {
      const [first = '', second = ''] = hostileSets.map(({ id }) => id)
      for (const argv of [['doctor'], ['run', '--print-config']]) {
        expect((await inLog(argv)).stdout).not.toBe('')
      }
      for (const how of ['--print-config', '--dry-run']) {
        const { exitCode } = await inBoth(['run', first, second, '--allow-unlinted', how])
        expect([how, exitCode]).toEqual([how, 0])
      }
    }, 60_000)

    test('run: progress that is painted over, and that of a coding agent', async () => {
      const argv = ['run', '--allow-unlinted', 'hostile-0', 'hostile-4', '-o', 'live']
      const { cwd } = desk()
      const painted = await runCli(argv, { cwd, isTTY: true, env: { TERM: 'xterm-256color' } })
      expect(liveInTerminal(painted.stderr, { colour: true, region: true })).toEqual([])
      const told = await runCli(argv, { cwd, env: { CLAUDECODE: '1' } })
      expect(told.stderr).not.toBe('')
      expect(liveInTerminal(told.stderr.replaceAll('\u200b', ''))).toEqual([])
    }, 60_000)

    test('run of a fork that is given no keys', async () => {
      const cwd = folderWith()
      cpSync(desk().cwd, cwd, { recursive: true })
      const [hostile = ''] = hostileTexts
        .filter(({ name }) => name === 'mention')
        .map(({ text }) => text)
      const event = {
        pull_request: {
          head: { repo: { full_name: `${hostile}/shop` } },
          base: { repo: { full_name: 'acme/shop' } },
        },
      }
      writeFiles(cwd, { ...forkedAgents(), 'event.json': JSON.stringify(event) })
      const each = reporterIds.flatMap((id) => ['-r', `${id}:fork/{evalset}.${id}`])
      const env = {
        ...desk().env,
        GITHUB_EVENT_NAME: 'pull_request',
        GITHUB_EVENT_PATH: path.join(cwd, 'event.json'),
        GITHUB_STEP_SUMMARY: path.join(cwd, 'summary.md'),
      }
      const argv = ['run', '--allow-unlinted', '--baseline', 'none', '-r', 'terminal', ...each]
      const { exitCode, stderr, stdout } = await runCli(argv, { cwd, env })
      // Nobody knows that the base needed these keys too.
      expect(exitCode, stderr).toBe(3)
      expect(stdout).toContain('a change from a fork is given no keys')
      expectInertLog(stdout + stderr)
      expectInertText(stdout)
      for (const { id } of hostileSets) {
        const text = readFileSync(path.join(cwd, `fork/${id}.markdown`), 'utf8')
        expectInertMarkdown(text, { headings: [id], marker: markerOf(id) })
      }
    }, 60_000)

    test('errors that quote an argument', async () => {
      const { cwd, env } = desk()
      const commands = quoting(desk().runs[0]?.folders[0] ?? '')
      for (const [at, { text }] of hostileTexts.entries()) {
        const argv = commands[at % commands.length]?.(text) ?? []
        expect((await forPerson(argv)).exitCode).toBeGreaterThanOrEqual(2)
        const { stderr } = await runCli(argv, { cwd, env })
        const found = commandsInLog(stderr).map(({ form, name }) => form + name)
        expect(found.filter((command) => command !== '::error')).toEqual([])
        expect(found.length).toBeLessThanOrEqual(1)
      }
    }, 60_000)
  })
}

/** Command lines that cannot be carried out, and say what was asked for. */
function quoting(run: string): readonly ((text: string) => readonly string[])[] {
  return [
    (text) => ['show', `x${text}`],
    (text) => ['show', `${run}/x${text}`],
    (text) => ['run', '--case', `x${text}`],
    (text) => ['run', `x${text}`],
    (text) => ['run', '--candidate', `x${text}`],
    (text) => ['run', '--set', `x${text}=1`],
    (text) => ['run', '--model', `x${text}=y${text}`],
    (text) => ['report', `x${text}`],
    (text) => ['report', run, '-r', `x${text}`],
    (text) => ['compare', `x${text}`, run],
    (text) => [`--x${text}`],
    (text) => [`x${text}`],
    (text) => ['run', '-n', `x${text}`],
  ]
}

/** JSON documents one after the other, each of which ends at a line with nothing but `}`. */
function documentsIn(text: string): readonly string[] {
  return text.split(/(?<=^\}\n)/m)
}
