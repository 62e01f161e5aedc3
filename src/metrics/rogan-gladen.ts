import type { EventCount } from './binomial-intervals.ts'
import { normalQuantile } from './distributions.ts'
import { type JudgeAccuracy, type JudgeLabels, judgeAccuracy } from './judge-accuracy.ts'
import type { Interval } from './tango-interval.ts'

/** The pass rate that humans would have given, as far as the judge's mistakes are known. */
export interface CorrectedRate extends JudgeAccuracy, Interval {
  /** Share in [0, 1]. */
  readonly rate: number
}

/**
 * Corrects a judge's pass rate for the mistakes it made on items with human labels.
 *
 * Needs that the judge errs on these trials as often as on the labelled items. The interval knows
 * that both were measured on few items; where so few were labelled that the judge may be a coin, it
 * is all of [0, 1]. Estimate and bounds are cut to [0, 1].
 *
 * @param judged - trials that the judge passed, of all it judged
 * @param alpha - error allowed on each side, in (0, 0.5): two-sided coverage is 1 − 2·alpha
 * @returns `undefined` for no judged trials, for a label group without items, and for a judge no
 *   better than a coin (Youden ≤ 0)
 * @see Rogan, Gladen 1978, American Journal of Epidemiology 107:71–76 (estimate)
 * @see Lang, Reiczigel 2014, Preventive Veterinary Medicine 113:13–22 (interval)
 */
export function roganGladen(
  judged: EventCount,
  labels: JudgeLabels,
  alpha = 0.025,
): CorrectedRate | undefined {
  const accuracy = judgeAccuracy(labels)
  if (accuracy === undefined || accuracy.youden <= 0 || judged.trials === 0) return undefined
  const { specificity, youden } = accuracy
  const rate = share((judged.events / judged.trials + specificity - 1) / youden)
  const { lower, upper } = langReiczigel(judged, labels, normalQuantile(1 - alpha))
  return {
    ...accuracy,
    rate,
    // The interval has its own centre, pulled away from 0 and 1; it must not pass the estimate by.
    lower: Math.min(rate, lower),
    upper: Math.max(rate, upper),
  }
}

function langReiczigel(judged: EventCount, labels: JudgeLabels, z: number): Interval {
  const judgedPass = padded(judged.events, judged.trials, z ** 2 / 2)
  const sensitivity = padded(labels.humanPassAgreed, labels.humanPass, 1)
  const specificity = padded(labels.humanFailAgreed, labels.humanFail, 1)
  const youden = sensitivity.share + specificity.share - 1
  // As it goes to 0 the bounds go to −∞ and ∞.
  if (youden <= 0) return { lower: 0, upper: 1 }
  const rate = (judgedPass.share + specificity.share - 1) / youden
  const shift = 2 * z ** 2 * (rate * sensitivity.variance - (1 - rate) * specificity.variance)
  const variance =
    judgedPass.variance + rate ** 2 * sensitivity.variance + (1 - rate) ** 2 * specificity.variance
  const reach = (z * Math.sqrt(variance)) / youden
  return { lower: share(rate + shift - reach), upper: share(rate + shift + reach) }
}

/** A share and its variance after adding some events and as many non-events. */
function padded(
  events: number,
  trials: number,
  added: number,
): { readonly share: number; readonly variance: number } {
  const all = trials + 2 * added
  const padded = (events + added) / all
  return { share: padded, variance: (padded * (1 - padded)) / all }
}

function share(value: number): number {
  return Math.min(1, Math.max(0, value))
}
