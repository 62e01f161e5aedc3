import { describe, expect, it, test } from 'vitest'
import { gateReporters } from '../../../src/report/gate/registry.ts'
import { type GateAa, gateAa } from '../../../src/schema/gate-check.ts'
import { aGateAa } from '../../builders/gate-check.ts'
import { aFact, aMetric } from '../../builders/verdict.ts'

const context = { evalSetName: 'evalsets/support', commandPrefix: 'npx agent-eval' }

function render(document: GateAa, format = 'terminal', colour = false): string {
  return gateReporters.aa.get(format)?.render(document, context, { colour }) ?? ''
}

/** Whatever the width. */
function flat(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}

const verdictOf = (changes: Partial<GateAa['verdict']>): GateAa['verdict'] => ({
  ...aGateAa().verdict,
  ...changes,
})

it('says that nothing cries wolf, with its numbers, and what to do next', () => {
  expect(render(aGateAa())).toMatchInlineSnapshot(`
    "This gate does not cry wolf: the agent against itself raises no alarm.
      support: 24 cases, 5 against 5 trials of each by support_refund_agent

      changes in points   first  second  change     plausible      p  alarm
      rules broken        0.0 %   0.0 %     0.0  -1.1 to +1.1  1.000  no
      tasks done         95.8 %  96.7 %    +0.9  -2.1 to +3.9  0.710  no

      false alarms in 200 random splits  judged by trials  by whole cases
      every trial dealt to a side               4 (2.0 %)
      halves of whole cases exchanged           5 (2.5 %)       3 (1.5 %)

      alpha allows false alarms for up to 5.0 % of unchanged agents
      all trials went the same way in 6 of 24 cases; no two trials of a case share a
        seed
      change ratio 0.93 (p = 0.610): how many times as much the halves of single
        cases differ as their trials explain; 1 is trial noise alone

      Trials of each case that let an unchanged agent pass four times out of five:
        rules broken 2, tasks done 4. 5 are set, which is enough, and 3 times as
        many for the baseline.

      does it catch anything  npx agent-eval gate self-test evalsets/support
      measure a baseline      npx agent-eval run evalsets/support --no-gate -n 15
    "
  `)
})

it('gives lines to paste where the set asks for too little', () => {
  const text = render(aGateAa({ current: { trials: 2 } }))
  expect(flat(text)).toContain('2 are set, 4 are needed')
  expect(text).toContain('  in evalset.yaml\n    defaults: { trials: 4 }\n')
  expect(text).toContain('npx agent-eval run evalsets/support --no-gate -n 12\n')
})

it('asks for cases where trials alone would take too many', () => {
  const recommended = { ...aGateAa().recommended, trials: 770, needs: [{ id: 'tsr', trials: 770 }] }
  const text = render(gateAa.parse({ ...aGateAa(), recommended }))
  expect(flat(text)).toContain('That is more than trials should do: add cases.')
  expect(text).not.toContain('in evalset.yaml')
  expect(text).toContain('--no-gate -n 15\n')
})

it('calls a large ratio of few noisy cases luck', () => {
  const text = render(aGateAa({ changeRatio: { value: 1.75, p: 0.064 } }))
  expect(flat(text)).toContain(
    'how many times as much the halves of single cases differ as their trials explain; 1 is trial noise alone; this large it is luck until p is 0.01',
  )
})

