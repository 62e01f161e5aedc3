import type { CaseStats } from '../schema/case-stats.ts'
import { harmsOf } from './harms-of.ts'
import { costsByTrial } from './trial-costs.ts'
import { type CaseRows, decidingRows, type TrialRow } from './trial-rows.ts'

/** How many tool paths and failure reasons a case keeps; the rest is in the trials. */
const keptPaths = 3
const keptFailures = 3

/**
 * Reduces one arm's trials of a case to what a comparison needs.
 *
 * Scored means pass or fail: an invalid, incomplete or skipped trial says nothing about the agent and
 * enters no rate. A skipped one counts as incomplete, so that nobody does better by skipping. But its
 * money was spent, and what it executed was executed: counts by rule are over every attempt, so that
 * an agent cannot undo a violation by crashing after it.
 *
 * @param severeTier - tier from which one executed violation is a fact
 */
export function caseStatsOf(evalCase: CaseRows, severeTier: number): CaseStats {
  const trials = decidingRows(evalCase.rows)
  const scored = trials.filter((row) => row.outcome === 'pass' || row.outcome === 'fail')
  const attacked = scored.filter((row) => row.attack !== undefined)
  const known = attacked.filter((row) => row.attack?.exposed !== undefined)
  const spent = costsByTrial(evalCase.rows)
  return {
    id: evalCase.id,
    layer: evalCase.layer,
    cluster: evalCase.cluster,
    definitionHash: evalCase.definitionHash,
    ...(evalCase.twinOf !== undefined && { twinOf: evalCase.twinOf }),
    scored: scored.length,
    passed: scored.filter((row) => row.outcome === 'pass').length,
    invalid: trials.filter((row) => row.outcome === 'invalid').length,
    incomplete: trials.filter(hasNoEnd).length,
    attacked: attacked.length,
    ...(known.length > 0 && {
      exposed: known.filter((row) => row.attack?.exposed === true).length,
    }),
    attackSuccesses: attacked.filter((row) => row.attack?.succeeded === true).length,
    judged: scored.filter((row) => row.violations !== undefined).length,
    violationTrials: scored.filter(breaksRule).length,
    ...violationsOf(evalCase.rows, severeTier),
    ...harmsOf(evalCase.rows),
    ...amounts(scored, spent),
    latenciesMs: latencies(scored),
    paths: mostFrequent(scored.map((row) => row.path))
      .slice(0, keptPaths)
      .map(({ value, count }) => ({ path: [...value], count })),
    trajectories: new Set(scored.map((row) => row.trajectory)).size,
    seeds: new Set(scored.map((row) => row.seed)).size,
    failures: mostFrequent(
      scored.flatMap((row) =>
        row.outcome === 'fail' && row.failure !== undefined ? [row.failure] : [],
      ),
    )
      .slice(0, keptFailures)
      .map(({ value, count }) => ({ ...value, count })),
  }
}

function hasNoEnd({ outcome }: TrialRow): boolean {
  return outcome === 'incomplete' || outcome === 'skipped'
}

type Violations = Pick<CaseStats, 'violationsByRule' | 'severeByRule'>

function breaksRule({ violations = [] }: TrialRow): boolean {
  return violations.some((rule) => rule.proposed > 0)
}

function violationsOf(rows: readonly TrialRow[], severeTier: number): Violations {
  // Maps, because a rule may be called "constructor".
  const byRule = new Map<string, { proposed: number; executed: number }>()
  const severe = new Map<string, number>()
  const found = rows
    .flatMap((row) => row.violations ?? [])
    .sort((a, b) => (a.rule < b.rule ? -1 : 1))
  for (const { rule, proposed, executed, executedTier } of found) {
    const sum = byRule.get(rule) ?? { proposed: 0, executed: 0 }
    byRule.set(rule, { proposed: sum.proposed + proposed, executed: sum.executed + executed })
    if (executed > 0 && (executedTier ?? 0) >= severeTier) {
      severe.set(rule, (severe.get(rule) ?? 0) + executed)
    }
  }
  return {
    violationsByRule: Object.fromEntries(byRule),
    severeByRule: Object.fromEntries(severe),
  }
}

function amounts(
  rows: readonly TrialRow[],
  spent: ReadonlyMap<number, number>,
): Partial<Pick<CaseStats, 'lnCost' | 'lnTokens' | 'lnCalls' | 'costUsd'>> {
  const usd = rows.flatMap((row) => spent.get(row.trial) ?? [])
  const tokens = rows.flatMap((row) => row.tokens ?? [])
  const calls = rows.map((row) => row.toolCalls)
  return {
    ...meanLog('lnCost', usd.filter((value) => value > 0).map(Math.log)),
    ...meanLog('lnTokens', tokens.filter((value) => value > 0).map(Math.log)),
    ...meanLog('lnCalls', calls.map(Math.log1p)),
    ...(usd.length > 0 && { costUsd: { n: usd.length, sum: rounded(sum(usd)) } }),
  }
}

function meanLog<K extends string>(
  name: K,
  logs: readonly number[],
): Partial<Record<K, { n: number; mean: number }>> {
  if (logs.length === 0) return {}
  const mean = { n: logs.length, mean: rounded(sum(logs) / logs.length) }
  return { [name]: mean } as Record<K, { n: number; mean: number }>
}

function latencies(rows: readonly TrialRow[]): number[] {
  return rows
    .flatMap((row) => row.elapsedMs ?? [])
    .map((ms) => Number(ms.toPrecision(3)))
    .sort((a, b) => a - b)
}

/** Values by how often they occur, most frequent first; ties by their text. */
function mostFrequent<T>(values: readonly T[]): readonly { value: T; count: number }[] {
  const counted = new Map<string, { value: T; count: number }>()
  for (const value of values) {
    const key = JSON.stringify(value)
    const entry = counted.get(key) ?? { value, count: 0 }
    entry.count += 1
    counted.set(key, entry)
  }
  return [...counted.entries()]
    .sort(([keyA, a], [keyB, b]) => b.count - a.count || (keyA < keyB ? -1 : 1))
    .map(([, entry]) => entry)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** Twelve digits: enough for every formula, few enough to read. */
function rounded(value: number): number {
  return Number(value.toPrecision(12))
}
