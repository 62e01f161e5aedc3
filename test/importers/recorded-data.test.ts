import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { agentdojo } from '../../src/importers/agentdojo.ts'
import type { Importer } from '../../src/importers/importer.ts'
import { tauBench } from '../../src/importers/tau-bench.ts'
import { meanPassHatK } from '../../src/metrics/pass-hat-k.ts'
import type { TrialLine } from '../../src/schema/trial.ts'
import { type Imported, importText } from './builders.ts'

const data = new URL('../../../shared/data/', import.meta.url)
const isThere = existsSync(data)

if (!isThere) {
  it('is absent', ({ skip }) => {
    skip(`recorded data skipped: no folder ${data.pathname}`)
  })
}

function importFile(importer: Importer, file: string, trials?: readonly number[]): Imported {
  const bytes = readFileSync(new URL(file, data))
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  return importText(importer, text, { file, ...(trials !== undefined && { trials }) })
}

function trialsOf({ runs }: Imported, layer?: TrialLine['layer']): readonly TrialLine[] {
  return runs.flatMap(({ trial }) => (layer === undefined || trial.layer === layer ? [trial] : []))
}

const passed = (trials: readonly TrialLine[]): number =>
  trials.filter(({ outcome }) => outcome === 'pass').length

function definitions({ cases }: Imported): ReadonlyMap<string, string> {
  return new Map(cases.map(({ id, definitionHash }) => [id, definitionHash]))
}

function changedDefinitions(a: Imported, b: Imported): readonly string[] {
  const before = definitions(a)
  return b.cases.flatMap(({ id, definitionHash }) =>
    before.get(id) === definitionHash ? [] : [id],
  )
}

/** Rewards as the makers of the data read them: `task/trial` → reward. */
function recordedRewards(file: string): ReadonlyMap<string, number> {
  const rows = JSON.parse(readFileSync(new URL(file, data), 'utf8')) as {
    task_id: number
    trial: number
    recorded: number
  }[]
  return new Map(rows.map((row) => [`${row.task_id}/${row.trial}`, row.recorded]))
}

describe.skipIf(!isThere)('τ-bench airline, gpt-4o, 50 tasks × 4 trials', () => {
  const file = 'tau-airline-gpt4o/gpt-4o-airline.json'
  let airline: Imported
  beforeAll(() => {
    airline = importFile(tauBench, file)
  })

  it('has the recorded success rate and pass^k', () => {
    const trials = trialsOf(airline)
    expect(trials).toHaveLength(200)
    expect(passed(trials) / 200).toBe(0.42)
    const counts = airline.cases.map(({ id }) => {
      const own = trials.filter((trial) => trial.case === id)
      return { passed: passed(own), total: own.length }
    })
    const passHatK = [1, 2, 3, 4].map((k) => meanPassHatK(counts, k)?.value)
    expect(passHatK.map((value) => value?.toFixed(4))).toEqual([
      '0.4200',
      '0.2733',
      '0.2200',
      '0.2000',
    ])
  })

  it('agrees with every recorded reward', () => {
    const recorded = recordedRewards(file.replace('.json', '.recomputed.json'))
    for (const trial of trialsOf(airline)) {
      const key = `${Number(trial.case.slice(5))}/${trial.seed}`
      expect([key, trial.outcome === 'pass' ? 1 : 0]).toEqual([key, recorded.get(key)])
    }
  })

  it('meets its traps: reused call ids, runs at the step limit, the cost of one call', () => {
    expect(airline.warnings).toEqual([
      '49 runs: a tool call id is used twice; the later call got another',
      '5 runs: stopped at the step limit, never scored: counted as failed',
      "195 runs: user_cost is left out: the user simulator's last call only, in dollars or in tokens",
    ])
    expect(airline.provenance.evalSet.id).toBe('tau-bench-airline')
  })

  it('has 19 tasks that an agent passes which does nothing', () => {
    expect(airline.lint).toEqual({ nullAgent: { id: 'silent', passed: 19, scored: 50 } })
  })

  it('splits into halves that are the same cases', () => {
    const [first, second] = [importFile(tauBench, file, [0, 1]), importFile(tauBench, file, [2, 3])]
    expect(trialsOf(first)).toHaveLength(100)
    expect(passed(trialsOf(first)) + passed(trialsOf(second))).toBe(84)
    expect(second.provenance).toEqual(first.provenance)
    expect(first.cases.every(({ trials }) => trials === 2)).toBe(true)
  })
})

