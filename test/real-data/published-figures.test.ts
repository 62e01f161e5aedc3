import { afterAll, describe, expect, it } from 'vitest'
import { gatedMetrics } from '../../src/gate/gated-metrics.ts'
import type { Candidate } from '../../src/schema/candidate.ts'
import type { RunResult } from '../../src/schema/run-result.ts'
import { decided, metricOf, type Sides } from '../gate/arms.ts'
import { agentDynFile } from './agentdyn-file.ts'
import { bfclCases, bfclUnanswered, bfclWithAcceptedValues } from './bfcl-cases.ts'
import { isDataAbsent, needsData } from './data-folder.ts'
import { type Compared, openImportDesk } from './import-desk.ts'
import { hasFailedCall, type InspectLog, inspectLogs, isUnscored } from './inspect-logs.ts'
import {
  type InterCodeAgent,
  interCode,
  interCodeAgents,
  interCodeSuccess,
  interCodeVerdict,
} from './intercode.ts'
import {
  adversarialAccuracy,
  countedOtherwise,
  naturalAccuracy,
  orderAgreement,
} from './judge-figures.ts'
import {
  hasModelAttributes,
  isOneTrace,
  isWrittenBackAlike,
  langfuseTraces,
} from './langfuse-traces.ts'
import { labelledPairs, promptsByModel } from './llmbar.ts'
import { discordantCases, exactMcNemar } from './mcnemar.ts'
import { expectMirrored } from './mirrored.ts'
import { publishedCandidate } from './published-candidate.ts'
import { type Recording, recordings } from './recordings.ts'
import * as run from './run-figures.ts'
import { passedWithoutWork, replayedOutcomes } from './tau-tasks.ts'

const { airline, drift1, drift2, drift3, gpt4o, mini, miniEarlier } = recordings
const { retail, retailPreconditions, spotlighting, toolFilter } = recordings
const desk = openImportDesk()
afterAll(desk.close)

/** What is counted, what was published of it, and how our code comes to it. */
type Figure = readonly [what: string, published: unknown, ours: () => unknown]

function figures(data: string, rows: readonly Figure[]): void {
  describe.skipIf(isDataAbsent)(needsData(data), () => {
    it.each(rows)('%s: %j', async (_what, published, ours) => {
      expect(await ours()).toEqual(published)
    })
  })
}

function of(recording: Recording, figure: (result: RunResult) => unknown): () => Promise<unknown> {
  return async () => figure(await desk.imported(recording))
}

function between(
  base: Recording,
  candidate: Recording,
): (figure: (both: Compared) => unknown) => () => Promise<unknown> {
  return (figure) => async () => figure(await desk.compared(base, candidate))
}

// The vectors of stats-vectors.json are checked method by method, in test/metrics and test/gate.

const silent = (): ReadonlySet<string> => passedWithoutWork(airline, 'silent')
const workless = (): ReadonlySet<string> => passedWithoutWork(airline, 'all-knowing')
const without = (all: ReadonlySet<string>, some: ReadonlySet<string>): readonly string[] =>
  [...all].filter((id) => !some.has(id))
const deniedByReplay = async (recording: Recording): Promise<readonly string[]> =>
  run.disagreements(await desk.trials(recording), replayedOutcomes(recording))

figures('τ-bench airline', [
  ['tasks', 50, of(airline, ({ cases }) => cases.length)],
  ['trials', 200, of(airline, ({ metrics }) => metrics.tsr.n)],
  ['success rate', 0.42, of(airline, run.successRate)],
  ['pass^1 to pass^4', [0.42, 0.2733, 0.22, 0.2], of(airline, run.passHatKs)],
  ['success rate of a null agent', 0.38, of(airline, run.nullAgentRate)],
  ['passes in tasks that need no change', 0.68, of(airline, run.shareOfPasses(workless))],
  // Not the null agent's tasks: task 44 needs no change either, but an answer.
  ['passes in tasks that a null agent passes', 0.65, of(airline, run.shareOfPasses(silent))],
  ['tasks of the first alone', ['task-044'], () => without(workless(), silent())],
  ['outcomes that replaying denies', ['task-046 trial 3'], () => deniedByReplay(airline)],
  ['trials whose cost is known', 0, of(airline, ({ metrics }) => metrics.costPerTaskUsd.n)],
])

