import { describe, expect, it } from 'vitest'
import { moneyLines } from '../../../src/report/figures/money-lines.ts'
import { spend } from '../../../src/report/figures/sample.ts'
import { markdown } from '../../../src/report/markdown/markdown.ts'
import { sayInTerminal } from '../../../src/report/say.ts'
import { type Subject, subjectOf } from '../../../src/report/subject.ts'
import { terminal } from '../../../src/report/terminal/terminal.ts'
import type { RunMetrics } from '../../../src/schema/run-metrics.ts'
import { aProvenance, aRate, aRunResult, someMetrics } from '../../builders/result.ts'
import { aVerdict } from '../../builders/verdict.ts'

type Behind = Subject['candidate']['agentBehind']

function subjectWith(changes: Partial<RunMetrics>, agentBehind: Behind = 'model'): Subject {
  const provenance = aProvenance({ agentBehind })
  return subjectOf(aRunResult({ provenance, metrics: someMetrics(changes) }))
}

const linesOf = (...subject: Parameters<typeof subjectWith>): readonly string[] =>
  moneyLines(subjectWith(...subject), { say: sayInTerminal, most: 2 })

const context = { evalSetName: 'evalsets/support', commandPrefix: 'npx agent-eval' }
const perMonth = { tasks: 100_000, costUsd: 2200 }

describe('moneyLines', () => {
  it('are none where there is nothing to say', () => {
    expect(linesOf({})).toEqual([])
    expect(linesOf({ tokensByKind: { n: 3, input: 10, output: 2, cacheRead: 0 } })).toEqual([])
    const nothing: Subject = { ...subjectWith({}), metrics: undefined }
    expect(moneyLines(nothing, { say: sayInTerminal, most: 2 })).toEqual([])
  })

  it('say what a month costs, and what it would with the baseline', () => {
    expect(linesOf({ perMonth })).toEqual([
      'cost as billed: $0.022 a task, $0.0228 a solved one, $2,200 a month at 100,000 tasks',
    ])
    const cost = { mean: 0.022, n: 120, unknown: 0 }
    const compared = (n: number): readonly string[] => {
      const figures = {
        baseline: { costPerTaskUsd: { mean: 0.019, n: 120, unknown: 0 } },
        candidate: { costPerTaskUsd: { ...cost, n } },
      }
      const metrics = someMetrics({ perMonth, costPerTaskUsd: cost })
      const result = aRunResult({ metrics, verdict: aVerdict({ figures }) })
      return moneyLines(subjectOf(result), { say: sayInTerminal, most: 2 })
    }
    expect(compared(120)[0]).toMatch(
      /\$2,200 a month at 100,000 tasks \(\$1,900 with the baseline\)$/,
    )
    // Only a part of the cases was compared: the months would be of other tasks.
    expect(compared(60)[0]).toMatch(/\$2,200 a month at 100,000 tasks$/)
  })

  it('say what it would cost with cold caches', () => {
    const cold = {
      coldCostPerTaskUsd: { mean: 0.034, n: 120, unknown: 0 },
      coldCostPerSolvedTaskUsd: 0.036,
    }
    expect(linesOf(cold)).toEqual([
      'cost as billed: $0.022 a task, $0.0228 a solved one',
      'with cold caches: $0.034 a task, $0.036 a solved one',
    ])
    expect(linesOf({ ...cold, perMonth: { ...perMonth, coldCostUsd: 3400 } })[1]).toBe(
      'with cold caches: $0.034 a task, $0.036 a solved one, $3,400 a month',
    )
  })

  it('take tokens apart where something was cached or thought', () => {
    const kinds = { n: 3, input: 12_000, output: 300 }
    expect(linesOf({ tokensByKind: { ...kinds, cacheRead: 9000, cacheWrite: 500 } })).toEqual([
      'tokens a task: 12,000 in (9,000 read from a cache, 500 written to one), 300 out',
    ])
    expect(linesOf({ tokensByKind: { ...kinds, reasoning: 200 } })).toEqual([
      'tokens a task: 12,000 in, 300 out (200 of them reasoning)',
    ])
  })

  it('say how long people took, and what that costs where an hour has a price', () => {
    const humanTime = { n: 120, waitedMs: 852_000 }
    expect(linesOf({ humanTime })).toEqual(['people: 7.1 s of approvals a task'])
    expect(linesOf({ humanTime: { ...humanTime, costUsd: 7.2 } })).toEqual([
      'people: 7.1 s of approvals a task, $0.06 a task beside its cost',
    ])
  })

  it('say what was replayed, what was asked again', () => {
    expect(linesOf({ replayed: 1140, spentUsd: { tools: 0.5 } })).toEqual([
      'replayed: 1,140 model answers from the cassette, nothing paid now',
    ])
    expect(linesOf({ replayed: 1, retries: 1, spentUsd: { judge: 0.5 } })).toEqual([
      'replayed: 1 model answer from the cassette, not paid again',
      'retries: 1 attempt of model requests failed and was made again',
    ])
    expect(linesOf({ retries: 12 })).toEqual([
      'retries: 12 attempts of model requests failed and were made again',
    ])
  })

  it('name the models without a price, and how to give them one', () => {
    expect(linesOf({ unpricedModels: ['a:x', 'b:x', 'c:x'] })).toEqual([
      'unknown price: a:x, b:x and 1 more; set money.prices in agent-eval.yaml to count what it costs',
    ])
  })

  it('say of a program whose calls nobody saw that its cost is unknown', () => {
    const unseen = {
      costPerTaskUsd: { n: 0, unknown: 120 },
      modelCallsPerTask: { mean: 0, n: 120, unknown: 0 },
    }
    expect(linesOf(unseen, 'program')).toEqual([
      'unknown cost: no model call of the agent was seen',
    ])
    expect(linesOf(unseen, 'model')).toEqual([])
    expect(linesOf({}, 'program')).toEqual([])
  })
})

