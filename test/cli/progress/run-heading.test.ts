import { describe, expect, it } from 'vitest'
import { runHeading } from '../../../src/cli/progress/run-heading.ts'
import { version } from '../../../src/cli/version.ts'
import { formatTrialKey, type TrialKey } from '../../../src/schema/trial-key.ts'

type Told = Parameters<typeof runHeading>[0]

/** Cases `a`, `b` … with so many trials each, and a twin of the last where that is asked. */
function told(
  trials: readonly number[],
  changes: Partial<Told> & { readonly hasTwin?: boolean } = {},
): Told {
  const { hasTwin = false, ...more } = changes
  const ids = trials.map((_, at) => String.fromCodePoint(97 + at))
  const cases = trials.map((count, at) => ({
    id: ids[at]!,
    trials: count,
    twinOf: undefined as string | undefined,
  }))
  const last = cases.at(-1)!
  if (hasTwin) cases.push({ id: `${last.id}~twin`, trials: last.trials, twinOf: last.id })
  const keys = cases.flatMap(({ id, trials: count }) =>
    Array.from(
      { length: count },
      (_, at): TrialKey => ({ case: id, trial: at + 1, attempt: 1, mode: 'enforce' }),
    ),
  )
  return {
    evalSet: { shown: 'evals/support-agent' },
    baseline: undefined,
    cost: {},
    before: new Set(),
    plan: { manifest: { cases }, trials: keys.map((key) => ({ key })) },
    ...more,
  }
}

/** On one line, wherever it is broken. */
function heading(run: Told, budgetUsd?: number): string {
  return runHeading(run, budgetUsd).join(' ').replaceAll(/ +/g, ' ')
}

describe('the heading of a run', () => {
  it('says what is run, against what, and what it may cost', () => {
    const run = told([5, 5], {
      baseline: { from: 'main@4b7d0aa' },
      cost: { estimate: { low: 2.1, high: 3.4 } },
    })
    expect(heading(run, 4)).toBe(
      `agent-eval ${version} evals/support-agent 2 cases x 5 trials baseline main@4b7d0aa ` +
        'estimate $2.10 to $3.40, budget $4.00',
    )
    expect(runHeading(run, 4).at(-1)).toBe('estimate $2.10 to $3.40, budget $4.00')
  })

  it('leaves out what is not known', () => {
    expect(heading(told([1]))).toBe(`agent-eval ${version} evals/support-agent 1 case x 1 trial`)
    expect(runHeading(told([1]), 0.5).at(-1)).toBe('budget $0.50')
  })

  it('says how many trials that is where the product does not', () => {
    expect(heading(told([2, 5]))).toContain('2 cases x 2 to 5 trials, 7 in all')
    expect(heading(told([3], { hasTwin: true }))).toContain('1 case x 3 trials, 6 in all')
  })

  it('says what is left of a run that is gone on with', () => {
    const run = told([4])
    const keys = run.plan.trials.slice(0, 3).map(({ key }) => formatTrialKey(key))
    const before = new Set(keys)
    expect(heading({ ...run, before })).toContain('1 case x 4 trials, 1 of 4 left')
  })

  it('has no line of more than 80 columns but for a path, which stays whole', () => {
    const from = `${'long/'.repeat(30)}baseline.json`
    const evalSet = { shown: 'evals/\u001b[31m漢字'.repeat(4) }
    const lines = runHeading(told([5], { evalSet, baseline: { from } }), undefined)
    expect(lines.at(-1)).toBe(`  baseline ${from}`)
    expect(lines.join('')).not.toContain('\u001b')
    for (const line of lines.slice(0, -1)) expect(line.length).toBeLessThanOrEqual(80)
  })
})