const preconditions = between(retail, retailPreconditions)

figures('τ-bench retail: baseline → candidate with preconditions', [
  ['success rate, baseline', 0.73, of(retail, run.successRate)],
  ['success rate, candidate', 0.7, of(retailPreconditions, run.successRate)],
  ['broke, fixed', [14, 11], preconditions(run.brokeAndFixed('outcome'))],
  ['exact McNemar p, two-sided', 0.69, preconditions(run.twoSidedP('tsr'))],
  ['regressions', [], preconditions(run.regressions)],
  ['verdict', 'inconclusive', preconditions(run.status)],
  ['says how many trials it would take', true, preconditions(run.asksForTrials('tsr'))],
  ['exit code', 0, preconditions(run.exitCode)],
  ['baseline outcomes that replaying denies', [], () => deniedByReplay(retail)],
  ['candidate outcomes', ['task-020 trial 20'], () => deniedByReplay(retailPreconditions)],
])

figures('AgentDyn: percent of benign utility, utility under attack, ASR', [
  ['scored trials', [60, 560, 560], of(gpt4o, run.trialCounts)],
  ['gpt-4o', [53.3, 55.4, 38.9], of(gpt4o, run.utilityAndAsr)],
  ['gpt-4o + spotlighting', [55, 52.1, 28], of(spotlighting, run.utilityAndAsr)],
  ['gpt-4o + tool filter', [8.3, 5, 4.5], of(toolFilter, run.utilityAndAsr)],
  ['gpt-4o-mini', [46.7, 35.4, 51.1], of(mini, run.utilityAndAsr)],
  ['gpt-4o-mini + DRIFT, trial 1', [28.3, 22, 2.9], of(drift1, run.utilityAndAsr)],
  ['gpt-4o-mini + DRIFT, trial 2', [18.3, 20.2, 3.2], of(drift2, run.utilityAndAsr)],
  ['gpt-4o-mini + DRIFT, trial 3', [18.3, 19.1, 3.6], of(drift3, run.utilityAndAsr)],
])

const spotlit = between(gpt4o, spotlighting)
const filtered = between(gpt4o, toolFilter)

figures('AgentDyn: gpt-4o → + spotlighting', [
  ['ASR: fixed, new', [90, 29], spotlit(run.attacksFixedAndNew)],
  ['ASR', 'down', spotlit(run.direction('asr'))],
  ['utility under attack: broke, fixed', [54, 36], spotlit(run.brokeAndFixed('adversarial'))],
  ['its p before correction', 0.036, spotlit(run.rawP('utilityUnderAttack'))],
  ['regressions', [], spotlit(run.regressions)],
  ['exit code', 0, spotlit(run.exitCode)],
])

figures('AgentDyn: gpt-4o → + tool filter', [
  ['utility under attack: broke, fixed', [287, 5], filtered(run.brokeAndFixed('adversarial'))],
  ['ASR', 'down', filtered(run.direction('asr'))],
  ['regressions', ['tsr', 'utilityUnderAttack'], filtered(run.regressions)],
  ['exit code', 1, filtered(run.exitCode)],
])

figures('AgentDyn: DRIFT against itself, regressions of utility under attack and ASR', [
  ['trial 1 → trial 2', [], between(drift1, drift2)(run.regressionsUnderAttack)],
  ['trial 1 → trial 3', [], between(drift1, drift3)(run.regressionsUnderAttack)],
  ['trial 2 → trial 3', [], between(drift2, drift3)(run.regressionsUnderAttack)],
  ['trial 2 → trial 1', [], between(drift2, drift1)(run.regressionsUnderAttack)],
  ['trial 3 → trial 1', [], between(drift3, drift1)(run.regressionsUnderAttack)],
  ['trial 3 → trial 2', [], between(drift3, drift2)(run.regressionsUnderAttack)],
])

