import type { MetricVerdict, Verdict } from '../../schema/verdict.ts'
import { listed, plural, whole } from '../format.ts'
import { gotWorse, inReadingOrder } from '../metric-words.ts'

/** How the run was sampled, where that was not simply all trials at once. */
export function samplingNotes(verdict: Verdict): readonly string[] {
  return [...roundsNote(verdict.sampling), ...confirmationNote(verdict)]
}

function roundsNote(sampling: Verdict['sampling']): readonly string[] {
  if (sampling === undefined) return []
  const { maxRounds, notReached, rounds, stopped } = sampling
  if (stopped === undefined) return []
  const after = `after ${rounds} of ${maxRounds} rounds`
  if (stopped === 'decided') return [`decided ${after}: the other trials were not paid for`]
  const untried = notReached === 0 ? '' : `, ${plural(notReached, 'case')} never tried`
  return [`${stopped === 'time' ? 'time was up' : 'the budget was spent'} ${after}${untried}`]
}

function confirmationNote({ confirmation, metrics }: Verdict): readonly string[] {
  if (confirmation === undefined) return []
  const { firstMetrics, second } = confirmation
  const alarms = inReadingOrder(firstMetrics)
    .filter(({ status }) => status === 'regression')
    .map(gotWorse)
  const first = alarms.length === 0 ? 'a regression' : listed(alarms, 2)
  const fresh = freshTrials(metrics)
  const counted = fresh === 0 ? '' : ` (${whole(fresh)} counted)`
  const found =
    second === 'regression'
      ? 'the regression is confirmed'
      : `not confirmed, the fresh trials say ${second}`
  return [
    `first measured: ${first}`,
    `measured again with fresh trials of both arms${counted}: ${found}`,
  ]
}

/** Scored trials of both arms, by the metrics that together cover all cases; 0 where none is gated. */
function freshTrials(metrics: readonly MetricVerdict[]): number {
  const n = (id: MetricVerdict['id']): number =>
    metrics
      .filter((metric) => metric.id === id)
      .reduce((sum, one) => sum + one.nBaseline + one.nCandidate, 0)
  return Math.max(n('violationRate'), n('tsr') + n('utilityUnderAttack'))
}
