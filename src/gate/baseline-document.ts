import { AgentEvalError } from '../errors.ts'
import type { Baseline } from '../schema/baseline.ts'
import type { CaseStats } from '../schema/case-stats.ts'
import { byStanding } from '../schema/deciding-cases.ts'
import { asJson } from '../schema/json.ts'
import type { PlannedCase, RunManifest } from '../schema/run-manifest.ts'
import { canonicalJson } from '../text/canonical-json.ts'
import type { Arm } from './arm.ts'

/**
 * Makes a run the baseline: of its cases those that gate.
 *
 * @throws AgentEvalError (usage) for a run that is no fair yardstick: of another split, partial, cut
 *   off, or one in which the controls only observed
 */
export function baselineOf(manifest: RunManifest, arm: Arm): Baseline {
  const { deciding, split } = byStanding(arm.cases)
  if (split !== undefined) {
    throw new AgentEvalError(`the run is of the ${split} split`, 'usage', {
      hint: 'a baseline comes from a run of the cases that gate',
    })
  }
  if (manifest.notSelected.length > 0) {
    const hint = 'run the whole set, without --case, --grep, --layer or --tag'
    throw new AgentEvalError(`the run left out ${manifest.notSelected.length} cases`, 'usage', {
      hint,
    })
  }
  const open = unfinished(byStanding(manifest.cases).deciding, deciding)
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
    cases: [...deciding].sort((a, b) => (a.id < b.id ? -1 : 1)),
  }
}

/** Planned trials without a result: cut off, or skipped because the run stopped early. */
function unfinished(planned: readonly PlannedCase[], cases: readonly CaseStats[]): number {
  const tried = new Map(cases.map((one) => [one.id, one.scored + one.invalid + one.incomplete]))
  const skipped = planned.map((one) => Math.max(0, one.trials - (tried.get(one.id) ?? 0)))
  const incomplete = cases.map((one) => one.incomplete)
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
