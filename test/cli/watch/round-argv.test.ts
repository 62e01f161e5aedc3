import { Command } from 'commander'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addRunCommand } from '../../../src/cli/commands/run.ts'
import type { RunOptions } from '../../../src/cli/run/run-options.ts'
import { roundArgv } from '../../../src/cli/watch/round-argv.ts'
import { fakeTerminal } from '../terminal/fake-terminal.ts'

interface Parsed {
  readonly named: readonly string[]
  readonly options: RunOptions
}

/** What the real command line makes of words. */
function parse(argv: readonly string[]): Parsed {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined })
  addRunCommand(program, fakeTerminal().io)
  let parsed: Parsed | undefined
  program.commands[0]?.exitOverride().action((named: string[], options: RunOptions) => {
    parsed = { named, options }
  })
  program.parse([...argv], { from: 'user' })
  if (parsed === undefined) throw new Error('nothing was parsed')
  return parsed
}

const whole = { cases: undefined, leftUsd: undefined, replays: false, isAgreed: false }

/** Every option of `run` by its long name, with a value for each that takes one. */
function everyOption(): readonly (readonly string[])[] {
  const program = new Command()
  addRunCommand(program, fakeTerminal().io)
  const values: Readonly<Record<string, string>> = {
    tier: '2',
    trials: '7',
    'max-trials': '9',
    'max-duration': '999999h',
    seed: '4294967295',
    budget: '0.000000001',
    jobs: '3',
    cassette: 'record',
    mode: 'both',
  }
  return (program.commands[0]?.options ?? [])
    .filter(({ long }) => !['--watch', '--resume'].includes(long ?? ''))
    .map(({ argChoices, flags, long }) => {
      if (typeof long !== 'string') throw new Error(`${flags} has no long name`)
      const name = long.slice(2)
      const value = values[name] ?? argChoices?.[0] ?? '-x y=z'
      return /[<[]/.test(flags) ? [`--${name}=${value}`] : [`--${name}`]
    })
}

describe('the command line of a round', () => {
  it.each(everyOption().map((words) => [words.join(' '), words] as const))(
    'passes on %s',
    (_, words) => {
      const { options } = parse(['run', ...words])
      const again = parse(roundArgv('/p/set', { ...whole, options }))
      expect(again).toEqual({ named: ['/p/set'], options })
    },
  )

  it('passes on all of them together, repeated ones too', () => {
    const some = everyOption().filter(([word = '']) => !/^--(no-)?(color)$/.test(word))
    const { options } = parse([
      'run',
      ...some.flat(),
      '--case=a',
      '--case=b',
      '--tier=0',
      '--watch',
    ])
    const again = parse(roundArgv('/p/set', { ...whole, options }))
    const { watch, ...kept } = options
    expect(watch).toBe(true)
    expect(again.options).toEqual(kept)
  })

  it('passes on any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string(), { minLength: 1 }), (grep, tag) => {
        const options: RunOptions = { ...parse(['run']).options, grep, tag }
        expect(parse(roundArgv('set', { ...whole, options })).options).toEqual(options)
      }),
    )
  })

  it('of changed cases decides nothing, and leaves out what needs a verdict', () => {
    const { options } = parse([
      'run',
      '--max-trials=9',
      '--confirm',
      '--skip-unchanged',
      '--case=a',
    ])
    const again = parse(roundArgv('set', { ...whole, options, cases: ['b', '-c'] })).options
    expect(again).toMatchObject({ gate: false, case: ['b', '-c'] })
    for (const name of ['maxTrials', 'confirm', 'skipUnchanged'])
      expect(again).not.toHaveProperty(name)
  })

  it('says what may be spent, and that nobody need be asked again', () => {
    const { options } = parse(['run', '--budget=5'])
    const round = { ...whole, options, leftUsd: 5 - 4.7, isAgreed: true }
    const again = parse(roundArgv('set', round)).options
    expect(again.budget).toBeCloseTo(0.3, 9)
    expect(again.yes).toBe(true)
    expect(parse(roundArgv('set', { ...whole, options, replays: true })).options.cassette).toBe(
      'replay',
    )
  })
})
