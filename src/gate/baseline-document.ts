import { AgentEvalError } from '../errors.ts'
import type { Baseline } from '../schema/baseline.ts'
import { asJson } from '../schema/json.ts'
import type { RunManifest } from '../schema/run-manifest.ts'
import { canonicalJson } from '../text/canonical-json.ts'
import type { Arm } from './arm.ts'

/**
 * Makes a run the baseline.
 *
 * @throws AgentEvalError (usage) for a run that is no fair yardstick: partial, cut off, or one in
 *   which the controls only observed
 */
export function baselineOf(manifest: RunManifest, arm: Arm): Baseline {
  if (manifest.notSelected.length > 0) {
    const hint = 'run the whole set, without --case, --grep, --layer or --tag'
    throw new AgentEvalError(`the run left out ${manifest.notSelected.length} cases`, 'usage', {
      hint,
    })
  }
  const open = unfinished(manifest, arm)
  if (open > 0) {
    const hint = `finish it with: agent-eval run --resume ${manifest.run}`
    throw new AgentEvalError(`${open} trials of the run are not finished`, 'usage', { hint })
  }
  if (manifest.options['mode'] === 'observe') {
    throw new AgentEvalError('in this run the controls only observed', 'usage', {
      hint: 'a baseline comes from a run with --mode enforce',
    })
  }
  return {
    apiVersion: 'agent-eval/v1',
    kind: 'Baseline',
    provenance: arm.provenance,
    severeTier: manifest.severeTier,
    cases: [...arm.cases].sort((a, b) => (a.id < b.id ? -1 : 1)),
  }
}

/** Planned trials without a result: cut off, or skipped because the run stopped early. */
function unfinished(manifest: RunManifest, arm: Arm): number {
  const tried = new Map(arm.cases.map((one) => [one.id, one.scored + one.invalid + one.incomplete]))
  const skipped = manifest.cases.map((one) => Math.max(0, one.trials - (tried.get(one.id) ?? 0)))
  const incomplete = arm.cases.map((one) => one.incomplete)
  return [...skipped, ...incomplete].reduce((sum, count) => sum + count, 0)
}

/**
 * The bytes of `baseline.json`: one case per line, sorted, so that a pull request shows which case
 * changed and two people who measured the same commit the same.
 */
export function baselineText({ cases, ...head }: Baseline): string {
  const fields = Object.entries(asJson(head))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${JSON.stringify(key)}: ${canonicalJson(value)},`)
  const rows = cases.map((one) => canonicalJson(asJson(one))).join(',\n')
  return ['{', ...fields, '"cases": [', rows, ']', '}', ''].join('\n')
}
