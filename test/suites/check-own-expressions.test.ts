import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import type { candidate } from '../../src/schema/candidate.ts'
import { checkCandidate } from '../../src/suites/check-candidate.ts'
import { aCandidate } from '../builders/candidate.ts'

function said(changes: Partial<z.input<typeof candidate>>): readonly unknown[] {
  const models = { default: 'reference:' }
  return checkCandidate(aCandidate({ models, ...changes })).map(({ message, offset, path }) => [
    path.join('.'),
    message,
    offset,
  ])
}

describe('expressions of a candidate outside its policy', () => {
  it('of a result that is not to be trusted name what there is of one call', () => {
    const budgets = (low_confidence: string): Parameters<typeof said>[0] => ({
      budgets: { dynamic: { low_confidence } },
    })
    expect(said(budgets("output.score < 0.5 && tool == 'a' && input.x == 1"))).toEqual([])
    expect(said(budgets('true && calls.size() > 0'))).toEqual([
      [
        'budgets.dynamic.low_confidence',
        expect.stringMatching('^unknown variable "calls"'),
        'true && '.length,
      ],
    ])
    expect(said(budgets('output <'))).toEqual([
      ['budgets.dynamic.low_confidence', expect.stringMatching('^no valid expression'), 7],
    ])
  })

  it('of a fallback name the task and the calls, at any depth', () => {
    const fallback = (args: Record<string, string | string[]>): Parameters<typeof said>[0] => ({
      fallback: { say: 'Sorry.', tool: 'desk.open', args },
    })
    expect(said(fallback({ a: '=task.order', b: ['=calls[0].result'], c: '==not one' }))).toEqual(
      [],
    )
    expect(said(fallback({ a: 'plain', b: ['x', '=state.order'] }))).toEqual([
      ['fallback.args.b.1', expect.stringMatching('^unknown variable "state"'), 1],
    ])
    expect(said(fallback({ a: '=task.' }))).toEqual([
      ['fallback.args.a', expect.stringMatching('^no valid expression'), 5],
    ])
  })

  it('are none where there is neither', () => {
    expect(said({ fallback: { say: 'Sorry.' }, budgets: { soft_share: 0.8 } })).toEqual([])
  })
})
