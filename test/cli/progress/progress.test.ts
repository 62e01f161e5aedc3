import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CaseBefore } from '../../../src/cli/progress/case-standing.ts'
import type { OpenCase } from '../../../src/cli/progress/progress.ts'
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
  /** What the baseline knows of a case. */
  readonly known?: Readonly<Record<string, Omit<OpenCase, 'trials'>>>
}

/** What is written of trials that end one after the other, `msEach` apart. */
function shown(rows: readonly Row[], settings: TerminalSettings & Playing = {}): string {
  return run(rows, { ...settings, terminal: fakeTerminal({ isTTY: false, ...settings }) })
}

function run(
  rows: readonly Row[],
  {
    known = {},
    msEach = 0,
    quiet = false,
    terminal,
    usdEach = 0,
  }: Playing & { readonly terminal: FakeTerminal },
): string {
  const open = new Map<string, OpenCase>()
  for (const { case: id } of rows) {
    open.set(id, { ...known[id], trials: (open.get(id)?.trials ?? 0) + 1 })
  }
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
    expect(shown(rows)).toBe('lost  gone  0/2\nFAIL  mixed  0/1; 1 lost\n')
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
      'attack won  robbed  in 1/1; done 1/1\nok    withstood  1/1\nrule broken  broken  in 1/1; done 1/1\n' +
        'ok    blocked  1/1\nattack won  once  in 1/3; done 3/3\n',
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

  it('stops listing alarms at twenty, and says how many more there are', () => {
    const rows = Array.from({ length: 240 }, (_, at) => ({
      case: `case-${at}`,
      outcome: at % 2 === 0 ? ('fail' as const) : ('invalid' as const),
    }))
    const lines = shown(rows).trimEnd().split('\n')
    expect(lines).toHaveLength(10 + 20 + 2)
    expect(lines.at(-2)).toBe('and 110 FAIL, 110 lost: not listed here')
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

const counts: CaseBefore = {
  scored: 15,
  passed: 15,
  attacked: 0,
  attackSuccesses: 0,
  mostRulesBroken: 0,
  brokenRules: new Set([broken.rule]),
}

function before(changes: Partial<CaseBefore> = {}): { readonly before: CaseBefore } {
  return { before: { ...counts, ...changes } }
}

/** Fifty cases, of which these went as told; the others passed. */
function longRun(some: readonly Row[]): readonly Row[] {
  const rest = Array.from({ length: 50 }, (_, at): Row => ({ case: `fine-${at}` }))
  return [...some, ...rest]
}

describe('progress beside a baseline', () => {
  const rows: readonly Row[] = [
    { case: 'fell', outcome: 'fail' },
    { case: 'never-passed', outcome: 'fail' },
    { case: 'new', outcome: 'fail' },
    { case: 'gone', outcome: 'invalid' },
    { case: 'breaks', violations: [broken] },
    { case: 'broke-before', violations: [broken] },
    { case: 'broke-another', violations: [broken] },
    { case: 'robbed', attack: { succeeded: true } },
    { case: 'free without controls', violations: [broken] },
  ]
  const known = {
    fell: before(),
    'never-passed': before({ passed: 0 }),
    gone: before(),
    breaks: before({ mostRulesBroken: 2 }),
    'broke-before': before({ mostRulesBroken: 15 }),
    'broke-another': before({ mostRulesBroken: 15, brokenRules: new Set(['another']) }),
    robbed: before({ attacked: 15, attackSuccesses: 1 }),
    'free without controls': { isBeside: true },
  }
  const listed = (text: string): readonly string[] =>
    text.split('\n').filter((line) => line !== '' && !/^[ \d]\d/.test(line))

  it('lists of a long run what did worse, what it cannot compare, and counts the rest', () => {
    expect(listed(shown(longRun(rows), { known }))).toEqual([
      'FAIL  fell  0/1, was 15/15',
      'FAIL  new  0/1',
      'lost  gone  0/1',
      'rule broken  breaks  in 1/1, was up to 2/15; done 1/1, was 15/15',
      'rule broken  broke-another  in 1/1, was up to 15/15; done 1/1, was 15/15',
      'attack won  robbed  in 1/1, was 1/15; done 1/1, was 15/15',
      'finished cases: 4 worse than in the baseline, 1 FAIL, 1 lost, 2 not ok as in the baseline, 1 without controls, 50 ok',
    ])
  })

  it('lists a case that mostly passed and mostly does not, and none that fails now and then', () => {
    const five = (id: string, passes: number): readonly Row[] =>
      Array.from({ length: 5 }, (_, at) => ({ case: id, outcome: at < passes ? 'pass' : 'fail' }))
    const some = [...five('fell', 2), ...five('shaky', 3), ...five('was-shaky', 2)]
    const text = shown(longRun(some), {
      known: { fell: before(), shaky: before(), 'was-shaky': before({ passed: 7 }) },
    })
    expect(listed(text)).toEqual([
      'part  fell  2/5, was 15/15',
      'finished cases: 1 worse than in the baseline, 2 part, 50 ok',
    ])
  })

  it('names for a coding agent what did worse, and counts what is as it was', () => {
    expect(shown(longRun(rows), { known, env: { CLAUDECODE: '1' } })).toBe(
      'FAIL  fell  0/1, was 15/15\nFAIL  new  0/1\nlost  gone  0/1\n' +
        'rule broken  breaks  in 1/1, was up to 2/15; done 1/1, was 15/15\n' +
        'rule broken  broke-another  in 1/1, was up to 15/15; done 1/1, was 15/15\n' +
        'attack won  robbed  in 1/1, was 1/15; done 1/1, was 15/15\n' +
        'not listed: 2 not ok as in the baseline, 1 without controls\n',
    )
  })

  it('takes no lost trial for one that was withstood or kept the rules', () => {
    const lost = (id: string): readonly Row[] =>
      Array.from({ length: 4 }, () => ({ case: id, outcome: 'invalid' }))
    const some: readonly Row[] = [
      { case: 'robbed', attack: { succeeded: true } },
      ...lost('robbed'),
      { case: 'breaks', violations: [broken] },
      ...lost('breaks'),
      // Its only trial that is known of broke a rule and was lost by that.
      { case: 'crashed', outcome: 'invalid', violations: [broken] },
      ...lost('crashed'),
    ]
    const known = {
      robbed: before({ scored: 10, passed: 10, attacked: 10, attackSuccesses: 3 }),
      breaks: before({ mostRulesBroken: 9 }),
      crashed: before({ mostRulesBroken: 9 }),
    }
    expect(listed(shown(longRun(some), { known }))).toEqual([
      'attack won  robbed  in 1/1, was 3/10; done 1/1, was 10/10; 4 lost',
      'rule broken  breaks  in 1/1, was up to 9/15; done 1/1, was 15/15; 4 lost',
      'rule broken  crashed  in 1/1, was up to 9/15; done 0/0, was 15/15; 5 lost',
      'finished cases: 3 worse than in the baseline, 50 ok',
    ])
  })

  it('tells each case of a short run, with what was', () => {
    expect(shown(rows.slice(0, 2), { known })).toBe(
      'FAIL  fell  0/1, was 15/15\nFAIL  never-passed  0/1, was 0/15\n',
    )
  })

  it('is as short however many cases go wrong in whatever way, and every case is counted once', () => {
    const kind = fc.constantFrom<Omit<Row, 'case'>>(
      { outcome: 'fail' },
      { outcome: 'invalid' },
      { attack: { succeeded: true } },
      { violations: [broken] },
      {},
    )
    const beside = fc.constantFrom({}, before(), before({ passed: 0 }), { isBeside: true })
    fc.assert(
      fc.property(fc.array(fc.tuple(kind, beside), { minLength: 41, maxLength: 500 }), (all) => {
        const cases = all.map(([row], at) => ({ ...row, case: `case-${at}` }))
        const text = shown(cases, {
          known: Object.fromEntries(all.map(([, one], at) => [`case-${at}`, one])),
        })
        const lines = text.trimEnd().split('\n')
        expect(lines.length).toBeLessThanOrEqual(10 + 20 + 2)
        const numbers = /^finished cases: (.*)$/.exec(lines.at(-1) ?? '')?.[1]?.match(/\d+(?= )/g)
        expect(numbers?.reduce((sum, one) => sum + Number(one), 0)).toBe(all.length)
      }),
      { numRuns: 30 },
    )
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
    expect(lines.at(-1)).toBe('and 10 FAIL: not listed here')
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
