import { describe, expect, it } from 'vitest'
import { gateReporters } from '../../../src/report/gate/registry.ts'
import { type GateSelfTest, gateSelfTest } from '../../../src/schema/gate-check.ts'
import { aCleanRow, aFaultRow, aGateSelfTest } from '../../builders/gate-check.ts'
import { aFact, aMetric } from '../../builders/verdict.ts'

const context = { evalSetName: 'evalsets/support', commandPrefix: 'npx agent-eval' }

function render(document: GateSelfTest, format = 'terminal'): string {
  return gateReporters.selfTest.get(format)?.render(document, context) ?? ''
}

/** Whatever the width. */
function flat(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}

const lenient = {
  status: 'inconclusive',
  exitCode: 0,
  asExpected: false,
  metrics: [aMetric({ status: 'inconclusive', change: -0.04, p: 0.12 })],
} satisfies Parameters<typeof aFaultRow>[0]

it('has one row an agent, and says what each was stopped by', () => {
  const breaksRule = aFact({ kind: 'zero-tolerance', rule: 'no-repeated-refund', message: 'm' })
  const rows = [
    aCleanRow(),
    aFaultRow({
      id: 'silent',
      strength: undefined,
      metrics: [aMetric({ status: 'regression', unit: 'deterministic', change: -1 })],
    }),
    aFaultRow(),
    aFaultRow({ id: 'drop' }),
    aFaultRow({ id: 'wrong-arg' }),
    aFaultRow({ id: 'double', metrics: [aMetric()], facts: [breaksRule] }),
    aFaultRow({
      id: 'obeys',
      strength: 0.04,
      shownBy: 'asr',
      metrics: [
        aMetric({ status: 'regression', p: 0.01 }),
        aMetric({ id: 'asr', status: 'regression', change: 0.05, p: 0.02 }),
      ],
    }),
    aFaultRow({
      id: 'dear',
      strength: 1.3,
      shownBy: 'costPerTask',
      metrics: [
        aMetric({ id: 'costPerTask', status: 'regression', unit: 'deterministic', change: 1.3 }),
      ],
    }),
  ]
  expect(render(aGateSelfTest({ rows }))).toMatchInlineSnapshot(`
    "This gate catches regressions: it stopped all 7 faulty agents and let the clean
      one pass.
      support: 24 cases, 4 attacks, 5 trials of each against 15 of the clean
      reference provider; no model, nothing was spent

      an agent that (how often)      wanted  gate  by (changes in points)
      solves every case              pass    pass
      does nothing                   stop    stop  tasks done -100.0, exact
      loses its last words (10 %)    stop    stop  tasks done -11.0, p <0.001
      leaves out a call (10 %)       stop    stop  tasks done -11.0, p <0.001
      gets an argument wrong (10 %)  stop    stop  tasks done -11.0, p <0.001
      makes a write twice (10 %)     stop    stop  rule no-repeated-refund broken
      obeys the attacker (4 %)       stop    stop  attacks succeeded +5.0, p = 0.020
      costs 30 % more                stop    stop  cost per task +30 %, exact

      what more trials would show  npx agent-eval gate power evalsets/support
    "
  `)
})

describe('a gate that lets something through', () => {
  const leaky = { status: 'leaky', exitCode: 1 } as const

  it('is told what would reach production, and what would show it', () => {
    const missed = aFaultRow({ ...lenient, visibleFrom: { metric: 'tsr', trials: 40 } })
    expect(render(aGateSelfTest({ ...leaky, rows: [aCleanRow(), missed] }))).toMatchInlineSnapshot(`
      "This gate lets regressions through: 1 of 1 faulty agents would have passed.
        support: 24 cases, 4 attacks, 5 trials of each against 15 of the clean
        reference provider; no model, nothing was spent

        an agent that (how often)    wanted  gate       by (changes in points)
        solves every case            pass    pass
        loses its last words (10 %)  stop    undecided  tasks done -4.0, p = 0.120

        An agent that loses its last words (10 % of trials) would pass. 40 trials of
          each case would show it in tasks done.
        Undecided warns and lets pass under the preset pr; under release it stops.

        see it with more trials      npx agent-eval gate self-test evalsets/support -n 40
        what more trials would show  npx agent-eval gate power evalsets/support
      "
    `)
  })

  it('may have cases that notice nothing', () => {
    const missed = aFaultRow({ ...lenient, status: 'pass', metrics: [aMetric()] })
    const text = render(aGateSelfTest({ ...leaky, rows: [aCleanRow(), missed] }))
    expect(flat(text)).toContain('would pass. No gated metric moved')
    expect(text).not.toContain('preset')
  })

  it('may stop what it could not decide', () => {
    const stopped = aFaultRow({ status: 'inconclusive', exitCode: 3, metrics: lenient.metrics })
    const text = render(aGateSelfTest({ preset: 'release', rows: [aCleanRow(), stopped] }))
    expect(text).toContain('stop (undecided)')
    expect(text).toMatch(/^This gate catches regressions/)
  })
})

it('is broken where not even the clean agent passes', () => {
  const clean = aCleanRow({
    status: 'regression',
    exitCode: 1,
    asExpected: false,
    facts: [aFact({ message: 'tsr is at most 0.9, the limit is at least 0.95' })],
  })
  const document = aGateSelfTest({
    status: 'broken',
    exitCode: 1,
    rows: [clean, aFaultRow()],
    notSolved: 3,
  })
  const text = render(document)
  expect(text).toMatch(/^This gate is broken: it does not even let an agent pass/)
  expect(flat(text)).toContain('The clean agent did not pass: tsr is at most 0.9, the limit is')
  expect(flat(text)).toContain('The reference solution fails in 3 of 24 cases')
  expect(text).toContain('npx agent-eval lint evalsets/support\n')
})

it('says what was not tried, and why', () => {
  const text = render(
    aGateSelfTest({
      notTried: [
        { id: 'obeys', why: 'no-attack' },
        { id: 'double', why: 'no-idempotent-write' },
        { id: 'dear', why: 'not-gated' },
        { id: 'drop', why: 'no-call' },
      ],
    }),
  )
  expect(flat(text)).toContain('Not tried: obeyed attacks, because no case is attacked.')
  expect(flat(text)).toContain('Not tried: double writes, because no solution calls a tool with an')
  expect(flat(text)).toContain('Not tried: higher cost, because its metric is not gated.')
  expect(flat(text)).toContain('Not tried: missing calls, because no solution calls a tool.')
})

it('lets no foreign text into the terminal', () => {
  const facts = [aFact({ message: 'a\u001b[2J\nb', rule: undefined })]
  const rows = [aCleanRow(), aFaultRow({ metrics: [], facts })]
  const text = render(aGateSelfTest({ rows }))
  expect(text).not.toContain('\u001b')
  expect(text).toContain('stop  a b\n')
})

it('is its document as JSON', () => {
  expect(gateSelfTest.parse(JSON.parse(render(aGateSelfTest(), 'json')))).toEqual(aGateSelfTest())
})
