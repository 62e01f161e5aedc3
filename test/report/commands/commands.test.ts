import { describe, expect, test } from 'vitest'
import { nextCommands } from '../../../src/report/commands/commands.ts'
import type { ReportInput } from '../../../src/report/reporter.ts'
import { subjectOf } from '../../../src/report/subject.ts'
import type { Verdict } from '../../../src/schema/verdict.ts'
import { aCaseResult, aProvenance, aRunResult } from '../../builders/result.ts'
import { aFact, aMetric, aMovedCase, aVerdict } from '../../builders/verdict.ts'
import * as examples from '../examples.ts'

function commands({ result, context }: ReportInput): readonly string[] {
  return nextCommands(subjectOf(result), context).map(
    ({ purpose, remark, command }) => `${purpose} (${remark}): ${command}`,
  )
}

test('at most three, each for the state it helps in', () => {
  const all = Object.entries(examples.all).map(([name, input]) => [name, commands(input)])
  expect(Object.fromEntries(all)).toMatchInlineSnapshot(`
    {
      "error": [
        "look at it (free): npx agent-eval show agent-eval-results/r1",
        "run again (): npx agent-eval run evalsets/support",
      ],
      "firstRun": [
        "look at it (free): npx agent-eval show agent-eval-results/r1/refund.over-limit",
        "keep (then commit it): npx agent-eval baseline update --evalset evalsets/support --from agent-eval-results/r1",
      ],
      "imported": [
        "look at it (free): npx agent-eval show agent-eval-results/r1",
      ],
      "inconclusive": [
        "look at it (free): npx agent-eval show agent-eval-results/r1",
        "run again (about $0.22): npx agent-eval run evalsets/support --trials 10",
      ],
      "pass": [
        "look at it (free): npx agent-eval show agent-eval-results/r1",
      ],
      "regressionByAttack": [
        "look at it (free): npx agent-eval show agent-eval-results/r1/inject.a",
        "run again (): npx agent-eval run evalsets/support --case inject.a --trials 10",
        "accept (then commit it): npx agent-eval baseline update --evalset evalsets/support --from agent-eval-results/r1",
      ],
      "regressionByCost": [
        "look at it (free): npx agent-eval show agent-eval-results/r1",
        "run again (): npx agent-eval run evalsets/support",
        "accept (then commit it): npx agent-eval baseline update --evalset evalsets/support --from agent-eval-results/r1",
      ],
      "regressionByFact": [
        "look at it (free): npx agent-eval show agent-eval-results/r1/refund.over-limit",
        "run again (about $0.14): npx agent-eval run evalsets/support --case refund.over-limit --trials 10",
      ],
      "smallRealDrop": [
        "look at it (free): npx agent-eval show agent-eval-results/r1",
      ],
      "unproven": [
        "look at it (free): npx agent-eval show agent-eval-results/r1",
      ],
    }
  `)
})

test('without a run there is nothing to look at or to accept', () => {
  const { result, context } = examples.regressionByFact
  expect(commands({ result, context: { ...context, runPath: undefined } })).toEqual([
    'run again (about $0.14): npx agent-eval run evalsets/support --case refund.over-limit --trials 10',
  ])
})

test('what ran on another split runs again on it, and is no baseline', () => {
  const { result, context } = examples.regressionByCost
  const verdict = { ...aVerdict({ status: 'regression', exitCode: 1 }), split: 'dev' as const }
  expect(commands({ context, result: { ...result, verdict } })).toEqual([
    'look at it (free): npx agent-eval show agent-eval-results/r1',
    'run again (): npx agent-eval run evalsets/support --split dev',
  ])
})

describe('run again', () => {
  test('runs the same agent, each of its words quoted', () => {
    const { result, context } = examples.inconclusive
    const agent = {
      candidate: 'agents/my agent.yaml',
      model: ['frontier=openai:gpt-4o'],
      set: ["prompt=it's"],
    }
    expect(commands({ result, context: { ...context, agent } })[1]).toBe(
      "run again (about $0.22): npx agent-eval run evalsets/support --candidate 'agents/my agent.yaml'" +
        " --model 'frontier=openai:gpt-4o' --set 'prompt=it'\\''s' --trials 10",
    )
  })

  test.each(['error', 'inconclusive'] as const)(
    'asks for all trials where time was up and the verdict is %s',
    (status) => {
      const sampling = {
        rounds: 1,
        maxRounds: 5,
        alpha: 0.05,
        stopped: 'time',
        notReached: 0,
      } as const
      const verdict = aVerdict({ status, exitCode: 3, sampling })
      const result = aRunResult({ cases: [aCaseResult({ costUsd: { n: 5, sum: 1 } })], verdict })
      expect(commands({ result, context: examples.pass.context })[1]).toBe(
        'run again (takes longer, about $1.00): npx agent-eval run evalsets/support --trials 5',
      )
    },
  )
})