describe('an alarm', () => {
  const changeRatio = { value: 2.6, p: 0.005 }
  const alarm = aGateAa({
    status: 'alarm',
    exitCode: 1,
    changeRatio,
    verdict: verdictOf({
      status: 'regression',
      metrics: [aMetric({ status: 'regression', change: -0.08, p: 0.002 })],
    }),
    recommended: { unit: 'case', baselineFactor: 3, needs: [{ id: 'tsr', cases: 180 }] },
  })

  it('comes with its cause and the line that mends it', () => {
    const text = render(alarm)
    expect(flat(text)).toMatch(
      /^This gate cries wolf: the agent against itself is called a regression on tasks done\./,
    )
    expect(text).toContain('ALARM\n')
    expect(flat(text)).toContain('is more than chance explains')
    expect(flat(text)).toContain('count whole cases, not trials.')
    expect(text).toContain('  in evalset.yaml\n    gate: { unit: case }\n')
    expect(flat(text)).toContain('four times out of five: tasks done 180.')
    expect(text).toContain('ask again  npx agent-eval gate aa evalsets/support --seed 2\n')
  })

  it('may be chance, and then says so', () => {
    const recommended = { ...aGateAa().recommended }
    const text = render({ ...alarm, recommended, changeRatio: { value: 1.1, p: 0.4 } })
    expect(flat(text)).toContain('Chance alone does this to at most 5.0 % of unchanged agents.')
    expect(text).not.toContain('evalset.yaml')
  })

  it('is foretold where only other splits show it', () => {
    const [dealt, , byCase] = aGateAa().splits
    const exchanged = {
      how: 'halves-exchanged',
      judgedBy: 'trial',
      splits: 200,
      alarms: 61,
    } as const
    const splits = [dealt, exchanged, byCase].flatMap((tally) => tally ?? [])
    const text = render({ ...alarm, verdict: verdictOf({}), splits })
    expect(text).toMatch(/^This gate would cry wolf: it would call 30\.5 % of unchanged agents a/)
  })

  it('names copies by their seeds', () => {
    const copies = { sameTrajectory: 24, sharedSeeds: 24, examples: ['refund.full'] }
    const text = render({ ...alarm, copies })
    expect(flat(text)).toContain('trials share a seed in 24 of 24 (refund.full)')
    expect(flat(text)).toContain('Trials that share a seed are copies of one another')
  })
})

test('a set that decides nothing does not let an unchanged agent pass either', () => {
  const metrics = [aMetric({ status: 'inconclusive' }), aMetric({ id: 'asr', status: 'unproven' })]
  const text = render(aGateAa({ verdict: verdictOf({ status: 'inconclusive', metrics }) }))
  expect(text).toMatch(/^This gate does not cry wolf, but it does not let an unchanged agent pass/)
  expect(flat(text)).toContain('undecided on tasks done.')
  expect(text).toContain('no, undecided\n')
  expect(text).toContain('no, unproven\n')
})

test('an agent that fails whatever it is compared with', () => {
  const facts = [aFact({ message: 'rule "limit" was broken by 2 executed calls in 1 case' })]
  const text = render(
    aGateAa({ status: 'fact', exitCode: 1, verdict: verdictOf({ status: 'regression', facts }) }),
  )
  expect(text).toMatch(/^Whatever it is compared with, this agent fails its gate: rule "limit" was/)
})

test('an agent that always does the same', () => {
  const rest: Partial<GateAa> = aGateAa()
  delete rest.changeRatio
  const metrics = [aMetric({ unit: 'deterministic', change: 0 })]
  const text = render(
    gateAa.parse({
      ...rest,
      unit: 'deterministic',
      splits: [],
      verdict: verdictOf({ metrics }),
      recommended: { baselineFactor: 3, needs: [] },
    }),
  )
  expect(flat(text)).toContain('each difference is a fact')
  expect(text).not.toContain('random splits')
  expect(text).not.toContain('alpha')
})

test('nothing scored', () => {
  const missingEvidence = ['no trial of the candidate was scored']
  const verdict = verdictOf({ status: 'error', metrics: [], missingEvidence })
  expect(render(aGateAa({ status: 'error', exitCode: 4, verdict }))).toMatchInlineSnapshot(`
    "Nothing can be said of this gate: no trial of the candidate was scored.
      support: 24 cases, 5 against 5 trials of each by support_refund_agent
    "
  `)
})

it('shows a run of the reference provider as what it is, and where trials came from', () => {
  const candidate = { name: 'agent', behind: 'reference' } as const
  const text = render(aGateAa({ candidate, from: 'support-20261122', leftOut: 2 }))
  expect(flat(text)).toContain(
    '(reference provider, not a model), from support-20261122; 2 cases with one trial left out',
  )
})

it('lets no foreign text into the terminal', () => {
  const hostile = 'a\u001b[2J\nb'
  const text = render(
    aGateAa({
      candidate: { name: hostile, behind: 'model' },
      from: hostile,
      copies: { sameTrajectory: 1, sharedSeeds: 1, examples: [hostile] },
      verdict: verdictOf({ facts: [aFact({ message: hostile })] }),
      status: 'fact',
      exitCode: 1,
    }),
  )
  expect(text).not.toContain('\u001b')
  expect(text).toContain('a b')
})

it('has colours for terminals only', () => {
  expect(render(aGateAa(), 'terminal', true)).toContain('\u001b[32mThis gate does not cry wolf')
  expect(gateAa.parse(JSON.parse(render(aGateAa(), 'json', true)))).toEqual(aGateAa())
})