const drifted = between(mini, drift1)
const unfinished = between(mini, miniEarlier)
const alike = [mini, miniEarlier, drift1, drift2]

figures('AgentDyn: traps', [
  ['runs without an attack', 88, () => agentDynFile(gpt4o).benign],
  ['of them "security: true"', 88, () => agentDynFile(gpt4o).benignMarkedSecure],
  ['of them injection tasks', 28, () => agentDynFile(gpt4o).injectionTasks],
  ['attacks in cases that have none', 0, of(gpt4o, run.attacksOutsideAdversarial)],
  ['pipelines named in four files', ['gpt-4o-mini-2024-07-18'], () => pipelinesOf(alike)],
  ['candidates we name after them', 4, async () => (await candidatesOf(alike)).size],
  ['told where arrivals are unknown', true, drifted(run.warns('was not recorded'))],
  ['an unfinished run: scored trials', [9, 203, 203], of(miniEarlier, run.trialCounts)],
  ['its missing cases', 408, unfinished(({ verdict }) => verdict.cases.removed.length)],
  ['regressions in it', [], unfinished(run.regressions)],
  ['its verdict', 'error', unfinished(run.status)],
  ['its exit code', 4, unfinished(run.exitCode)],
])

function pipelinesOf(files: readonly Recording[]): readonly string[] {
  return [...new Set(files.flatMap((file) => agentDynFile(file).pipelines))]
}

async function candidatesOf(files: readonly Recording[]): Promise<ReadonlySet<string>> {
  const results = await Promise.all(files.map((file) => desk.imported(file)))
  return new Set(results.map(({ provenance }) => provenance.candidate.name))
}

const gpt4Judge = { model: 'GPT-4', prompt: 'Metrics_Reference' }
const chatGptJudge = { model: 'ChatGPT', prompt: 'Vanilla' }

figures('LLMBar: percent of verdicts that agree with people', [
  ['labelled pairs', 419, () => labelledPairs()],
  ['prompts by judge model', [8, 10, 10, 10, 12, 15], () => promptsByModel()],
  ['GPT-4, adversarial', 82.79, () => adversarialAccuracy(gpt4Judge, 2)],
  ['GPT-4, natural, 95 % interval', [96, 90.2, 98.4], () => naturalAccuracy(gpt4Judge)],
  ['GPT-4, same answer in both orders', [83, 96], () => orderAgreement(gpt4Judge)],
  ['GPT-4, subsets counted otherwise', [], () => countedOtherwise(gpt4Judge)],
  ['ChatGPT, adversarial', 30.6, () => adversarialAccuracy(chatGptJudge)],
  ['ChatGPT, natural, 95 % interval', [81.5, 72.8, 87.9], () => naturalAccuracy(chatGptJudge)],
  ['ChatGPT, subsets counted otherwise', [], () => countedOtherwise(chatGptJudge)],
])

figures('InterCode: tasks, success rate, 95 % interval', [
  ['SQL, gpt-4', [1034, 0.737, 0.709, 0.763], () => interCodeSuccess('gpt-4')],
  ['SQL, gpt-4, 1 turn', [1034, 0.091, 0.075, 0.11], () => interCodeSuccess('gpt-4, 1 turn')],
  ['SQL, gpt-3.5', [1034, 0.473, 0.443, 0.503], () => interCodeSuccess('gpt-3.5')],
  ['SQL, gpt-3.5, hint', [1034, 0.728, 0.7, 0.754], () => interCodeSuccess('gpt-3.5, hint')],
  ['SQL, gpt-3.5, ReAct', [1034, 0.587, 0.557, 0.617], () => interCodeSuccess('gpt-3.5, ReAct')],
  ['SQL, davinci', [1033, 0.156, 0.135, 0.179], () => interCodeSuccess('text-davinci-003')],
  ['bash, gpt-4', [200, 0.485, 0.417, 0.554], () => interCodeSuccess('gpt-4, bash')],
])

