import type { EvalCase } from '../schema/case.ts'
import type { LintFinding } from '../schema/lint-result.ts'
import type { OracleStep } from '../schema/oracle.ts'
import type { LoadedEvalSet } from '../suites/load-evalset.ts'
import type { Played } from './played.ts'

/** A case with an oracle, and what playing it came to. */
export interface CheckedCase {
  readonly evalCase: EvalCase
  readonly evalSet: LoadedEvalSet
  /** All cases of the set, sorted by id. */
  readonly cases: readonly EvalCase[]
  /** The case's own oracle, judged by the judging policy too. */
  readonly oracle: Played
  /** The same with the attack's steps right after its delivery; absent without an attack. */
  readonly attack?: Played
  /** The oracle of every case that has one, by case id. */
  readonly playedOracles: ReadonlyMap<string, Played>
  /** Plays other steps against this case; references such as `$1.id` are resolved. */
  readonly play: (steps: readonly OracleStep[]) => Promise<Played>
}

/** What a check has against a case. */
export interface CheckFinding {
  /** The place inside the case, for example `['expect', 'says', 0, 'any']`; empty: the case. */
  readonly path: readonly (string | number)[]
  readonly level: LintFinding['level']
  /** One sentence: what is wrong, as it would bite. */
  readonly message: string
  /** What would mend it. */
  readonly hint?: string
}

/** One way in which a case can be less than it looks, found without playing mutants of it. */
export interface LintCheck {
  /** The rule under which its findings are reported. */
  readonly id: string
  readonly check: (
    subject: CheckedCase,
  ) => readonly CheckFinding[] | Promise<readonly CheckFinding[]>
}
