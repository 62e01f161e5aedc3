import { AgentEvalError } from '../errors.ts'
import type { CaseStats } from '../schema/case-stats.ts'
import { asJson } from '../schema/json.ts'
import type { PlannedCase, ShardRecord } from '../schema/run-manifest.ts'
import { caseLoads } from '../suites/case-loads.ts'
import { dealShards } from '../suites/shard-cases.ts'
import { hashOf } from '../text/hash.ts'
import type { PlannedRun } from './plan-run.ts'

/** One part of a run, and of how many. */
export type Shard = Pick<ShardRecord, 'index' | 'total'>

/** The part that a command is to run of each of these eval sets. */
export type AskedShard = Shard & Readonly<Pick<ShardRecord, 'evalSets'>>

/**
 * One shard of a run: of its cases those that are dealt to it, each with its twin and all its trials. The
 * trials themselves are those of the whole run, with the same seeds.
 *
 * @param whole - the run that all shards are together
 * @param baseline - cases of the baseline, by which the shards are balanced; none on a first run
 * @returns a run without a case where there are more shards than cases
 * @throws AgentEvalError (usage) for a holdout, which runs as a whole
 */
export function planShard(
  { manifest, trials }: PlannedRun,
  { evalSets, index, total }: AskedShard,
  baseline: readonly CaseStats[],
): PlannedRun {
  if (manifest.cases.some((one) => one.split === 'holdout')) throw holdoutInParts()
  const dealt = dealShards(caseLoads(manifest.cases, baseline), total)[index - 1]
  const isHere = ({ id, twinOf }: PlannedCase): boolean => dealt?.has(twinOf ?? id) === true
  const cases = manifest.cases.filter(isHere)
  const elsewhere = manifest.cases.filter((one) => !isHere(one))
  const here = new Set(cases.map((one) => one.id))
  const others = elsewhere.filter((one) => one.twinOf === undefined).map((one) => one.id)
  return {
    trials: trials.filter(({ key }) => here.has(key.case)),
    manifest: {
      ...manifest,
      // Shards that start in the same second may end in the same folder.
      run: `${manifest.run}-shard-${index}-of-${total}`,
      cases,
      // By itself it is a part of the set, which no reader may take for the whole.
      notSelected: [...manifest.notSelected, ...others],
      shard: {
        index,
        total,
        selection: selectionHash(manifest.cases),
        elsewhere,
        evalSets: [...evalSets],
      },
    },
  }
}

/** A fingerprint of everything that was selected, in whatever order. */
export function selectionHash(cases: readonly PlannedCase[]): string {
  return hashOf(asJson(cases.toSorted((a, b) => (a.id < b.id ? -1 : 1))))
}

function holdoutInParts(): AgentEvalError {
  return new AgentEvalError('the holdout runs as a whole, and a shard is a part of it', 'usage', {
    hint: 'leave out --shard',
  })
}
