import type { MetricVerdict, MovedCase, Verdict } from '../schema/verdict.ts'

/** `FAIL`: what made the verdict a regression shows in this case. `note`: it moved beside that. */
export type MovedLabel = 'FAIL' | 'note' | 'better'

const rank: Readonly<Record<MovedLabel, number>> = { FAIL: 1, note: 2, better: 3 }

/** Cases that moved: those that explain the verdict first, otherwise worst first as in the document. */
export function worstFirst(verdict: Verdict): readonly MovedCase[] {
  const broken = new Set(brokenIn(verdict))
  const place = (moved: MovedCase): number =>
    broken.has(moved.id) ? 0 : rank[movedLabel(moved, verdict)]
  return verdict.cases.moved.toSorted((a, b) => place(a) - place(b))
}

export function movedLabel(moved: MovedCase, verdict: Verdict): MovedLabel {
  if (moved.direction === 'better') return moved.candidateScored === 0 ? 'note' : 'better'
  if (verdict.status !== 'regression') return 'note'
  const shows = verdict.metrics.some(
    (metric) => metric.status === 'regression' && gotWorse[metric.id](moved),
  )
  return shows || brokenIn(verdict).includes(moved.id) ? 'FAIL' : 'note'
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
