import type { GateConfig } from '../schema/gate-config.ts'
import type { Verdict } from '../schema/verdict.ts'
import type { Arm } from './arm.ts'
import type { SamplingState } from './sampling-state.ts'

/** What a decision is made from. */
export interface GateInput {
  readonly candidate: Arm
  /** Absent on a first run: then only facts and absolute limits are judged. */
  readonly baseline?: NamedArm
  /** The last release, compared besides: small drops may not add up unseen. */
  readonly anchor?: NamedArm
  readonly gate: GateConfig
  /** Where the rules came from, if not from the tree under test, and what is different there. */
  readonly rules?: Verdict['rules']
  /** For a run that may end early: how far it is. Its look may spend a part of `gate.alpha` only. */
  readonly sampling?: SamplingState
  /** What the shell knows and a reader should: an old baseline, a copy that git could not find. */
  readonly advice?: readonly string[]
  /** Ids of eval sets that the base runs and this change does not run any more. */
  readonly goneSets?: readonly string[]
  /** Cases of the set that the run was not asked for: absent without being removed. */
  readonly notSelected?: ReadonlySet<string>
  /** An ISO date, for waivers that expire. */
  readonly today: string
}

/** An arm and where it came from, for the report. */
interface NamedArm {
  readonly arm: Arm
  readonly from: string
}
