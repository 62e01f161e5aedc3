import type { LintCheck } from '../check.ts'
import { effectsWithoutLimits } from './effects-without-limits.ts'
import { expectationDead } from './expectation-dead.ts'
import { expectationVacuous } from './expectation-vacuous.ts'
import { goalUnguarded } from './goal-unguarded.ts'
import { nearDuplicateAcrossSplits } from './near-duplicate-across-splits.ts'
import { numberUnanchored } from './number-unanchored.ts'
import { refusalWithoutTwin } from './refusal-without-twin.ts'
import { whenUnreachable } from './when-unreachable.ts'

/** What is looked for in every case that has an oracle, besides its mutants and the null agents. */
export const lintChecks: readonly LintCheck[] = [
  effectsWithoutLimits,
  numberUnanchored,
  expectationVacuous,
  expectationDead,
  whenUnreachable,
  refusalWithoutTwin,
  goalUnguarded,
  nearDuplicateAcrossSplits,
]
