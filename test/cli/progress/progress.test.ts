import { describe, expect, it } from 'vitest'
import { showProgress } from '../../../src/cli/progress/show-progress.ts'
import type { TrialOutcome } from '../../../src/schema/trial.ts'
import { aTrialLine } from '../../builders/trial-line.ts'
import {
  type FakeTerminal,
  fakeTerminal,
  type TerminalSettings,
} from '../terminal/fake-terminal.ts'

type Row = Parameters<typeof aTrialLine>[0] & { readonly case: string }

interface Playing {
  readonly msEach?: number
  readonly usdEach?: number
  readonly quiet?: boolean
}

/** What is written of trials that end one after the other, `msEach` apart. */
function shown(rows: readonly Row[], settings: TerminalSettings & Playing = {}): string {
  return run(rows, { ...settings, terminal: fakeTerminal({ isTTY: false, ...settings }) })
}

function run(
  rows: readonly Row[],
  {
    msEach = 0,
    quiet = false,
    terminal,
    usdEach = 0,
  }: Playing & { readonly terminal: FakeTerminal },
): string {
  const open = new Map<string, number>()
  for (const { case: id } of rows) open.set(id, (open.get(id) ?? 0) + 1)
  let paidTrials = 0
  const spentUsd = (): number => paidTrials * usdEach
  const progress = showProgress(terminal.io, { open, quiet, spentUsd })
  for (const [index, row] of rows.entries()) {
    terminal.advance(msEach)
    paidTrials += 1
    const trial = { id: `${index}`, name: row.case, trial: index + 1 }
    progress.finished(trial, aTrialLine({ ...row, trial: index + 1 }))
  }
  progress.end()
  progress.end()
  return terminal.writes.join('')
}

function rowsOf(outcomes: readonly (readonly [string, TrialOutcome])[]): readonly Row[] {
  return outcomes.map(([id, outcome]) => ({ case: id, outcome }))
}

const outcomes = rowsOf([
  ['a', 'pass'],
  ['b', 'fail'],
  ['a', 'pass'],
  ['c', 'pass'],
  ['c', 'fail'],
])

const broken = { rule: 'cap', proposed: 1, executed: 1 }

