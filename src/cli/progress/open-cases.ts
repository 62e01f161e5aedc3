import type { Arm } from '../../gate/arm.ts'
import { standsBeside } from '../../metrics/collect-halves.ts'
import type { RunManifest } from '../../schema/run-manifest.ts'
import { formatTrialKey, type TrialKey } from '../../schema/trial-key.ts'
import { type CaseBefore, caseBefore } from './case-standing.ts'
import type { OpenCase, OpenCases, StartedTrial } from './progress.ts'

/** What of a run its progress is told from. */
interface ToldRun {
  /** Trials that are finished already. */
  readonly before: ReadonlySet<string>
  readonly plan: {
    readonly manifest: RunManifest
    readonly trials: readonly { readonly key: TrialKey }[]
  }
  /** What it is going to be compared with; absent: nothing that is known by now. */
  readonly baseline?: { readonly arm: Pick<Arm, 'cases'> } | undefined
}

/** The cases of runs that have trials left, and what those came to in the baseline of each run. */
export function openCases(runs: readonly ToldRun[]): OpenCases {
  const open = new Map<string, OpenCase>()
  for (const run of runs) {
    const { manifest, trials } = run.plan
    const nameOf = progressNames(manifest)
    const beforeOf = comparableCases(run)
    for (const { key } of trials) {
      if (run.before.has(formatTrialKey(key))) continue
      const name = nameOf(key)
      const isBeside = standsBeside(key, manifest.options['mode'])
      const before = isBeside ? undefined : beforeOf.get(key.case)
      open.set(name, {
        trials: (open.get(name)?.trials ?? 0) + 1,
        ...(before !== undefined && { before }),
        ...(isBeside && { isBeside }),
      })
    }
  }
  return open
}

/** Two arms of one measurement run the same trials at the same time. */
export function startedTrials(manifest: RunManifest): (key: TrialKey) => StartedTrial {
  const nameOf = progressNames(manifest)
  return (key) => ({
    id: `${manifest.run} ${formatTrialKey(key)}`,
    name: nameOf(key),
    trial: key.trial,
  })
}

/** Selection sees to it that a run is all holdout or none of it. */
export function isHoldoutRun({ cases }: RunManifest): boolean {
  return cases.some((one) => one.split === 'holdout')
}

/** What progress calls a trial's case. What only happened without controls must not look like an alarm. */
function progressNames(manifest: RunManifest): (key: TrialKey) => string {
  const isHoldout = isHoldoutRun(manifest)
  const ofRun = manifest.options['mode']
  return (key) => {
    const name = isHoldout ? 'holdout' : key.case
    return standsBeside(key, ofRun) ? `${name} without controls` : name
  }
}

/** The baseline's counts of the cases that were not changed since. Of a holdout no single case is told. */
function comparableCases({
  baseline,
  plan: { manifest },
}: ToldRun): ReadonlyMap<string, CaseBefore> {
  if (baseline === undefined || isHoldoutRun(manifest)) return new Map()
  const planned = new Map(manifest.cases.map((one) => [one.id, one.definitionHash]))
  const known = baseline.arm.cases.filter(
    ({ definitionHash, id, scored }) => scored > 0 && planned.get(id) === definitionHash,
  )
  return new Map(known.map((one) => [one.id, caseBefore(one)]))
}
