import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Io } from '../../../src/cli/io.ts'
import { main } from '../../../src/cli/main.ts'
import { type CliResult, folderWith, runCli } from '../run-cli.ts'
import { smallProject } from '../small-set.ts'

interface Watched {
  readonly cwd: string
  /** The rounds so far: their words, and how they ended. */
  readonly rounds: readonly Round[]
  readonly said: () => string
  readonly press: (key: string) => void
  readonly interrupt: (signal: 'SIGINT' | 'SIGTERM') => void
  /** Changes a file, and waits until the watch has done something about it. */
  readonly edit: (file: string, from: string | RegExp, to: string) => Promise<void>
  /** Waits until this was said once more. */
  readonly hear: (text: string) => Promise<void>
  readonly ended: Promise<number>
}

interface Round extends CliResult {
  readonly argv: readonly string[]
  readonly env: Io['env']
}

interface Settings {
  readonly argv?: readonly string[]
  readonly env?: Record<string, string>
  readonly files?: Readonly<Record<string, string>>
}

/** A watch over real files, whose rounds run in this process. */
function watch({ argv = [], env = {}, files = smallProject }: Settings = {}): Watched {
  const cwd = folderWith(files)
  const rounds: Round[] = []
  let [said, heardTo, exitCode] = ['', 0, 0]
  let press: (key: string) => void = () => undefined
  let interrupt: Watched['interrupt'] = () => undefined
  const io: Partial<Io> = {
    argv: ['run', '--watch', '-n', '2', ...argv],
    cwd,
    env,
    stderr: { isTTY: true, columns: 80, write: (text) => (said += text) },
    stdout: { isTTY: true, columns: 80, write: (text) => (said += text) },
    nowMs: () => performance.now(),
    today: () => '2026-11-22T08:00:00.000Z',
    setExitCode: (code) => (exitCode = code),
    every(ms, tick) {
      const timer = setInterval(tick, ms)
      return () => {
        clearInterval(timer)
      }
    },
    onInterrupt(listener) {
      interrupt = listener
      return () => undefined
    },
    onKey(listener) {
      press = listener
      return () => undefined
    },
    async runSelf(words, { env: own }) {
      const result = await runCli(words, { cwd, env: own as Record<string, string> })
      rounds.push({ ...result, argv: words, env: own })
      return result.exitCode
    },
  }
  const ended = main(io as Io).then(() => exitCode)
  const hear = async (text: string): Promise<void> => {
    const deadline = performance.now() + 20_000
    for (let at = -1; at === -1; at = said.indexOf(text, heardTo)) {
      if (performance.now() > deadline) throw new Error(`"${text}" was not said:\n${said}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    heardTo = said.indexOf(text, heardTo) + text.length
  }
  return {
    ...{ cwd, rounds, hear, ended },
    said: () => said,
    press: (key) => {
      press(key)
    },
    interrupt: (signal) => {
      interrupt(signal)
    },
    async edit(file, from, to) {
      const at = path.join(cwd, file)
      const text = readFileSync(at, 'utf8')
      const changed = text.replace(from, to)
      expect(changed).not.toBe(text)
      writeFileSync(at, changed)
      await hear('waiting for changes')
    },
  }
}

/** What of a round's words says which cases it runs. */
function casesOf({ argv }: Round): readonly string[] {
  return argv.filter((word) => word.startsWith('--case='))
}

describe('run --watch', () => {
  it('runs once, then what has changed, and ends with the code of the last run', async () => {
    const watched = watch()
    await watched.hear('waiting for changes; Enter runs everything, q ends')
    expect(watched.rounds.map(({ exitCode }) => exitCode)).toEqual([0])
    expect(watched.said()).toContain('watch: set: running everything\n')
    expect(watched.said()).toContain('watch: no live model is asked; nothing is spent\n')

    await watched.edit('set/cases/behavioral/status.yaml', 'What did O-2', 'How much did O-2')
    expect(watched.rounds[1]?.argv).toContain('--no-gate')
    expect(casesOf(watched.rounds[1]!)).toEqual(['--case=status.paid'])
    expect(watched.rounds[1]?.stdout).toContain('no verdict')
    expect(watched.said()).toContain('watch: set: running 1 changed case, without a verdict\n')

    await watched.edit('set/agents/good.yaml', 'reference:', 'reference:?mute=1')
    expect(casesOf(watched.rounds[2]!)).toEqual([])
    expect(watched.rounds[2]?.argv).not.toContain('--no-gate')
    expect(watched.rounds[2]?.stdout).toContain('tasks done               0.0 %')

    watched.press('q')
    expect(await watched.ended).toBe(watched.rounds[2]?.exitCode)
    expect(watched.rounds).toHaveLength(3)
  })

  it('tells of a mistake in a file, goes on, and runs once it is mended', async () => {
    const watched = watch()
    await watched.hear('waiting for changes')
    await watched.edit('set/world.yaml', 'tools:', 'toolz:')
    expect(watched.said()).toContain('unknown key "toolz"; did you mean "tools"?')
    expect(watched.rounds).toHaveLength(1)
    await watched.edit('set/world.yaml', /owner: C-2([^]*)toolz:/, 'owner: C-3$1tools:')
    expect(watched.rounds).toHaveLength(2)
    expect(watched.rounds[1]?.exitCode).toBe(0)
    watched.press('q')
    expect(await watched.ended).toBe(0)
  })

  it('says that a mistake is mended also where nothing is left to run', async () => {
    const watched = watch()
    await watched.hear('waiting for changes')
    await watched.edit('set/world.yaml', 'tools:', 'toolz:')
    expect(watched.said()).toContain('unknown key "toolz"')
    await watched.edit('set/world.yaml', 'toolz:', 'tools:')
    expect(watched.said()).toMatch(
      /watch: mended, and as it was before: nothing to run\nwatch: waiting for changes[^\n]*\n$/,
    )
    expect(watched.rounds).toHaveLength(1)
    watched.press('q')
    expect(await watched.ended).toBe(0)
  })

  it('runs everything at a key, and nothing where what is saved comes to the same', async () => {
    const watched = watch()
    await watched.hear('waiting for changes')
    const file = path.join(watched.cwd, 'set/world.yaml')
    writeFileSync(file, `# a comment\n${readFileSync(file, 'utf8')}`)
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect(watched.rounds).toHaveLength(1)
    watched.press('\r')
    await watched.hear('waiting for changes')
    expect(watched.rounds).toHaveLength(2)
    watched.press('\u0003')
    expect(await watched.ended).toBe(0)
  })

  it('hears of files beside the set that the candidate names', async () => {
    const candidate = `
agent: { name: good, prompt: { file: ../../shared/prompt.md }, models: { default: "reference:" } }
`
    const files = {
      ...smallProject,
      'shared/prompt.md': 'Be kind.',
      'agents/mine/good.yaml': candidate,
    }
    const watched = watch({ files, argv: ['--candidate', 'agents/mine/good.yaml'] })
    await watched.hear('waiting for changes')
    await watched.edit('shared/prompt.md', 'kind', 'brief')
    expect(watched.rounds).toHaveLength(2)
    watched.interrupt('SIGTERM')
    expect(await watched.ended).toBe(143)
  })

  it('hands on no key of a model, and asks none that nobody allowed', async () => {
    const env = { OPENAI_API_KEY: 'sk-never-to-be-sent', OTHER: 'x' }
    const free = watch({ env })
    await free.hear('waiting for changes')
    expect(free.rounds[0]?.env).toEqual({ OTHER: 'x' })
    free.press('q')
    await free.ended

    const dear = watch({ env, argv: ['--model', 'default=openai:gpt-4o'] })
    expect(await dear.ended).toBe(2)
    expect(dear.said()).toContain('--watch would ask openai:gpt-4o each time a file is saved')
    expect(dear.said()).toContain('--budget USD')
    expect(dear.rounds).toEqual([])
  })

  it('ends where the first run cannot start', async () => {
    const watched = watch({ argv: ['--baseline', 'nowhere.json'] })
    expect(await watched.ended).toBe(2)
    expect(watched.rounds).toHaveLength(1)
  })

  it.each([
    [{ env: { CI: 'true' } }, '--watch waits for somebody to end it'],
    [{ env: { CLAUDECODE: '1' } }, '--watch waits for somebody to end it'],
    [{ argv: ['--json'] }, 'and --json prints one document'],
    [{ argv: ['--dry-run'] }, 'and --dry-run runs nothing'],
    [{ argv: ['--resume'] }, 'and --resume finishes a run'],
    [{ argv: ['-r', 'termnal'] }, 'did you mean "terminal"?'],
    [{ argv: ['--case', 'no.such'] }, 'unknown case "no.such"'],
  ])('is refused with %j', async (settings, why) => {
    const watched = watch(settings)
    expect(await watched.ended).toBe(2)
    expect(watched.said()).toContain(why)
    expect(watched.rounds).toEqual([])
  })
})