test('accept says where the baseline of the base decides until the change is merged', () => {
  const verdict = aVerdict({
    status: 'regression',
    exitCode: 1,
    rules: { from: 'HEAD^1', changes: [] },
  })
  const { context } = examples.pass
  expect(commands({ result: aRunResult({ verdict }), context }).at(-1)).toBe(
    'accept (then commit it; it counts once merged): npx agent-eval baseline update --evalset evalsets/support --from agent-eval-results/r1',
  )
})

describe('accept of a run that is less than the baseline', () => {
  const verdict = aVerdict({
    status: 'regression',
    exitCode: 1,
    metrics: [aMetric({ status: 'regression', nBaseline: 1080, nCandidate: 72 })],
  })
  const cases = ['a', 'b'].map((id) => aCaseResult({ id, n: 3, costUsd: { n: 3, sum: 0 } }))
  const { context } = examples.pass

  test('measures as many trials first, of the same agent', () => {
    const agent = { candidate: 'b.yaml' }
    const result = aRunResult({ cases, verdict })
    expect(commands({ result, context: { ...context, agent } }).at(-1)).toBe(
      'accept (measures 45 trials of each case, then commit it): npx agent-eval run evalsets/support --trials 45 --no-gate' +
        ' --candidate b.yaml && npx agent-eval baseline update --evalset evalsets/support',
    )
  })

  test('measures the whole set where cases were left out', () => {
    const metrics = [aMetric({ status: 'regression' })]
    const result = aRunResult({ cases, verdict: { ...verdict, metrics } })
    expect(commands({ result, context: { ...context, isPartial: true } }).at(-1)).toMatch(
      /^accept \(measures 3 trials of each case/,
    )
  })
})

test('a first run that left cases out is no baseline to keep', () => {
  const { context, result } = examples.firstRun
  expect(commands({ result, context: { ...context, isPartial: true } })).toEqual([
    'look at it (free): npx agent-eval show agent-eval-results/r1/refund.over-limit',
  ])
})

test('a part of a run is decided on with the others', () => {
  const result = aRunResult({ verdict: undefined })
  const shard = { index: 2, total: 3 }
  expect(commands({ result, context: { ...examples.pass.context, shard } })[1]).toBe(
    'decide (free, once all 3 parts are in that folder): npx agent-eval compare agent-eval-results --expect-shards 3',
  )
})

describe('a run that lacks parts', () => {
  const verdict = aVerdict({
    status: 'error',
    exitCode: 4,
    missingEvidence: ['shards 2 and 3 of 3 are missing'],
    cases: {
      moved: [aMovedCase({ id: 'lost', candidateScored: 0 }), aMovedCase({ id: 'tried' })],
      added: [],
      removed: [],
      changed: [],
    },
  })
  const context = { ...examples.pass.context, missingShards: [2, 3], expectedShards: 3 }

  test('runs the first of them, and shows a case that was tried', () => {
    expect(commands({ result: aRunResult({ verdict }), context })).toEqual([
      'look at it (free): npx agent-eval show agent-eval-results/r1/tried',
      'run again (the part that is missing; also missing: 3): npx agent-eval run evalsets/support --shard 2/3',
    ])
  })

  test('has nothing to show where no trial came to its end', () => {
    const cases = [aCaseResult({ scored: 0, passed: 0, invalid: 0, incomplete: 5 })]
    const purposes = commands({ result: aRunResult({ cases, verdict }), context })
    expect(purposes.filter((one) => one.startsWith('look'))).toEqual([])
  })
})

describe('accept is not offered', () => {
  const regression = { status: 'regression', exitCode: 1 } as const
  const purposes = (changes: Partial<Verdict>): readonly string[] =>
    nextCommands(
      subjectOf(aRunResult({ verdict: aVerdict({ ...regression, ...changes }) })),
      examples.pass.context,
    ).map(({ purpose }) => purpose)

  test('where another baseline would not help', () => {
    expect(purposes({})).toContain('accept')
    expect(purposes({ facts: [aFact()] })).not.toContain('accept')
    expect(purposes({ facts: [aFact({ waivedBy: 'ana' })] })).toContain('accept')
    const metrics = [aMetric({ status: 'regression' })]
    const anchor = { name: 'v1', from: 'git:v1', metrics }
    expect(purposes({ anchor })).not.toContain('accept')
  })

  test('of a run that ended early: it makes no baseline', () => {
    const sampling = {
      rounds: 2,
      maxRounds: 5,
      alpha: 0.05,
      stopped: 'decided',
      notReached: 0,
    } as const
    expect(purposes({ sampling })).not.toContain('accept')
  })
})

test('what was measured again is looked at where the fresh trials are', () => {
  const confirmation = {
    first: 'regression' as const,
    second: 'regression' as const,
    firstMetrics: [],
    runs: { baseline: 'r1-confirm-baseline', candidate: 'r1-confirm-candidate' },
  }
  const verdict = aVerdict({ status: 'regression', exitCode: 1, confirmation })
  expect(commands({ result: aRunResult({ verdict }), context: examples.pass.context })[0]).toBe(
    'look at it (free): npx agent-eval show r1-confirm-candidate',
  )
})

test('a recording can only be looked at', () => {
  const { context, result } = examples.regressionByFact
  const provenance = aProvenance({ agentBehind: 'recorded' })
  expect(commands({ context, result: { ...result, provenance } as typeof result })).toEqual([
    'look at it (free): npx agent-eval show agent-eval-results/r1/refund.over-limit',
  ])
})

test('the reference provider runs again for free', () => {
  const result = aRunResult({
    provenance: aProvenance({ agentBehind: 'reference' }),
    cases: [aCaseResult({ id: 'a', costUsd: { n: 5, sum: 1 } })],
    verdict: aVerdict({ status: 'regression', exitCode: 1, facts: [aFact({ cases: ['a'] })] }),
  })
  const { context } = examples.pass
  expect(commands({ result, context })[1]).toBe(
    'run again (free): npx agent-eval run evalsets/support --case a --trials 10',
  )
})

test.each([
  ["it's; rm -rf /", `'it'\\''s; rm -rf /'`],
  ['$(reboot)', `'$(reboot)'`],
  ['-rf', `'-rf'`],
  ['a\nb\u001b[2J', `'a b'`],
  ['', `''`],
  ['refund.full[mugs]', `'refund.full[mugs]'`],
  ['refund#2', `'refund#2'`],
  ['refund.full_a-1', 'refund.full_a-1'],
])('a hostile case id %j stays one word of a shell', (id, word) => {
  const moved = [aMovedCase({ id })]
  const result = aRunResult({
    verdict: aVerdict({
      status: 'regression',
      exitCode: 1,
      cases: { moved, added: [], removed: [], changed: [] },
    }),
  })
  const { context } = examples.pass
  const again = nextCommands(subjectOf(result), context)[1]
  expect(again?.command).toBe(`npx agent-eval run evalsets/support --case ${word} --trials 10`)
})

describe('where the baseline is what is too small', () => {
  const cases = [aCaseResult({ id: 'a', costUsd: { n: 5, sum: 0.05 } })]
  const metric = aMetric({ status: 'inconclusive', trialsNeeded: { bothArms: 60 } })
  const told = (
    verdict: Partial<Verdict>,
    agent?: ReportInput['context']['agent'],
  ): readonly string[] => {
    const { context } = examples.pass
    const result = aRunResult({
      cases,
      verdict: aVerdict({ status: 'inconclusive', metrics: [metric], ...verdict }),
    })
    return commands({ result, context: { ...context, agent } }).slice(1)
  }
  const measure =
    'npx agent-eval run evalsets/support --trials 60 --no-gate && npx agent-eval baseline update --evalset evalsets/support'
  const from = (name: string): Pick<Verdict, 'baseline' | 'inputsChanged'> => ({
    inputsChanged: ['prompt'],
    baseline: { name: 'support', from: name, hash: 'h' },
  })

  test('the agent of the eval set is measured anew, then the change', () => {
    expect(told(from('evalsets/support/baseline.json'), { candidate: 'new.yaml' })).toEqual([
      `measure the baseline (about $0.60): ${measure}`,
      'run again (about $0.60): npx agent-eval run evalsets/support --candidate new.yaml --trials 60',
    ])
    expect(told({ inputsChanged: [] })[0]).toBe(`measure the baseline (about $0.60): ${measure}`)
  })

  test('where the change touches that agent, the one of the commit', () => {
    const [run = '', update = ''] = measure.split(' && ')
    const at = (commit: string): string =>
      `measure the baseline (about $0.60, with nothing uncommitted): git diff --quiet HEAD && git switch --detach ${commit} && ${run} && git switch - && ${update}`
    expect(told(from('git:0123456789ab:evalsets/support/baseline.json'))[0]).toBe(
      at('0123456789ab'),
    )
    expect(told(from('evalsets/support/baseline.json'))[0]).toBe(
      at('"$(git log -1 --format=%H -- evalsets/support/baseline.json)"'),
    )
  })

  test('nobody knows the commit of a run, and nobody is told to guess', () => {
    expect(told(from('agent-eval-results/r0'))).toEqual([
      'run again (about $0.60): npx agent-eval run evalsets/support --trials 60',
    ])
    expect(told(from('git:$(id):x.json'))[0]).not.toContain('switch --detach $(id)')
  })
})
