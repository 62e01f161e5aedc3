import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitLine } from '../../../src/cli/progress/fit-line.ts'
import { openRegion } from '../../../src/cli/progress/live-region.ts'
import { showProgress } from '../../../src/cli/progress/show-progress.ts'
import { aTrialLine } from '../../builders/trial-line.ts'
import { type FakeTerminal, fakeTerminal } from './fake-terminal.ts'
import { createScreen } from './screen.ts'

/** A run of some cases at a terminal: `each` is called while trials run. */
function longRun(terminal: FakeTerminal, trials: number, each: (at: number) => void): void {
  const names = Array.from({ length: 50 }, (_, at) => `refund.case-${at}`)
  const open = new Map(names.map((name) => [name, { trials: trials / names.length }]))
  const progress = showProgress(terminal.io, { open, quiet: false, spentUsd: () => 0 })
  for (let at = 0; at < trials; at++) {
    const trial = { id: `${at}`, name: names[at % names.length]!, trial: Math.floor(at / 50) + 1 }
    progress.started?.(trial)
    terminal.advance(37)
    each(at)
    progress.finished(trial, aTrialLine({ outcome: at % 7 === 0 ? 'fail' : 'pass' }))
  }
  progress.end()
}

describe('a long run on a terminal of 80 x 24', () => {
  it('leaves what others said, in order and whole, and nothing of itself', () => {
    const terminal = fakeTerminal()
    terminal.io.stderr.write('agent-eval 0.1.0  set  50 cases x 10 trials\n')
    const said = ['agent-eval 0.1.0  set  50 cases x 10 trials']
    longRun(terminal, 500, (at) => {
      if (at % 20 !== 0) return
      const line = `warning ${at}: ${'x'.repeat(30)}`
      // In two pieces, and to either stream.
      terminal.writeAside(line.slice(0, 12), at % 40 === 0 ? 'stdout' : 'stderr')
      terminal.writeAside(`${line.slice(12)}\n`, at % 40 === 0 ? 'stdout' : 'stderr')
      said.push(line)
    })
    terminal.io.stderr.write('pass: no regression in 50 cases\n')
    expect(terminal.screen.lines()).toEqual([...said, 'pass: no regression in 50 cases'])
    expect(terminal.screen.visible()).toHaveLength(24)
    expect(terminal.screen.wraps()).toBe(0)
  })

  it('at every moment shows what was said, and below it at most two lines', () => {
    const terminal = fakeTerminal()
    const said: string[] = []
    const check = (): void => {
      const lines = terminal.screen.lines()
      expect(lines.slice(0, said.length)).toEqual(said)
      const live = lines.slice(said.length)
      expect(live.length).toBeLessThanOrEqual(2)
      expect(live[0]).toMatch(/^ {2}\[[#-]{20}\] {2}\d+\/500 trials/)
      if (live.length === 2)
        expect(live[1]).toMatch(/^ {2}running refund\.case-\d+ \(trial \d+, 0 s\)$/)
    }
    longRun(terminal, 500, (at) => {
      if (at % 9 === 0) {
        said.push(`note ${at}`)
        terminal.writeAside(`note ${at}\n`)
      }
      check()
    })
  })

  it('is painted at most ten times a second, whatever happens', () => {
    const terminal = fakeTerminal()
    longRun(terminal, 5_000, () => undefined)
    const seconds = (5_000 * 37) / 1000
    expect(terminal.writes.length).toBeLessThanOrEqual(10 * seconds + 2)
    expect(terminal.writes.length).toBeGreaterThan(9 * seconds)
  })

  it('is not painted where nothing is new', () => {
    const terminal = fakeTerminal()
    const progress = showProgress(terminal.io, {
      open: new Map([['a', { trials: 1 }]]),
      quiet: false,
      spentUsd: () => 0,
    })
    terminal.advance(60_000)
    expect(terminal.writes).toHaveLength(1)
    progress.end()
    expect(terminal.screen.lines()).toEqual([])
  })

  it('replaces lines without emptying the screen first, so that nothing flickers', () => {
    const terminal = fakeTerminal()
    const region = openRegion(terminal.io)
    region.show(['one', 'two'])
    region.show(['three', 'four'])
    expect(terminal.writes.at(-1)).toBe('\r\u001b[Athree\u001b[K\nfour\u001b[K')
  })
})

it('a region that shrinks and grows leaves nothing behind', () => {
  const terminal = fakeTerminal()
  const region = openRegion(terminal.io)
  terminal.writeAside('above\n')
  for (const lines of [['a', 'b', 'c'], ['d'], [], ['e', 'f'], ['g', 'h', 'i']]) {
    region.show(lines)
    expect(terminal.screen.lines()).toEqual(['above', ...lines])
  }
  region.close()
  expect(terminal.screen.lines()).toEqual(['above'])
  // A screen that is erased as a whole would stay in the history of tmux.
  expect(terminal.writes.join('')).not.toContain('\u001b[J')
})

describe('a terminal of another size', () => {
  it('takes narrower and wider while a run goes on', () => {
    const terminal = fakeTerminal()
    terminal.writeAside('before\n')
    longRun(terminal, 500, (at) => {
      if (at === 100) terminal.resize(33)
      if (at === 300) terminal.resize(120)
    })
    expect(terminal.screen.lines()).toEqual(['before'])
  })

  it('never gets a line that is wider than it is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 150 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 160 }),
        (names, columns) => {
          const terminal = fakeTerminal({ columns })
          const progress = showProgress(terminal.io, {
            open: new Map(names.map((name) => [name, { trials: 1 }])),
            quiet: false,
            spentUsd: () => 0,
          })
          for (const [at, name] of names.entries()) {
            progress.started?.({ id: `${at}`, name, trial: at })
            terminal.advance(100)
          }
          expect(terminal.screen.wraps()).toBe(0)
          progress.end()
          expect(terminal.screen.lines()).toEqual([])
        },
      ),
    )
  })

  it('leaves room for the ^C that it writes itself', () => {
    const terminal = fakeTerminal({ columns: 30 })
    const region = openRegion(terminal.io)
    region.show(['x'.repeat(200), 'y'.repeat(200)])
    terminal.screen.write('^C')
    region.close()
    expect(terminal.screen.lines()).toEqual([])
    expect(terminal.screen.wraps()).toBe(0)
  })
})