describe('what was spent', () => {
  const spent = (spentUsd: RunMetrics['spentUsd'], behind?: Behind): string =>
    spend(subjectWith({ spentUsd }, behind), context)

  it('is what models were paid: the tools are simulated', () => {
    expect(spent({ agent: 2.64, tools: 1 })).toBe('spent $2.64')
    expect(spent({ tools: 1 })).toBe('')
    expect(spent({ agent: 2, tools: 1 }, 'reference')).toBe(
      'metered $3.00 at declared rates, nothing paid',
    )
  })

  it('says who spent it where that was more than one', () => {
    const byRole = { judge: 0.4, agent: 1.2, user_simulator: 0.25, router: 0.15 }
    expect(spent(byRole)).toBe(
      'spent $2.00 (agent $1.20, router $0.15, simulated user $0.25, judge $0.40)',
    )
  })
})

describe('in a report', () => {
  const routes = [
    {
      tier: 'frontier',
      trials: 30,
      share: 0.25,
      tsr: aRate(30, 30),
      costPerTaskUsd: { mean: 0.052, n: 30, unknown: 0 },
    },
    {
      tier: 'a|`b`\u001b[31m',
      trials: 90,
      share: 0.75,
      tsr: aRate(86, 90),
      costPerTaskUsd: { n: 0, unknown: 90 },
    },
  ]
  const result = aRunResult({ metrics: someMetrics({ routes, replayed: 1140, spentUsd: {} }) })

  it('stand below the metrics on a terminal', () => {
    const text = terminal.render({ result, context })
    const block = text.split('\n\n').find((part) => part.includes('route'))
    expect(block).toMatchInlineSnapshot(`
      "  route     trials   share  tasks done         cost per task
        frontier      30  25.0 %     100.0 %  30/30         $0.052
        a|\`b\`         90  75.0 %      95.6 %  86/90        unknown
        replayed: 1,140 model answers from the cassette, nothing paid now"
    `)
  })

  it('stand below the metrics in a comment', () => {
    const text = markdown.render({ result, context })
    const from = text.indexOf('| route')
    expect(
      text.slice(from, text.indexOf('\n\n', text.indexOf('- replayed'))),
    ).toMatchInlineSnapshot(`
      "| route | trials | share | tasks done |  | cost per task |
      | :-- | --: | --: | --: | --: | --: |
      | \`frontier\` | 30 | 25.0 % | 100.0 % | 30/30 | $0.052 |
      | <code>a&#124;&#96;b&#96;</code> | 90 | 75.0 % | 95.6 % | 86/90 | unknown |

      - counted: tool errors 1, repeated reads 2
      - replayed: 1,140 model answers from the cassette, nothing paid now"
    `)
  })
})