const verdict = (base: InterCodeAgent, candidate: InterCodeAgent): (() => string) => {
  return () => interCodeVerdict(base, candidate).status
}

figures('InterCode: verdicts', [
  ['gpt-4 → gpt-3.5', 'regression', verdict('gpt-4', 'gpt-3.5')],
  ['gpt-3.5 → gpt-4', 'pass', verdict('gpt-3.5', 'gpt-4')],
  ['gpt-3.5, ReAct → gpt-3.5', 'regression', verdict('gpt-3.5, ReAct', 'gpt-3.5')],
  ['gpt-3.5 → gpt-3.5, ReAct', 'pass', verdict('gpt-3.5', 'gpt-3.5, ReAct')],
  ['gpt-4 → gpt-3.5, hint', 'pass', verdict('gpt-4', 'gpt-3.5, hint')],
  ['gpt-3.5, hint → gpt-4', 'pass', verdict('gpt-3.5, hint', 'gpt-4')],
  ...interCodeAgents.map((one): Figure => [`${one} → itself`, 'pass', verdict(one, one)]),
  ['what davinci lacks', ['part-0.task-0438'], () => missingTasks('gpt-4', 'text-davinci-003')],
])

function missingTasks(base: InterCodeAgent, candidate: InterCodeAgent): readonly string[] {
  return interCodeVerdict(base, candidate).cases.removed
}

figures('BFCL: simple, multiple, parallel, irrelevance, multi-turn', [
  ['cases', [400, 200, 200, 240, 200], () => bfclCases().map((ids) => ids.length)],
  ['different ids', 1240, () => new Set(bfclCases().flat()).size],
  ['cases without an answer', [0, 0, 0, 240, 0], () => bfclUnanswered()],
  ['answers with accepted values', [400, 200, 200], () => bfclWithAcceptedValues()],
])

const traces = langfuseTraces
const observations = (): readonly number[] => traces().map((one) => one.observations.length)

figures('Langfuse traces', [
  ['traces', 20, () => traces().length],
  ['frameworks', 16, () => new Set(traces().map(({ framework }) => framework)).size],
  ['written back to the same text', 20, () => traces().filter(isWrittenBackAlike).length],
  ['with GenAI or OpenInference attributes', 17, () => traces().filter(hasModelAttributes).length],
  ['whole: no observation of another trace', 20, () => traces().filter(isOneTrace).length],
  ['fewest observations', 1, () => Math.min(...observations())],
  ['most observations', 29, () => Math.max(...observations())],
])

const logs = (): readonly InspectLog[] => [...inspectLogs('.json'), ...inspectLogs('.eval')]

figures('Inspect logs', [
  ['.json', 6, () => inspectLogs('.json').length],
  ['.eval', 4, () => inspectLogs('.eval').length],
  ['of version 2', 10, () => logs().filter(({ version }) => version === 2).length],
  ['samples', [1, 1, 3, 3, 1, 1, 10, 1, 4, 1], () => logs().map((one) => one.samples.length)],
  ['finished', 9, () => logs().filter(({ status }) => status === 'success').length],
  ['cancelled', 1, () => logs().filter(({ status }) => status === 'cancelled').length],
  ['with a failed tool call', 1, () => logs().filter(hasFailedCall).length],
  ['with a sample that has no score', 1, () => logs().filter(isUnscored).length],
  ['without a model', 0, () => logs().filter((one) => one.eval.model === '').length],
])

const tools = ['crm.read_ticket', 'orders.get_status', 'payments.issue_refund']
const limits = { max_total_tokens: 24000, max_tool_calls: 10, max_wall_time_seconds: 25 }
const fields = ['run_id', 'prompt_version', 'policy_version', 'tool_name', 'cost_usd']
const rules = [
  {
    id: 'refund_cap',
    tool: 'payments.issue_refund',
    condition: 'input.amount_usd <= 50',
    on_fail: 'escalate_to_human',
  },
  {
    id: 'pii_redaction',
    condition: 'output.contains_pii == false',
    on_fail: 'block_and_alert',
  },
]
const loaded = (section: (candidate: Candidate) => unknown) => async (): Promise<unknown> =>
  section(await publishedCandidate())

