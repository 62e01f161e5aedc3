import { calls } from './calls.ts'
import { changes } from './changes.ts'
import { effects } from './effects.ts'
import { evidence } from './evidence.ts'
import { explained } from './explained.ts'
import type { Grader } from './grader.ts'
import { route } from './route.ts'
import { says } from './says.ts'
import { schema } from './schema.ts'
import { state } from './state.ts'

/**
 * All graders. The first that fails is the one a report quotes, so what did harm stands before
 * what was left undone, and both before form.
 */
export const graders: readonly Grader[] = [
  changes,
  effects,
  state,
  calls,
  says,
  evidence,
  explained,
  route,
  schema,
]
