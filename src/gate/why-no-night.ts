import type { CaseStats } from '../schema/case-stats.ts'
import { byStanding } from '../schema/deciding-cases.ts'
import type { RunManifest } from '../schema/run-manifest.ts'
import { gatingCases } from './history-night.ts'

/**
 * Why a run is no night of its eval set's history, in words; `undefined` where it is one.
 *
 * A history compares one number with the nights before. That number must be of all cases that gate,
 * each with all its trials: of some cases it is another number, and a run that stopped as soon as it was
 * decided was stopped by the number itself.
 */
export function whyNoNight(manifest: RunManifest, cases: readonly CaseStats[]): string | undefined {
  const { notSelected, options, sampling } = manifest
  const { split } = byStanding(manifest.cases)
  if (split !== undefined) return `it is of the ${split} split`
  if (notSelected.length > 0) return `it left out ${notSelected.length} cases`
  if (options['mode'] === 'observe') return 'its controls only observed'
  if (sampling?.stopped !== undefined) {
    const { rounds, why } = sampling.stopped
    const ended = {
      time: 'time was up',
      budget: 'its money was spent',
      decided: 'it had decided',
    }[why]
    return `it ended after ${rounds} of ${sampling.maxTrials} rounds, because ${ended}`
  }
  return whyNotWhole(manifest, cases)
}

function whyNotWhole(manifest: RunManifest, cases: readonly CaseStats[]): string | undefined {
  const planned = gatingCases(manifest.cases)
  if (planned.length === 0) return 'no case of it gates'
  const finished = new Map(cases.map((one) => [one.id, one.scored + one.invalid]))
  const open = planned.reduce(
    (sum, one) => sum + Math.max(0, one.trials - (finished.get(one.id) ?? 0)),
    0,
  )
  return open === 0 ? undefined : `${open} of its trials have not finished`
}
