import { AgentEvalError } from '../errors.ts'
import type { CaseRows } from '../metrics/trial-rows.ts'
import { asJson } from '../schema/json.ts'
import type { PlannedCase, Provenance, RunManifest } from '../schema/run-manifest.ts'
import { canonicalJson } from '../text/canonical-json.ts'

/** A finished run with all its trials. */
export interface FinishedRun {
  readonly manifest: RunManifest
  /** Those that decide. */
  readonly rows: readonly CaseRows[]
  /** Of a run with `--mode both`: those in which the controls only observed. */
  readonly observed?: readonly CaseRows[]
}

/**
 * Several runs of the same agent as one with more trials, so that a baseline can be gathered from what
 * main measures anyhow. It is made of the trials themselves: counts, means, tool paths, and how many of
 * the trajectories are different come out as if all had been one run.
 *
 * The order in which runs are named makes no difference.
 *
 * @throws AgentEvalError (usage) for runs of different agents, eval sets or versions of this program;
 *   for two runs with the same seed: trials that share a seed are copies or nearly so, and counted
 *   twice they would make a baseline look surer than it is
 */
export function poolRuns(runs: readonly FinishedRun[]): FinishedRun {
  const [first, ...others] = runs.toSorted((a, b) => seedOf(a) - seedOf(b))
  if (first === undefined) throw new AgentEvalError('there is no run to pool', 'usage')
  let pooled = first
  let seed = seedOf(first)
  for (const next of others) {
    requireAlike(first.manifest, next.manifest)
    if (seedOf(next) === seed) throw sameSeed(seed)
    seed = seedOf(next)
    pooled = poolTwo(pooled, next)
  }
  return pooled
}

function seedOf({ manifest }: FinishedRun): number {
  return manifest.provenance.seed
}

function sameSeed(seed: number): AgentEvalError {
  return new AgentEvalError(
    `two of these runs have the seed ${seed}: their trials are the same`,
    'usage',
    {
      hint: 'give each run a seed of its own: npx agent-eval run --seed NUMBER',
    },
  )
}

/** What must be the same for trials to be of one kind. */
function requireAlike(a: RunManifest, b: RunManifest): void {
  const differs = firstDifference(a, b)
  if (differs === undefined) return
  throw new AgentEvalError(`runs ${a.run} and ${b.run} differ in ${differs}`, 'usage', {
    hint: 'only runs of the same agent by the same yardstick can be pooled',
  })
}

function firstDifference(a: RunManifest, b: RunManifest): string | undefined {
  const kinds: Readonly<Record<string, (provenance: Provenance) => object>> = {
    'their agent': ({ agentBehind, candidate }) => ({ agentBehind, candidate }),
    'their eval set': ({ evalSet }) => evalSet,
    'the version of agent-eval': ({ tool }) => ({ tool }),
  }
  return Object.keys(kinds).find((kind) => {
    const of = (manifest: RunManifest): string =>
      canonicalJson(asJson(kinds[kind]?.(manifest.provenance) ?? {}))
    return of(a) !== of(b)
  })
}

/** The trials of the later run are numbered on from those of the earlier one. */
function poolTwo(before: FinishedRun, next: FinishedRun): FinishedRun {
  const offset = Math.max(0, ...before.manifest.cases.map((one) => one.trials))
  return {
    manifest: {
      ...before.manifest,
      cases: poolPlans(before.manifest.cases, next.manifest.cases),
    },
    rows: poolRows(before.rows, next.rows, offset),
  }
}

function poolPlans(before: readonly PlannedCase[], next: readonly PlannedCase[]): PlannedCase[] {
  const more = new Map(next.map((one) => [one.id, one.trials]))
  return before.map((one) => ({ ...one, trials: one.trials + (more.get(one.id) ?? 0) }))
}

function poolRows(
  before: readonly CaseRows[],
  next: readonly CaseRows[],
  offset: number,
): readonly CaseRows[] {
  const more = new Map(next.map((one) => [one.id, one.rows]))
  const known = new Set(before.map((one) => one.id))
  const renumbered = (rows: CaseRows['rows']): CaseRows['rows'] =>
    rows.map((row) => ({ ...row, trial: row.trial + offset }))
  return [
    ...before.map((one) => ({
      ...one,
      rows: [...one.rows, ...renumbered(more.get(one.id) ?? [])],
    })),
    ...next
      .filter((one) => !known.has(one.id))
      .map((one) => ({ ...one, rows: renumbered(one.rows) })),
  ]
}
