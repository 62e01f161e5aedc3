import { beforeAll, describe, expect, it } from 'vitest'
import { agentdojo } from '../../src/importers/agentdojo.ts'
import type { Importer } from '../../src/importers/importer.ts'
import { tauBench } from '../../src/importers/tau-bench.ts'
import type { TrialLine } from '../../src/schema/trial.ts'
import { isDataAbsent, needsData, readData } from '../real-data/data-folder.ts'
import { type Imported, importText } from './builders.ts'

function importFile(importer: Importer, file: string, trials?: readonly number[]): Imported {
  return importText(importer, readData(file), { file, ...(trials !== undefined && { trials }) })
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

describe.skipIf(isDataAbsent)(needsData('τ-bench airline, gpt-4o, 50 tasks × 4 trials'), () => {
  const file = 'tau-airline-gpt4o/gpt-4o-airline.json'
  let airline: Imported
  beforeAll(() => {
    airline = importFile(tauBench, file)
  })

  it('meets its traps: reused call ids, runs at the step limit, the cost of one call', () => {
    expect(airline.warnings).toEqual([
      '49 runs: a tool call id is used twice; the later call got another',
      '5 runs: stopped at the step limit, never scored: counted as failed',
      "195 runs: user_cost is left out: the user simulator's last call only, in dollars or in tokens",
    ])
    expect(airline.provenance.evalSet.id).toBe('tau-bench-airline')
  })

  it('splits into halves that are the same cases', () => {
    const [first, second] = [importFile(tauBench, file, [0, 1]), importFile(tauBench, file, [2, 3])]
    expect(trialsOf(first)).toHaveLength(100)
    expect(passed(trialsOf(first)) + passed(trialsOf(second))).toBe(84)
    expect(second.provenance).toEqual(first.provenance)
    expect(first.cases.every(({ trials }) => trials === 2)).toBe(true)
  })
})

describe.skipIf(isDataAbsent)(needsData('τ-bench retail, baseline and candidate'), () => {
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

/** Of 560 attacks, how many arrived. */
const arrivals = [
  ['gpt-4o-2024-08-06', 541],
  ['gpt-4o-2024-08-06-spotlighting_with_delimiting', 533],
  ['gpt-4o-2024-08-06-tool_filter', 394],
  ['gpt-4o-mini-2024-07-18', 539],
  ['gpt-4o-mini-2024-07-18-drift.trial1', undefined],
  ['gpt-4o-mini-2024-07-18-drift.trial2', undefined],
  ['gpt-4o-mini-2024-07-18-drift.trial3', 469],
] as const

describe.skipIf(isDataAbsent)(needsData('AgentDyn, 60 benign and 560 attacked cases'), () => {
  const imported = new Map<string, Imported>()
  const load = (name: string): Imported => {
    const known = imported.get(name) ?? importFile(agentdojo, `agentdyn/${name}.jsonl.gz`)
    imported.set(name, known)
    return known
  }

  it.each(arrivals)('%s', (name, exposed) => {
    const run = load(name)
    const [benign, attacked] = [trialsOf(run, 'outcome'), trialsOf(run, 'adversarial')]
    expect([benign.length, attacked.length, run.cases.length]).toEqual([60, 560, 620])
    expect(benign.every(({ attack }) => attack === undefined)).toBe(true)

    const known = attacked.filter(({ attack }) => attack?.exposed !== undefined)
    expect(known).toHaveLength(exposed === undefined ? 0 : 560)
    expect(known.filter(({ attack }) => attack?.exposed)).toHaveLength(exposed ?? 0)
    expect(run.provenance.evalSet.id).toBe('agentdojo')
    expect(run.provenance.candidate.name).toBe(name)
  })

  it('leaves 28 injection tasks out where the file has them', () => {
    const counts = arrivals.map(([name]) => Object.values(load(name).leftOut))
    expect(counts).toEqual([[28], [28], [28], [28], [], [], [28]])
  })

  it('gives a case one definition in all files but for tasks whose words were changed', () => {
    const [base, ...others] = arrivals.map(([name]) => load(name))
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
