import { describe, expect, it } from 'vitest'
import { clockTime } from '../../../src/cli/progress/clock-time.ts'
import { liveLines, type Standing } from '../../../src/cli/progress/live-lines.ts'

const standing: Standing = {
  done: 87,
  all: 120,
  notOk: 0,
  spent: '$1.81',
  elapsedMs: 184_500,
  running: [
    { name: 'vip-escalation', trial: 2, elapsedMs: 4_000 },
    { name: 'cancel-after-ship', trial: 4, elapsedMs: 31_000 },
    { name: 'long-thread', trial: 1, elapsedMs: 12_000 },
    { name: 'refund', trial: 1, elapsedMs: 11_000 },
  ],
}

describe('the two live lines', () => {
  it('say how far a run is, what it cost, how long it takes, and what is slow', () => {
    // 33 trials are left, of 2.12 s each.
    expect(liveLines(standing, 77)).toEqual([
      '  [##############------]  87/120 trials  $1.81  eta 1m10s',
      '  running cancel-after-ship (trial 4, 31 s)  +3 more',
    ])
  })

  it('leave out what is not known', () => {
    const first = { ...standing, done: 0, spent: undefined, running: [] }
    expect(liveLines(first, 77)).toEqual(['  [--------------------]  0/120 trials'])
    const last = { ...standing, done: 120, notOk: 3, running: [] }
    expect(liveLines(last, 77)).toEqual([
      '  [####################]  120/120 trials  3 not ok  $1.81',
    ])
  })

  it('are never full before the last trial', () => {
    const [line] = liveLines({ ...standing, done: 2139, all: 2140 }, 77)
    expect(line).toContain('[###################-]')
  })

  it('on a narrow terminal give up the bar first, and the name before the time', () => {
    expect(liveLines(standing, 40)).toEqual([
      '  87/120 trials  $1.81  eta 1m10s',
      '  running ca... (trial 4, 31 s)  +3 more',
    ])
    expect(liveLines(standing, 10)).toEqual(
      ['  87/12...', '  runni...'].map((line) => line.slice(0, 10)),
    )
  })

  it('show no escape sequence of a name', () => {
    const running = [{ name: '\u001b[31mred\r\nnext', trial: 1, elapsedMs: 0 }]
    expect(liveLines({ ...standing, running }, 77)[1]).toBe('  running red next (trial 1, 0 s)')
  })
})

it.each([
  [0, '0 s'],
  [-5, '0 s'],
  [59_499, '59 s'],
  [59_500, '1m00s'],
  [70_000, '1m10s'],
  [3_599_000, '59m59s'],
  [3_599_600, '1h00m'],
  [7_500_000, '2h05m'],
])('%d ms are %s', (ms, text) => {
  expect(clockTime(ms)).toBe(text)
})
