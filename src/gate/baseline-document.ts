import { AgentEvalError } from '../errors.ts'
import type { Baseline } from '../schema/baseline.ts'
import type { CaseStats } from '../schema/case-stats.ts'
import { byStanding } from '../schema/deciding-cases.ts'
import { asJson } from '../schema/json.ts'
import type { PlannedCase, RunManifest, Sampling } from '../schema/run-manifest.ts'
import { canonicalJson } from '../text/canonical-json.ts'
import { shellWord } from '../text/shell-word.ts'
import type { Arm } from './arm.ts'
import { toleratedLoss } from './missing-evidence.ts'

/**
 * Makes a run the baseline: of its cases those that gate.
 *
 * @param only - ids of the cases that are wanted, where a run of a part will do
 * @throws AgentEvalError (usage) for a run that is no fair yardstick: of another split, partial, cut
 *   off, ended early, without a result for too many of its trials, or one in which the controls only observed
 */
export function baselineOf(manifest: RunManifest, arm: Arm, only?: ReadonlySet<string>): Baseline {
  const { deciding, split } = byStanding(arm.cases)
  if (split !== undefined) {
    throw new AgentEvalError(`the run is of the ${split} split`, 'usage', {
      hint: 'a baseline comes from a run of the cases that gate',
    })
  }
  if (manifest.options['mode'] === 'observe') {
    throw new AgentEvalError('in this run the controls only observed', 'usage', {
      hint: 'a baseline comes from a run with --mode enforce',
    })
  }
  if (manifest.options['cassette'] === 'replay') {
    throw new AgentEvalError('the answers of this run were replayed', 'usage', {
      hint: 'a baseline comes from a run that asked its models',
    })
  }
  requireWhole(manifest, deciding, only)
  return {
    apiVersion: 'agent-eval/v1',
    kind: 'Baseline',
    provenance: arm.provenance,
    severeTier: manifest.severeTier,
    cases: deciding.map(withoutLabels).sort((a, b) => (a.id < b.id ? -1 : 1)),
  }
}

/** Trials that somebody chose to make, or to stop making, because of how others went are no measure. */
function requireWhole(
  manifest: RunManifest,
  deciding: readonly CaseStats[],
  only: ReadonlySet<string> | undefined,
): void {
  if (manifest.notSelected.length > 0 && only === undefined) {
    const hint = 'run the whole set, without --case, --grep, --layer or --tag'
    throw new AgentEvalError(`the run left out ${manifest.notSelected.length} cases`, 'usage', {
      hint,
    })
  }
  if (manifest.sampling !== undefined) requireAllRounds(manifest.sampling)
  const isWanted = ({ id, twinOf }: PlannedCase): boolean => only?.has(twinOf ?? id) ?? true
  const open = unfinished(byStanding(manifest.cases).deciding.filter(isWanted), deciding)
  if (open > 0) {
    const hint = `finish it with: npx agent-eval run --resume ${shellWord(manifest.run)}`
    throw new AgentEvalError(`${open} trials of the run are not finished`, 'usage', { hint })
  }
  requireScored(deciding.filter(({ id, twinOf }) => only?.has(twinOf ?? id) ?? true))
}

/** Whoever compares with a baseline holds it to the same: what was lost is no evidence. */
function requireScored(cases: readonly CaseStats[]): void {
  const lost = cases.reduce((sum, { invalid }) => sum + invalid, 0)
  const all = cases.reduce((sum, { scored }) => sum + scored, lost)
  if (lost <= toleratedLoss * all) return
  const message = `${lost} of ${all} trials of the run have no result`
  const hint = 'its report says why; measure it anew once the surroundings are sound'
  throw new AgentEvalError(message, 'usage', { hint })
}

function requireAllRounds({ maxTrials, stopped }: Sampling): void {
  if (stopped === undefined) return
  const { rounds, why } = stopped
  const message = `the run ended early, after ${rounds} of ${maxTrials} rounds`
  const hint = {
    time: 'measure it without --max-duration',
    budget: 'measure it with a larger --budget',
    decided: 'measure it with --no-gate: without a verdict no run ends early',
  }[why]
  throw new AgentEvalError(message, 'usage', { hint })
}

/** Labels are those of the case as it stands; in a committed file they would only grow old. */
function withoutLabels(stats: CaseStats): CaseStats {
  const bare = { ...stats }
  delete bare.harmByRule
  delete bare.slices
  delete bare.tier
  return bare
}

/** Planned trials without a result: cut off, or skipped because the run stopped early. */
function unfinished(planned: readonly PlannedCase[], cases: readonly CaseStats[]): number {
  const byId = new Map(cases.map((one) => [one.id, one]))
  const skipped = planned.map(({ id, trials }) => {
    const { scored, invalid, incomplete } = byId.get(id) ?? { scored: 0, invalid: 0, incomplete: 0 }
    return Math.max(0, trials - scored - invalid - incomplete)
  })
  const incomplete = planned.map(({ id }) => byId.get(id)?.incomplete ?? 0)
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
