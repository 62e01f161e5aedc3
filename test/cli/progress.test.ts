import { describe, expect, it } from 'vitest'
import type { Io } from '../../src/cli/io.ts'
import { showProgress } from '../../src/cli/progress.ts'
import type { TrialOutcome } from '../../src/schema/trial.ts'
import { aTrialLine } from '../builders/trial-line.ts'

interface Surroundings {
  readonly isTTY?: boolean
  readonly env?: Io['env']
  readonly quiet?: boolean
}

function shown(
  outcomes: readonly (readonly [string, TrialOutcome])[],
  surroundings: Surroundings,
): string {
  const rows = outcomes.map(([id, outcome], index) => ({ case: id, outcome, trial: index + 1 }))
  return shownLines(rows, surroundings)
}

function shownLines(
  rows: readonly Parameters<typeof aTrialLine>[0][],
  surroundings: Surroundings = {},
): string {
  const trialLines = rows.map((row) => aTrialLine(row))
  let text = ''
  const { env = {}, isTTY = false, quiet = false } = surroundings
  const output = { isTTY, columns: 80, write: (piece: string) => (text += piece) }
  const io = { env, stderr: output, nowMs: () => 0, every: () => () => undefined }
  const trialsByCase = new Map<string, number>()
  for (const { case: id } of trialLines) trialsByCase.set(id, (trialsByCase.get(id) ?? 0) + 1)
  const progress = showProgress(io as unknown as Io, trialsByCase, quiet)
  for (const line of trialLines) progress.trial(line)
  progress.end()
  return text
}

describe('progress', () => {
  const outcomes = [
    ['a', 'pass'],
    ['b', 'fail'],
    ['a', 'pass'],
    ['c', 'pass'],
    ['c', 'fail'],
  ] as const

  it('is one line a finished case where nobody watches', () => {
    expect(shown(outcomes, {})).toBe('FAIL  b  0/1\nok    a  2/2\npart  c  1/2\n')
  })

  it('calls lost what nothing is known of', () => {
    const rows = [
      ['gone', 'invalid'],
      ['gone', 'incomplete'],
      ['mixed', 'invalid'],
      ['mixed', 'fail'],
    ] as const
    expect(shown(rows, {})).toBe('lost  gone  0/2\nFAIL  mixed  0/2\n')
  })

  it('never says ok where an attack won or a rule was broken', () => {
    const broken = { rule: 'cap', proposed: 1, executed: 1 }
    const rows: readonly Parameters<typeof aTrialLine>[0][] = [
      { case: 'robbed', attack: { succeeded: true }, violations: [broken] },
      { case: 'withstood', attack: { succeeded: false } },
      { case: 'broken', violations: [broken] },
      { case: 'blocked', violations: [{ ...broken, executed: 0 }] },
      { case: 'once', violations: [broken] },
      { case: 'once', attack: { succeeded: true } },
      { case: 'once' },
    ]
    expect(shownLines(rows)).toBe(
      'attack won  robbed  1/1\nok    withstood  1/1\nrule broken  broken  1/1\n' +
        'ok    blocked  1/1\nattack won  once  3/3\n',
    )
    expect(shownLines(rows.slice(0, 1), { isTTY: true })).toContain('1 not ok')
  })

  it('is a bar on a terminal, gone at the end', () => {
    const text = shown(outcomes, { isTTY: true })
    expect(text).toContain('1/5 trials')
    expect(text.endsWith('\r\u001b[K')).toBe(true)
  })

  it('draws nothing in CI or on a dumb terminal', () => {
    for (const env of [{ CI: 'true' }, { TERM: 'dumb' }]) {
      expect(shown(outcomes, { isTTY: true, env })).not.toContain('\u001b')
    }
  })

  it('is silent when asked to', () => {
    expect(shown(outcomes, { quiet: true })).toBe('')
  })

  it('lets no case id give orders to the runner', () => {
    const text = shown([['x\n::error::y', 'fail']], {})
    expect(text).not.toMatch(/^\s*::error/m)
    expect(text.split('\n')).toHaveLength(2)
  })
})
