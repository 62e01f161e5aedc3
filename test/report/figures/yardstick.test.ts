import { describe, expect, it, test } from 'vitest'
import { besideSuccessRate } from '../../../src/report/figures/yardstick.ts'
import { markdown } from '../../../src/report/markdown/markdown.ts'
import { sayInTerminal } from '../../../src/report/say.ts'
import { terminal } from '../../../src/report/terminal/terminal.ts'
import type { LintFigures } from '../../../src/schema/lint-figures.ts'
import type { RunMetrics } from '../../../src/schema/run-metrics.ts'
import { aRunResult, someMetrics } from '../../builders/result.ts'
import * as examples from '../examples.ts'

const words = (lint: LintFigures): readonly string[] =>
  besideSuccessRate({ lint, metrics: undefined }, sayInTerminal)
const weighed = (tsrWeighted: RunMetrics['tsrWeighted']): readonly string[] =>
  besideSuccessRate({ lint: undefined, metrics: someMetrics({ tsrWeighted }) }, sayInTerminal)

const mutants = { made: 2412, killed: 2347, declared: 65 }
const reader = { id: 'reads-and-refuses', passed: 0, scored: 252 }
const silent = { id: 'silent', passed: 19, scored: 50 }

describe('beside the success rate', () => {
  it('stands how the eval set was shown to be able to fail', () => {
    expect(words({ mutants, nullAgent: reader })).toEqual([
      'lint: 97.3 % of 2,412 mutants fail; no null agent passes any of 252 cases',
    ])
    expect(words({ mutants, nullAgent: { ...reader, passed: 3 } })).toEqual([
      'lint: 97.3 % of 2,412 mutants fail; best null agent passes 3 of 252 cases (reads-and-refuses)',
    ])
    expect(words({ mutants })).toEqual(['lint: 97.3 % of 2,412 mutants fail'])
    expect(words({ mutants: { made: 0, killed: 0, declared: 0 } })).toEqual([
      'lint: no mutant was made',
    ])
  })

  it('stands what an agent without a brain would score, where nobody linted', () => {
    expect(words({ nullAgent: silent })).toEqual([
      'a silent agent would score 38.0 % (19 of 50 cases)',
    ])
    expect(words({ nullAgent: { ...silent, id: 'echoes' } })).toEqual([
      'the null agent echoes would score 38.0 % (19 of 50 cases)',
    ])
  })

  it('stands what production would see', () => {
    expect(weighed({ language: { rate: 0.621, n: 240, leftOut: 0 } })).toEqual([
      'tasks done: 62.1 % weighted by language; not gated',
    ])
    expect(
      weighed({
        channel: { rate: 0.5, n: 10, leftOut: 12 },
        language: { rate: 0.621, n: 22, leftOut: 0 },
      }),
    ).toEqual([
      'tasks done: 50.0 % weighted by channel (12 trials without a weight left out), 62.1 % weighted by language; not gated',
    ])
  })

  it('stands nothing where nothing is known', () => {
    expect(words({})).toEqual([])
    expect(words({ nullAgent: { id: 'silent', passed: 0, scored: 0 } })).toEqual([])
    expect(besideSuccessRate({ lint: undefined, metrics: someMetrics() }, sayInTerminal)).toEqual(
      [],
    )
  })
})

test.each([
  ['compared', examples.pass],
  ['a first run', examples.firstRun],
  ['without a verdict', examples.imported],
])('terminal and markdown show it, %s', (_, { context, result }) => {
  const metrics = someMetrics({ tsrWeighted: { language: { rate: 0.621, n: 9, leftOut: 0 } } })
  const shown = { ...aRunResult(), ...result, metrics, lint: { nullAgent: silent } }
  for (const reporter of [terminal, markdown]) {
    const text = reporter.render({ result: shown, context })
    expect(text).toContain('62.1 % weighted by language')
    expect(text).toContain('a silent agent would score 38.0 % (19 of 50 cases)')
  }
})