figures('agent_config.yaml', [
  ['name', 'support_refund_agent', loaded(({ name }) => name)],
  ['tiers', { router: 'small', executor: 'frontier' }, loaded((one) => one.model_tier)],
  ['budgets', limits, loaded(({ budgets }) => budgets)],
  ['allowlist', tools, loaded((one) => one.tools.allowlist)],
  ['policy engine', 'opa', loaded(({ policy }) => policy.engine)],
  [
    'policy rules',
    rules,
    loaded(({ policy }) => policy.rules.map((rule) => ({ ...rule, zero_tolerance: undefined }))),
  ],
  ['tracing', 'opentelemetry', loaded(({ observability }) => observability.tracing)],
  ['log fields', fields, loaded(({ observability }) => observability.log_fields)],
])

/** Real pairs with one trial per case: two runs of the desk, or two agents of InterCode. */
const pairs: readonly (readonly [pair: string, sides: () => Promise<Sides> | Sides])[] = [
  ['τ-bench retail → preconditions', sidesOf(retail, retailPreconditions)],
  ['gpt-4o → + spotlighting', sidesOf(gpt4o, spotlighting)],
  ['gpt-4o → + tool filter', sidesOf(gpt4o, toolFilter)],
  ['gpt-4o-mini → + DRIFT', sidesOf(mini, drift1)],
  ['DRIFT, trial 1 → trial 2', sidesOf(drift1, drift2)],
  ['DRIFT, trial 2 → trial 3', sidesOf(drift2, drift3)],
  ['SQL, gpt-4 → gpt-3.5', agents('gpt-4', 'gpt-3.5')],
  ['SQL, gpt-4 → gpt-3.5, hint', agents('gpt-4', 'gpt-3.5, hint')],
  ['SQL, gpt-3.5, ReAct → gpt-3.5', agents('gpt-3.5, ReAct', 'gpt-3.5')],
]

describe.skipIf(isDataAbsent)(needsData('arms that trade names'), () => {
  it.each(pairs)('%s: each rate is mirrored, and its p the other tail', async (_pair, read) => {
    const sides = await read()
    const there = decided(sides)
    const back = decided({ baseline: sides.candidate, candidate: sides.baseline })
    for (const rate of gatedMetrics.filter((one) => one.kind === 'rate')) {
      const [before, after] = [metricOf(there, rate.id), metricOf(back, rate.id)]
      expectMirrored(before, after)
      if (before.status === 'n/a') continue
      const { fewer, more } = exactMcNemar(discordantCases(rate, sides))
      const [worse, better] = rate.worse === 'lower' ? [fewer, more] : [more, fewer]
      expect(before.p).toBeCloseTo(worse, 9)
      expect(after.p).toBeCloseTo(better, 9)
    }
    expect(back.cases.removed).toEqual(there.cases.added)
    expect(back.cases.added).toEqual(there.cases.removed)
  })
})

describe.skipIf(isDataAbsent)(needsData('a run against itself'), () => {
  it.each(Object.entries(recordings))('%s is no regression', async (_name, recording) => {
    const sides = await sidesOf(recording, recording)()
    expect(run.regressions({ verdict: decided(sides) })).toEqual([])
  })
})

function sidesOf(base: Recording, candidate: Recording): () => Promise<Sides> {
  return async () => ({
    baseline: (await desk.imported(base)).cases,
    candidate: (await desk.imported(candidate)).cases,
  })
}

function agents(base: InterCodeAgent, candidate: InterCodeAgent): () => Sides {
  return () => ({ baseline: interCode(base), candidate: interCode(candidate) })
}
