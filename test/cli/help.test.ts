import type { Command, Option } from 'commander'
import { describe, expect, it } from 'vitest'
import { createProgram } from '../../src/cli/program.ts'
import { folderWith, runCli } from './run-cli.ts'

interface Known {
  /** The words behind `agent-eval`. */
  readonly words: readonly string[]
  readonly command: Command
}

/** Every command that help names. The io is never used: nothing is parsed. */
function everyCommand(): readonly Known[] {
  const silent = { isTTY: false, columns: 200, write: () => undefined }
  const io = { stdout: silent, stderr: silent } as unknown as Parameters<typeof createProgram>[0]
  return below({ words: [], command: createProgram(io) })
}

function below({ command, words }: Known): readonly Known[] {
  const visible = command.createHelp().visibleCommands(command)
  const own = visible.filter((one) => one.name() !== 'help')
  return [
    { words, command },
    ...own.flatMap((one) => below({ words: [...words, one.name()], command: one })),
  ]
}

const known = everyCommand()
const names = known.map(({ words }) => words.join(' '))

async function help(words: readonly string[]): Promise<string> {
  const { exitCode, stdout } = await runCli([...words, '--help'], { cwd: folderWith() })
  expect(exitCode).toBe(0)
  return stdout
}

describe('the help of every command', () => {
  it('is of all that there are', () => {
    expect(names).toContain('')
    expect(names).toContain('gate self-test')
    expect(names).toContain('doctor')
    expect(names).not.toContain('__complete')
    expect(names.length).toBeGreaterThan(20)
  })

  it.each(known)('has examples, then options, then exit codes: $words', async ({ words }) => {
    const text = await help(words)
    const order = ['Examples:\n', 'Usage: ', '-h, --help', 'Exit codes:\n'].map((part) =>
      text.indexOf(part),
    )
    expect(order.every((at) => at >= 0)).toBe(true)
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    expect(text.slice(order[0])).toContain(`agent-eval ${words.join(' ')}`.trimEnd())
    const codes =
      text
        .split('Exit codes:\n')[1]
        ?.match(/^ {2}\d+/gm)
        ?.map(Number) ?? []
    expect(codes).toEqual(codes.toSorted((a, b) => a - b))
    expect(codes).toEqual(expect.arrayContaining([0, 2]))
  })

  it.each(known)('fits 80 columns: $words', async ({ words }) => {
    const long = (await help(words)).split('\n').filter((line) => line.length > 80)
    expect(long).toEqual([])
  })

  it.each(known)('says what it is for, and its options too: $words', ({ command }) => {
    expect(command.description()).toMatch(/^[A-Z].*[.?]$/)
    for (const { description, flags } of command.options)
      expect([flags, description]).not.toEqual([flags, ''])
  })
})

describe('a mistyped option', () => {
  it.each(known)(
    'is told with the one that was meant, and exits 2: $words',
    async ({ command, words }) => {
      const long = longest(command.options)
      const { exitCode, stderr, stdout } = await runCli([...words, withoutOneLetter(long)], {
        cwd: folderWith(),
      })
      expect(stderr).toContain(`Did you mean ${long}?`)
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    },
  )
})

describe('a mistyped command', () => {
  const typed = known.filter(({ words }) => words.length > 0)

  it.each(typed)('is told with the one that was meant, and exits 2: $words', async ({ words }) => {
    const last = words.at(-1) ?? ''
    const mistyped = [...words.slice(0, -1), withoutOneLetter(last)]
    const { exitCode, stderr, stdout } = await runCli(mistyped, { cwd: folderWith() })
    // Of a word of two letters nothing is left to go by.
    if (last.length > 2) expect(stderr).toMatch(new RegExp(`Did you mean (?:one of .*)?${last}\\b`))
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  })
})

/** The longest one of the command's own; all have `--help`. */
function longest(options: readonly Option[]): string {
  const longs = ['--help', ...options.map(({ long }) => long ?? '')]
  return longs.toSorted((a, b) => b.length - a.length)[0] ?? ''
}

/** Without its last but one: a beginning of the word might still be another one. */
function withoutOneLetter(word: string): string {
  return word.slice(0, -2) + word.slice(-1)
}
