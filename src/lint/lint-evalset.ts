import type { LintResult } from '../schema/lint-result.ts'
import type { LoadedEvalSet } from '../suites/load-evalset.ts'
import type { ModuleTools } from '../world/prepare-world.ts'
import { type CaseReport, lintCase } from './lint-case.ts'
import { type OpenedCase, openCase } from './open-case.ts'
import { createPlayer } from './player.ts'
import { summariseLint } from './summarise-lint.ts'

export interface LintRequest {
  readonly evalSet: LoadedEvalSet
  readonly modules: ModuleTools
}

/** A set whose oracles were played. Its cases can be looked at one by one, in any order. */
export interface OpenedSet {
  /** Of the cases that have an oracle, in their order. */
  readonly ids: readonly string[]
  readonly lint: (id: string) => Promise<CaseReport>
}

/**
 * Plays the oracle of every case, which other cases' checks may look at.
 *
 * @throws AgentEvalError (input) for whatever in the eval set does not fit together
 */
export async function openSet({ evalSet, modules }: LintRequest): Promise<OpenedSet> {
  const prepare = await createPlayer(evalSet, modules)
  const opened = new Map<string, OpenedCase>()
  for (const evalCase of evalSet.cases) {
    if (evalCase.oracle.length > 0) opened.set(evalCase.id, await openCase(evalCase, prepare))
  }
  const playedOracles = new Map([...opened].map(([id, { oracle }]) => [id, oracle]))
  return {
    ids: [...opened.keys()],
    lint(id) {
      const one = opened.get(id)
      if (one === undefined) throw new Error(`no case ${id} was opened`)
      return lintCase(one, { evalSet, prepare, playedOracles })
    },
  }
}

/**
 * Shows of every case whether it can fail: plays its oracle, agents without a brain, and the oracle
 * with one thing wrong at a time, all without a model and without any candidate's own rules. Equal
 * sets give equal results.
 *
 * @throws AgentEvalError (input) for whatever in the eval set does not fit together
 */
export async function lintEvalSet(request: LintRequest): Promise<LintResult> {
  const { ids, lint } = await openSet(request)
  const reports = new Map<string, CaseReport>()
  for (const id of ids) reports.set(id, await lint(id))
  return summariseLint(request.evalSet, reports)
}
