import type { ControlFigures } from '../schema/control-figures.ts'
import type { BlastRadius } from '../schema/trial.ts'
import { formatTrialKey, type TrialMode } from '../schema/trial-key.ts'
import type { CaseRows } from './trial-rows.ts'

/**
 * The most that one trial of a run reached: of money, records and other tenants each by itself, with
 * the first trial that reached so much.
 *
 * @param cases - sorted by id, their rows by trial and attempt
 * @param mode - of the trials, which is part of their names
 * @returns nothing where no trial moved or changed anything
 */
export function blastRadiusOf(
  cases: readonly CaseRows[],
  mode: TrialMode,
): Pick<ControlFigures, 'blastRadius'> {
  const trials = cases.flatMap(({ id, rows }) =>
    rows.flatMap(({ attempt, rare, trial }): readonly Reach[] => {
      if (rare?.blast === undefined) return []
      return [{ blast: rare.blast, name: () => formatTrialKey({ case: id, trial, attempt, mode }) }]
    }),
  )
  if (trials.length === 0) return {}
  return {
    blastRadius: {
      usd: furthest(trials, 'usd'),
      records: furthest(trials, 'records'),
      tenants: furthest(trials, 'tenants'),
    },
  }
}

interface Reach {
  readonly blast: BlastRadius
  readonly name: () => string
}

type Furthest = NonNullable<ControlFigures['blastRadius']>['usd']

function furthest(trials: readonly Reach[], of: keyof BlastRadius): Furthest {
  const most = trials.reduce((known, { blast }) => Math.max(known, blast[of]), 0)
  const first = most === 0 ? undefined : trials.find(({ blast }) => blast[of] === most)
  return { most, ...(first !== undefined && { trial: first.name() }) }
}
