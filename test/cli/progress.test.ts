import { describe, expect, it } from 'vitest'
import type { Io } from '../../src/cli/io.ts'
import { showProgress } from '../../src/cli/progress.ts'
import type { TrialOutcome } from '../../src/schema/trial.ts'
import { aTrialLine } from '../builders/trial-line.ts'

function shown(
  outcomes: readonly (readonly [string, TrialOutcome])[],
  surroundings: { readonly isTTY?: boolean; readonly env?: Io['env']; readonly quiet?: boolean },
): string {
  let text = ''
  const { env = {}, isTTY = false, quiet = false } = surroundings
  const output = { isTTY, columns: 80, write: (piece: string) => (text += piece) }
  const io = { env, stderr: output, nowMs: () => 0, every: () => () => undefined }
  const trialsByCase = new Map<string, number>()
  for (const [id] of outcomes) trialsByCase.set(id, (trialsByCase.get(id) ?? 0) + 1)
  const progress = showProgress(io as unknown as Io, trialsByCase, quiet)
  for (const [index, [id, outcome]] of outcomes.entries()) {
    progress.trial(aTrialLine({ case: id, outcome, trial: index + 1 }))
  }
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
