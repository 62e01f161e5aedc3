import { add } from './add.ts'
import { change, redirect } from './change.ts'
import { double } from './double.ts'
import { drop } from './drop.ts'
import { misstate } from './misstate.ts'
import type { MutantKind } from './mutant.ts'
import { silence } from './silence.ts'
import { swap } from './swap.ts'

/** All ways to do a task wrong, in the order in which findings stand. */
export const mutantKinds: readonly MutantKind[] = [
  drop,
  change,
  redirect,
  double,
  add,
  swap,
  silence,
  misstate,
]