describe('what others write', () => {
  it('waits for the end of its line, and is whole at the end', () => {
    const terminal = fakeTerminal()
    const region = openRegion(terminal.io)
    region.show(['live'])
    terminal.writeAside('half a ')
    expect(terminal.screen.lines()).toEqual(['live'])
    terminal.writeAside('line\nand the beg')
    expect(terminal.screen.lines()).toEqual(['half a line', 'live'])
    region.close()
    terminal.writeAside('inning\n')
    expect(terminal.screen.lines()).toEqual(['half a line', 'and the beginning'])
  })

  it('is not kept for ever where the line never ends', () => {
    const terminal = fakeTerminal()
    const region = openRegion(terminal.io)
    region.show(['live'])
    terminal.writeAside('z'.repeat(5_000))
    expect(terminal.screen.lines()[0]).toBe('z'.repeat(80))
    region.close()
  })
})

it('a line that is cut says so', () => {
  expect(fitLine('abcdef', 6)).toBe('abcdef')
  expect(fitLine('abcdef', 5)).toBe('ab...')
  expect(fitLine('漢字漢字', 7)).toBe('漢字...')
  expect(fitLine('abcdef', 2)).toBe('..')
  expect(fitLine('abcdef', 0)).toBe('')
})

it('the screen of these tests wraps, scrolls and erases as terminals do', () => {
  const screen = createScreen(2, 4)
  screen.write('abcdef\ngh')
  expect(screen.lines()).toEqual(['abcd', 'ef', 'gh'])
  expect(screen.visible()).toEqual(['ef', 'gh'])
  screen.write('\r\u001b[9Axy\u001b[K')
  // What has scrolled away cannot be reached.
  expect(screen.lines()).toEqual(['abcd', 'xy', 'gh'])
  screen.write('\u001b[J')
  expect(screen.lines()).toEqual(['abcd', 'xy'])
  expect(() => {
    screen.write('\u001b[2J\u0007')
  }).toThrow('control character')
})
