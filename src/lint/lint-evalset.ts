import type { PolicyEngines } from '../controls/controls.ts'
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
  /** Opened engines of the judging policy; absent: it names none. */
  readonly engines?: PolicyEngines
}

/**
 * Shows of every case whether it can fail: plays its oracle, agents without a brain, and the oracle
 * with one thing wrong at a time, all without a model and without any candidate's own rules. Equal
 * sets give equal results.
 *
 * @throws AgentEvalError (input) for whatever in the eval set does not fit together
 */
export async function lintEvalSet({ engines, evalSet, modules }: LintRequest): Promise<LintResult> {
  const prepare = await createPlayer(evalSet, modules, engines)
  const opened: OpenedCase[] = []
  for (const evalCase of evalSet.cases) {
    if (evalCase.oracle.length > 0) opened.push(await openCase(evalCase, prepare))
  }
  const playedOracles = new Map(opened.map(({ evalCase, oracle }) => [evalCase.id, oracle]))
  const reports = new Map<string, CaseReport>()
  for (const one of opened) {
    reports.set(one.evalCase.id, await lintCase(one, { evalSet, prepare, playedOracles }))
  }
  return summariseLint(evalSet, reports)
}
