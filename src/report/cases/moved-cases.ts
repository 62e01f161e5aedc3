import type { MetricVerdict, MovedCase, Verdict } from '../../schema/verdict.ts'
import { allowance, inReadingOrder, labelOfMetric } from '../metric-words.ts'

/**
 * `FAIL`: of a regression, a case in which it shows, or that broke by more than its own noise. `note`: it
 * moved beside that.
 */
export type MovedLabel = 'FAIL' | 'note' | 'better'

const rank: Readonly<Record<MovedLabel, number>> = { FAIL: 1, note: 2, better: 3 }

/** Cases that moved: those that explain the verdict first, otherwise worst first as in the document. */
export function worstFirst(verdict: Verdict): readonly MovedCase[] {
  const broken = new Set(brokenIn(verdict))
  const place = (moved: MovedCase): number => {
    if (broken.has(moved.id)) return 0
    const label = movedLabel(moved, verdict)
    // What decides before what broke beside it.
    return label === 'FAIL' && !decides(moved, verdict) ? rank.FAIL + 0.5 : rank[label]
  }
  return verdict.cases.moved.toSorted((a, b) => place(a) - place(b))
}

export function movedLabel(moved: MovedCase, verdict: Verdict): MovedLabel {
  if (moved.direction === 'better') return moved.candidateScored === 0 ? 'note' : 'better'
  if (verdict.status !== 'regression') return 'note'
  return decides(moved, verdict) || isBeyondNoise(moved, verdict) ? 'FAIL' : 'note'
}

/** Cases that got worse for certain: all that `FAIL`, and of any verdict those beyond their own noise. */
export function worseCases(verdict: Verdict): readonly MovedCase[] {
  return worstFirst(verdict).filter((one) => isWorse(one, verdict))
}

/** Whether a case is one of them. */
export function isWorse(moved: MovedCase, verdict: Verdict): boolean {
  return isBeyondNoise(moved, verdict) || movedLabel(moved, verdict) === 'FAIL'
}

/**
 * Why a case that got worse does not decide: `does not decide: a drop of 5.0 points is allowed (tasks
 * done)`; empty for one that does.
 */
export function whyNotDeciding(moved: MovedCase, verdict: Verdict): string {
  if (verdict.status === 'regression' && decides(moved, verdict)) return ''
  const [metric] = inReadingOrder(verdict.metrics).filter(
    ({ id, status }) => status !== 'regression' && status !== 'n/a' && gotWorse[id](moved),
  )
  if (metric === undefined) return 'does not decide: no metric that gates counts it'
  if (metric.status !== 'pass') return `does not decide: ${labelOfMetric(metric)} is undecided`
  return `does not decide: ${allowance(metric)} (${labelOfMetric(metric)})`
}

/** Whether what made the verdict a regression shows in the case. */
function decides(moved: MovedCase, verdict: Verdict): boolean {
  const shows = verdict.metrics.some(
    (metric) => metric.status === 'regression' && gotWorse[metric.id](moved),
  )
  return shows || brokenIn(verdict).includes(moved.id)
}

/** A case that broke passes so much less often that its own noise does not explain it. */
function isBeyondNoise({ direction, id }: MovedCase, { diagnostics }: Verdict): boolean {
  return direction === 'worse' && diagnostics?.broken.includes(id) === true
}

/** Cases in which a rule was broken that allows no statistics; not those that a limit is over. */
export function brokenIn({ facts }: Verdict): readonly string[] {
  return facts
    .filter(({ kind, waivedBy }) => kind !== 'limit' && waivedBy === undefined)
    .flatMap(({ cases }) => cases)
}

/** Whether a case shows what a metric measures getting worse. */
const gotWorse: Readonly<Record<MetricVerdict['id'], (moved: MovedCase) => boolean>> = {
  asr: ({ attackSuccesses: a }) => a !== undefined && a.candidate > a.baseline,
  violationRate: ({ violationTrials: v }) => v !== undefined && v.candidate > v.baseline,
  tsr: (moved) => moved.layer !== 'adversarial' && passedLess(moved),
  utilityUnderAttack: (moved) => moved.layer === 'adversarial' && passedLess(moved),
  passHatK: (moved) => moved.layer !== 'adversarial' && passedLess(moved),
  costPerTask: () => false,
  tokensPerTask: () => false,
  toolCallsPerTask: () => false,
  latencyP95: () => false,
  latencyP99: () => false,
}

/** By shares; an arm without a scored trial counts as 0. */
function passedLess(moved: MovedCase): boolean {
  const before = moved.baselinePassed / Math.max(1, moved.baselineScored)
  return moved.candidatePassed / Math.max(1, moved.candidateScored) < before
}
