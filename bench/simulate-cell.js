import { createJiti } from 'jiti'
import { seededDraws } from './seeded-draws.js'

const sources = createJiti(import.meta.url)
const { findMetrics, settle } = await sources.import('../src/gate/judge-metrics.ts')
const { gateConfig } = await sources.import('../src/schema/gate-config.ts')

/** How often an agent passes its cases, as a mixture of beta distributions: [share, left, right]. */
const suites = {
  mixed: [
    [0.55, 30, 1.2],
    [0.3, 2.5, 1.5],
    [0.15, 1, 6],
  ],
  mature: [
    [0.9, 80, 0.8],
    [0.1, 4, 1.5],
  ],
}

/** What happened to the agent: the pass rates of its cases before, and after. */
const scenarios = {
  unchanged: (rates) => rates,
  drop2: (rates) => allWorse(rates, 0.02),
  drop5: (rates) => allWorse(rates, 0.05),
  drop10: (rates) => allWorse(rates, 0.1),
  broken5: (rates, draws) => someBroken(rates, 0.05, draws),
}

const gate = gateConfig.parse({ metrics: ['tsr'] })

/**
 * Shares of simulated comparisons in which each rule fails, and in which the gate passes.
 *
 * Each comparison is a fresh suite, with both arms run once. The gate's answer is that of the very
 * functions that decide, read from the sources: the build leaves them no name.
 */
export function simulateCell({ suite, cases, trials, scenario, comparisons }) {
  const draws = seededDraws(`${suite} ${cases} ${trials} ${scenario}`)
  const counts = { anyDrop: 0, over2: 0, z: 0, regression: 0, pass: 0 }
  for (let i = 0; i < comparisons; i++) {
    const before = ratesOf(suites[suite], cases, draws)
    const after = scenarios[scenario](before, draws)
    const baseline = before.map((rate) => draws.binomial(trials, rate))
    const candidate = after.map((rate) => draws.binomial(trials, rate))
    const drop = sum(baseline) - sum(candidate)
    const all = cases * trials
    if (drop > 0) counts.anyDrop += 1
    if (drop * 50 > all) counts.over2 += 1
    if (unpairedZ(sum(baseline), sum(candidate), all) < lowerTail) counts.z += 1
    const status = statusOf(baseline, candidate, trials)
    if (status in counts) counts[status] += 1
  }
  return counts
}

function ratesOf(mixture, cases, draws) {
  return Array.from({ length: cases }, () => {
    let place = draws.uniform()
    const [, left, right] = mixture.find(([share]) => (place -= share) < 0) ?? mixture.at(-1)
    return draws.beta(left, right)
  })
}

/** Every case a little worse: one shift of all log odds, so that the mean falls by `drop`. */
function allWorse(rates, drop) {
  const goal = mean(rates) - drop
  let [low, high] = [0, 1]
  for (let i = 0; i < 30; i++) {
    const middle = (low + high) / 2
    if (meanOfShifted(rates, middle) < goal) low = middle
    else high = middle
  }
  return rates.map((rate) => shifted(rate, high))
}

/** Odds times `factor`. */
function shifted(rate, factor) {
  return (rate * factor) / (1 - rate + rate * factor)
}

function meanOfShifted(rates, factor) {
  let total = 0
  for (const rate of rates) total += shifted(rate, factor)
  return total / rates.length
}

/** Single cases that never pass any more, until the mean has fallen by `drop`; the last in part. */
function someBroken(rates, drop, draws) {
  let left = drop * rates.length
  const after = [...rates]
  for (const index of draws.shuffled(rates.keys())) {
    const lost = Math.min(after[index], left)
    after[index] -= lost
    left -= lost
  }
  return after
}

/** 5 % below a standard normal. */
const lowerTail = -1.6448536269514722

/** The textbook test of two shares, as if no trial of one arm had anything to do with one of the other. */
function unpairedZ(baseline, candidate, all) {
  const share = (baseline + candidate) / (2 * all)
  const variance = (share * (1 - share) * 2) / all
  return variance === 0 ? 0 : (candidate - baseline) / all / Math.sqrt(variance)
}

function statusOf(baseline, candidate, trials) {
  const pairs = baseline.map((passed, index) => ({
    baseline: statsOf(index, passed, trials),
    candidate: statsOf(index, candidate[index], trials),
  }))
  const { alpha } = gate
  const comparison = { pairs, unpaired: [], unit: 'trial', gate, alpha, isTimed: false }
  return settle(findMetrics(comparison), alpha)[0].status
}

/** Objects are the dear part of a simulated comparison, and nothing changes them. */
const made = new Map()

function statsOf(index, passed, trials) {
  const key = (index * 1000 + passed) * 1000 + trials
  const known = made.get(key)
  if (known !== undefined) return known
  const stats = someStats(`case-${index}`, passed, trials)
  made.set(key, stats)
  return stats
}

/** Every trial has its own seed and goes its own way, as those of a model do. */
function someStats(id, passed, trials) {
  return {
    id,
    layer: 'outcome',
    cluster: id,
    definitionHash: '',
    scored: trials,
    passed,
    invalid: 0,
    incomplete: 0,
    attacked: 0,
    attackSuccesses: 0,
    judged: trials,
    violationTrials: 0,
    violationsByRule: {},
    severeByRule: {},
    latenciesMs: [],
    paths: [],
    trajectories: trials,
    seeds: trials,
    failures: [],
  }
}

function mean(values) {
  return sum(values) / values.length
}

function sum(values) {
  let total = 0
  for (const value of values) total += value
  return total
}