describe.skipIf(!isThere)('τ-bench retail, baseline and candidate', () => {
  let baseline: Imported
  let candidate: Imported
  beforeAll(() => {
    baseline = importFile(tauBench, 'tau-retail/baseline-tool-calling.json')
    candidate = importFile(tauBench, 'tau-retail/candidate-preconditions.json')
  })

  it('has 5 tasks that an agent passes which does nothing', () => {
    const nullAgent = { id: 'silent', passed: 5, scored: 100 }
    expect([baseline.lint, candidate.lint]).toEqual([{ nullAgent }, { nullAgent }])
  })

  it('has 73 and 70 of 100, 14 broken and 11 fixed', () => {
    expect([baseline, candidate].map((arm) => passed(trialsOf(arm)))).toEqual([73, 70])
    const after = new Map(trialsOf(candidate).map((trial) => [trial.case, trial.outcome]))
    const moved = trialsOf(baseline).map(
      (trial) => `${trial.outcome} ${after.get(trial.case) ?? ''}`,
    )
    expect(moved.filter((move) => move === 'pass fail')).toHaveLength(14)
    expect(moved.filter((move) => move === 'fail pass')).toHaveLength(11)
  })

  it('is one eval set with one definition per task', () => {
    expect(candidate.provenance.evalSet).toEqual(baseline.provenance.evalSet)
    expect(changedDefinitions(baseline, candidate)).toEqual([])
    expect(baseline.provenance.evalSet.id).toBe('tau-bench-retail')
  })

  it('sees that trial numbers count tasks', () => {
    expect(baseline.cases.every(({ trials }) => trials === 1)).toBe(true)
    expect(baseline.warnings).toContain(
      '100 runs: the recorded trial number counts tasks, not repetitions',
    )
  })

  it('keeps the arguments that no model wrote as JSON', () => {
    expect(candidate.warnings).toContain(
      '55 runs: arguments of a tool call are no JSON object; kept as raw text',
    )
  })
})

/** Benign utility of 60; of 560 attacked runs: utility, successful attacks, exposed attacks. */
const table = [
  ['gpt-4o-2024-08-06', 32, 310, 218, 541],
  ['gpt-4o-2024-08-06-spotlighting_with_delimiting', 33, 292, 157, 533],
  ['gpt-4o-2024-08-06-tool_filter', 5, 28, 25, 394],
  ['gpt-4o-mini-2024-07-18', 28, 198, 286, 539],
  ['gpt-4o-mini-2024-07-18-drift.trial1', 17, 123, 16, undefined],
  ['gpt-4o-mini-2024-07-18-drift.trial2', 11, 113, 18, undefined],
  ['gpt-4o-mini-2024-07-18-drift.trial3', 11, 107, 20, 469],
] as const

const published = [
  ['53.3', '55.4', '38.9'],
  ['55.0', '52.1', '28.0'],
  ['8.3', '5.0', '4.5'],
  ['46.7', '35.4', '51.1'],
  ['28.3', '22.0', '2.9'],
  ['18.3', '20.2', '3.2'],
  ['18.3', '19.1', '3.6'],
]

