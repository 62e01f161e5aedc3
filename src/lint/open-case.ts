import type { EvalCase } from '../schema/case.ts'
import type { Played } from './played.ts'
import type { CasePlayer, PreparePlayer } from './player.ts'
import { playOracle } from './scripted-provider.ts'

/** A case whose oracle was played, by every rule and within its limits. */
export interface OpenedCase {
  readonly evalCase: EvalCase
  readonly player: CasePlayer
  readonly oracle: Played
}

/** Makes a case ready and plays its oracle, which the checks of other cases may look at. */
export async function openCase(evalCase: EvalCase, prepare: PreparePlayer): Promise<OpenedCase> {
  const player = await prepare(evalCase)
  const script = playOracle(evalCase.oracle)
  return { evalCase, player, oracle: await player.play(script, { judged: true, limited: true }) }
}