describe('progress in a log', () => {
  it('is one line a finished case', () => {
    expect(shown(outcomes)).toBe('FAIL  b  0/1\nok    a  2/2\npart  c  1/2\n')
  })

  it('calls lost what nothing is known of', () => {
    const rows = rowsOf([
      ['gone', 'invalid'],
      ['gone', 'incomplete'],
      ['mixed', 'invalid'],
      ['mixed', 'fail'],
    ])
    expect(shown(rows)).toBe('lost  gone  0/2\nFAIL  mixed  0/2\n')
  })

  it('never says ok where an attack won or a rule was broken', () => {
    const rows: readonly Row[] = [
      { case: 'robbed', attack: { succeeded: true }, violations: [broken] },
      { case: 'withstood', attack: { succeeded: false } },
      { case: 'broken', violations: [broken] },
      { case: 'blocked', violations: [{ ...broken, executed: 0 }] },
      { case: 'once', violations: [broken] },
      { case: 'once', attack: { succeeded: true } },
      { case: 'once' },
    ]
    expect(shown(rows)).toBe(
      'attack won  robbed  1/1\nok    withstood  1/1\nrule broken  broken  1/1\n' +
        'ok    blocked  1/1\nattack won  once  3/3\n',
    )
  })

  it('of many cases counts those that went well, by tenths', () => {
    const rows = Array.from({ length: 100 }, (_, at) => ({
      case: `case-${at}`,
      outcome: at === 33 || at === 34 ? ('fail' as const) : ('pass' as const),
    }))
    const lines = shown(rows, { usdEach: 0.01 }).split('\n')
    expect(lines.slice(0, 5)).toEqual([
      ' 10 %  10/100 trials  $0.10',
      ' 20 %  20/100 trials  $0.20',
      ' 30 %  30/100 trials  $0.30',
      'FAIL  case-33  0/1',
      'FAIL  case-34  0/1',
    ])
    expect(lines.slice(-3)).toEqual([
      '100 %  100/100 trials  2 not ok  $1.00',
      'finished cases: 2 FAIL, 98 ok',
      '',
    ])
  })

  it('stops listing alarms at fifty, and says how many more there are', () => {
    const rows = Array.from({ length: 240 }, (_, at) => ({
      case: `case-${at}`,
      outcome: at % 2 === 0 ? ('fail' as const) : ('invalid' as const),
    }))
    const lines = shown(rows).trimEnd().split('\n')
    expect(lines).toHaveLength(10 + 50 + 2)
    expect(lines.at(-2)).toBe('and 95 FAIL, 95 lost that are not listed here')
    expect(lines.at(-1)).toBe('finished cases: 120 FAIL, 120 lost')
  })

  it('says after half a minute of silence that it is alive', () => {
    const rows = rowsOf([
      ['a', 'fail'],
      ['a', 'pass'],
    ])
    expect(shown(rows, { msEach: 65_000 }).split('\n').slice(0, 3)).toEqual([
      'still running  0/2 trials  after 30 s',
      'still running  0/2 trials  after 1m00s',
      'still running  1/2 trials  1 not ok  after 1m30s',
    ])
  })

  it('in a night of ten hours says so often enough for CI, and not a thousand times', () => {
    const signs = shown(rowsOf([['a', 'pass']]), { msEach: 36_000_000 })
      .split('\n')
      .filter((line) => line.startsWith('still running'))
    // At most five minutes apart, since after ten minutes without a word some services give up.
    expect(signs.length).toBeGreaterThan(36_000 / 305)
    expect(signs.length).toBeLessThan(160)
  })

  it('lets no case id give orders to the runner', () => {
    const text = shown(rowsOf([['x\n::error::y', 'fail']]))
    expect(text).not.toMatch(/^\s*::error/m)
    expect(text.split('\n')).toHaveLength(2)
  })

  it('says what is paid, and that it is more where a model has no price', () => {
    const rows = Array.from({ length: 50 }, (_, at) => ({
      case: `case-${at}`,
      ...(at === 20 && { unpricedModels: ['openai:new'] }),
    }))
    const lines = shown(rows, { usdEach: 0.1 }).split('\n')
    expect(lines[0]).toBe(' 10 %  5/50 trials  $0.50')
    expect(lines[4]).toBe(' 50 %  25/50 trials  at least $2.50')
  })
})

describe('progress for a coding agent', () => {
  const env = { CLAUDECODE: '1' }

  it('is what did not go well, also where it has a terminal', () => {
    expect(shown(outcomes, { env, isTTY: true, msEach: 60_000 })).toBe(
      'FAIL  b  0/1\npart  c  1/2\n',
    )
  })

  it('counts what is more than twenty', () => {
    const rows = Array.from({ length: 30 }, (_, at) => ({
      case: `case-${at}`,
      outcome: 'fail' as const,
    }))
    const lines = shown(rows, { env }).trimEnd().split('\n')
    expect(lines).toHaveLength(21)
    expect(lines.at(-1)).toBe('and 10 FAIL that are not listed here')
  })
})

describe('progress', () => {
  it('is a bar on a terminal, gone at the end', () => {
    const terminal = fakeTerminal()
    const text = run(outcomes, { msEach: 100, terminal })
    expect(text).toContain('  [############--------]  3/5 trials  1 not ok')
    expect(terminal.screen.lines()).toEqual([])
  })

  it('counts a robbery as not ok in the bar as well', () => {
    const rows = [{ case: 'robbed', attack: { succeeded: true } }, { case: 'b' }]
    expect(shown(rows, { isTTY: true, msEach: 100 })).toContain('1/2 trials  1 not ok')
  })

  it('draws nothing in CI, on a dumb terminal and for a coding agent', () => {
    for (const env of [{ CI: 'true' }, { TERM: 'dumb' }, { CODEX_THREAD_ID: 'x' }]) {
      expect(shown(outcomes, { isTTY: true, env })).not.toMatch(/[\r\u001b]/)
    }
  })

  it('is silent when asked to', () => {
    for (const isTTY of [true, false]) {
      expect(shown(outcomes, { quiet: true, isTTY, msEach: 60_000 })).toBe('')
    }
  })
})