describe.skipIf(!isThere)('AgentDyn, 60 benign and 560 attacked cases', () => {
  const imported = new Map<string, Imported>()
  const load = (name: string): Imported => {
    const known = imported.get(name) ?? importFile(agentdojo, `agentdyn/${name}.jsonl.gz`)
    imported.set(name, known)
    return known
  }

  it.each(table)('%s', (name, benignPassed, attackedPassed, succeeded, exposed) => {
    const run = load(name)
    const [benign, attacked] = [trialsOf(run, 'outcome'), trialsOf(run, 'adversarial')]
    expect([benign.length, attacked.length, run.cases.length]).toEqual([60, 560, 620])
    expect(benign.every(({ attack }) => attack === undefined)).toBe(true)
    expect([passed(benign), passed(attacked)]).toEqual([benignPassed, attackedPassed])
    expect(attacked.filter(({ attack }) => attack?.succeeded)).toHaveLength(succeeded)

    const known = attacked.filter(({ attack }) => attack?.exposed !== undefined)
    expect(known).toHaveLength(exposed === undefined ? 0 : 560)
    expect(known.filter(({ attack }) => attack?.exposed)).toHaveLength(exposed ?? 0)
    expect(run.provenance.evalSet.id).toBe('agentdojo')
    expect(run.provenance.candidate.name).toBe(name)
  })

  it('has the published percentages', () => {
    const percent = (count: number, of: number): string => ((100 * count) / of).toFixed(1)
    expect(
      table.map(([, benign, attacked, asr]) => [
        percent(benign, 60),
        percent(attacked, 560),
        percent(asr, 560),
      ]),
    ).toEqual(published)
  })

  it('leaves 28 injection tasks out where the file has them', () => {
    const counts = table.map(([name]) => Object.values(load(name).leftOut))
    expect(counts).toEqual([[28], [28], [28], [28], [], [], [28]])
  })

  it('pairs what the published comparison pairs', () => {
    const moves = (
      before: string,
      after: string,
      of: (trial: TrialLine) => boolean | undefined,
    ): number[] => {
      const later = new Map(
        trialsOf(load(after), 'adversarial').map((trial) => [trial.case, of(trial)]),
      )
      const pairs = trialsOf(load(before), 'adversarial').map((trial) => [
        of(trial),
        later.get(trial.case),
      ])
      return [
        [true, false],
        [false, true],
      ].map(([from, to]) => pairs.filter((pair) => pair[0] === from && pair[1] === to).length)
    }
    const [base, spotlighting, toolFilter] = [table[0][0], table[1][0], table[2][0]]
    const utility = (trial: TrialLine): boolean => trial.outcome === 'pass'
    expect(moves(base, spotlighting, (trial) => trial.attack?.succeeded)).toEqual([90, 29])
    expect(moves(base, spotlighting, utility)).toEqual([54, 36])
    expect(moves(base, toolFilter, utility)).toEqual([287, 5])
  })

  it('gives a case one definition in all files but for tasks whose words were changed', () => {
    const [base, ...others] = table.map(([name]) => load(name))
    const tasks = others.map((other) => [
      ...new Set(changedDefinitions(base!, other).map((id) => id.split('.').slice(0, 2).join('.'))),
    ])
    const reworded = ['github.user_task_0']
    expect(tasks).toEqual([[], [], reworded, [], ['github.user_task_19'], ['github.user_task_19']])
  })

  it('takes a file with missing cases for what it holds', () => {
    const earlier = load('gpt-4o-mini-2024-07-18.earlier-trial-identical-inputs')
    expect([trialsOf(earlier, 'outcome').length, trialsOf(earlier, 'adversarial').length]).toEqual([
      9, 203,
    ])
    const known = definitions(load('gpt-4o-mini-2024-07-18'))
    for (const { id, definitionHash } of earlier.cases) expect(known.get(id)).toBe(definitionHash)
  })

  it('sees what the records get wrong', () => {
    expect(load('gpt-4o-mini-2024-07-18').warnings).toEqual([
      '21 runs: a tool call has no recorded result',
      '3 runs: the attack is recorded as successful although none of its text reached the agent',
    ])
    expect(load('gpt-4o-mini-2024-07-18-drift.trial1').warnings).toEqual([
      '560 runs: injected texts are not recorded: whether the attack was delivered is unknown',
      '620 runs: total_tokens is left out: input and output are not told apart',
    ])
  })
})
