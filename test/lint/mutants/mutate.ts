import { lintSubject } from '../../../src/lint/lint-subject.ts'
import type { Mutant, MutantKind } from '../../../src/lint/mutants/mutant.ts'
import { describeStep } from '../../../src/lint/play-step.ts'
import { opened, type ShopCase } from '../shop.ts'

/** The mutants of one kind, of a case whose oracle passes. */
export async function mutantsOf(kind: MutantKind, one: ShopCase): Promise<readonly Mutant[]> {
  const { evalSet, ...rest } = await opened(one)
  if (rest.oracle.outcome !== 'pass') throw new Error(rest.oracle.reason)
  return kind.mutate(lintSubject(rest, evalSet))
}

/** Their names with what such agents do. */
export async function deedsOf(
  kind: MutantKind,
  one: ShopCase,
): Promise<Readonly<Record<string, string>>> {
  const mutants = await mutantsOf(kind, one)
  return Object.fromEntries(mutants.map(({ does, name }) => [name, does]))
}

/** Its steps, a line each. */
export function written(mutant: Mutant | undefined): readonly string[] {
  return (mutant?.steps ?? []).map(describeStep)
}
