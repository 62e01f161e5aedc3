import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { nextCommands } from '../../../src/report/commands/commands.ts'
import type { ReportInput } from '../../../src/report/reporter.ts'
import { subjectOf } from '../../../src/report/subject.ts'
import type { Verdict } from '../../../src/schema/verdict.ts'
import { aCaseResult, aProvenance, aRunResult } from '../../builders/result.ts'
import { aFact, aMetric, aMovedCase, aVerdict } from '../../builders/verdict.ts'
import { committed, git } from '../../cli/git-repo.ts'
import { folderWith } from '../../cli/run-cli.ts'
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
        "reproduce (one case, 10 trials): npx agent-eval run evalsets/support --case inject.a --trials 10",
        "accept (then commit it): npx agent-eval baseline update --evalset evalsets/support --from agent-eval-results/r1",
      ],
      "regressionByCost": [
        "look at it (free): npx agent-eval show agent-eval-results/r1",
        "run again (): npx agent-eval run evalsets/support",
        "accept (then commit it): npx agent-eval baseline update --evalset evalsets/support --from agent-eval-results/r1",
      ],
      "regressionByFact": [
        "look at it (free): npx agent-eval show agent-eval-results/r1/refund.over-limit",
        "reproduce (one case, 10 trials, about $0.14): npx agent-eval run evalsets/support --case refund.over-limit --trials 10",
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
    'reproduce (one case, 10 trials, about $0.14): npx agent-eval run evalsets/support --case refund.over-limit --trials 10',
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

test('a first run that is smaller than a baseline should be is measured anew before it is kept', () => {
  const { context, result } = examples.firstRun
  const told = (baselineTrials: number): string | undefined =>
    commands({ result, context: { ...context, baselineTrials } }).at(-1)
  expect(told(15)).toBe(
    'keep (measures 15 trials of each case, then commit it): npx agent-eval run evalsets/support --trials 15 --no-gate' +
      ' && npx agent-eval baseline update --evalset evalsets/support',
  )
  expect(told(5)).toMatch(/^keep \(then commit it\)/)
})

test('one case that was tried often enough is not reproduced once more', () => {
  const verdict = aVerdict({ status: 'regression', exitCode: 1, facts: [aFact({ cases: ['a'] })] })
  const purposes = (n: number): readonly string[] =>
    nextCommands(
      subjectOf(aRunResult({ cases: [aCaseResult({ id: 'a', n })], verdict })),
      examples.pass.context,
    ).map(({ purpose }) => purpose)
  expect(purposes(9)).toEqual(['look at it', 'reproduce'])
  expect(purposes(10)).toEqual(['look at it'])
})

test('a case that failed in the baseline too is shown as one', () => {
  const cases = [aCaseResult({ id: 'a', passed: 3 })]
  const told = (moved: Verdict['cases']['moved'], added: readonly string[] = []) =>
    commands({
      result: aRunResult({
        cases,
        verdict: aVerdict({
          cases: { moved: [...moved], added: [...added], removed: [], changed: [] },
        }),
      }),
      context: examples.pass.context,
    })[0]
  const asBefore = 'look at it (free, fails as before): npx agent-eval show agent-eval-results/r1/a'
  const better = { id: 'a', candidatePassed: 3, direction: 'better' } as const
  expect(told([])).toBe(asBefore)
  expect(told([aMovedCase({ ...better, baselinePassed: 1 })])).toBe(asBefore)
  expect(told([aMovedCase({ id: 'a', candidatePassed: 3 })])).toContain('(free)')
  expect(told([], ['a'])).toContain('(free)')
})

describe('a pass that proves too little', () => {
  const asr = aMetric({
    id: 'asr',
    status: 'unproven',
    unit: 'deterministic',
    nBaseline: 63,
    nCandidate: 150,
    trialsNeeded: { bothArms: 150 },
  })
  const told = (metrics: Verdict['metrics']): readonly string[] =>
    commands({
      result: aRunResult({
        cases: [aCaseResult({ n: 150 })],
        verdict: aVerdict({ metrics, pairedCases: 1 }),
      }),
      context: examples.pass.context,
    }).slice(1)

  test('measures the baseline anew where that is the limit, even if the change was tried as often', () => {
    expect(told([asr])).toEqual([
      'measure the baseline (): npx agent-eval run evalsets/support --trials 150 --no-gate && npx agent-eval baseline update --evalset evalsets/support',
      'run again (): npx agent-eval run evalsets/support --trials 150',
    ])
  })

  test('runs again where the change is', () => {
    const trialsNeeded = { bothArms: 400, candidateOnly: 400 }
    expect(told([{ ...asr, trialsNeeded }])).toEqual([
      'run again (): npx agent-eval run evalsets/support --trials 400',
    ])
  })

  test('suggests no number that nobody runs', () => {
    expect(told([{ ...asr, trialsNeeded: { bothArms: 1001 } }])).toEqual([])
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
    'reproduce (one case, 10 trials, free): npx agent-eval run evalsets/support --case a --trials 10',
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
      `measure the baseline (about $0.60, with nothing uncommitted): git diff --quiet HEAD && git switch --detach ${commit} && (trap 'git switch - || exit 1' EXIT; ${run}; exit) && ${update}`
    expect(told(from('git:0123456789ab:evalsets/support/baseline.json'))[0]).toBe(
      at('0123456789ab'),
    )
    expect(told(from('evalsets/support/baseline.json'))[0]).toBe(
      at('"$(git log -1 --format=%H -- evalsets/support/baseline.json)"'),
    )
  })

  test.each(['bash', 'dash', 'zsh'].filter((shell) => existsSync(`/usr/bin/${shell}`)))(
    'and %s comes back from there however the run ends, with its exit code',
    (shell) => {
      const cwd = committed(folderWith({ 'agent.yaml': 'one' }))
      const commit = git(cwd, 'rev-parse', 'HEAD').trim()
      git(cwd, 'switch', '-q', '-c', 'change')
      // Says where it is, and fails where it runs anything.
      const npx =
        'npx() { git rev-parse --abbrev-ref HEAD >> at; test "$2" = baseline || return 3; }'
      const [line = ''] = told(from(`git:${commit}:evalsets/support/baseline.json`))
      const command = line.slice(line.indexOf('git diff'))
      const ended = (script: string): number | null =>
        spawnSync(shell, ['-c', script], { cwd, stdio: 'ignore' }).status
      expect(ended(`${npx}; ${command}`)).toBe(3)
      expect(git(cwd, 'branch', '--show-current')).toBe('change\n')
      expect(ended(`${npx.replace('return 3', 'return 0')}; ${command}`)).toBe(0)
      // Detached for both runs, and on the branch again where the baseline is written.
      expect(readFileSync(path.join(cwd, 'at'), 'utf8')).toBe('HEAD\nHEAD\nchange\n')
    },
  )

  test('nobody knows the commit of a run, and nobody is told to guess', () => {
    expect(told(from('agent-eval-results/r0'))).toEqual([
      'run again (about $0.60): npx agent-eval run evalsets/support --trials 60',
    ])
    expect(told(from('git:$(id):x.json'))[0]).not.toContain('switch --detach $(id)')
  })
})
