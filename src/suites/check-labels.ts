import type { WrittenCase } from '../schema/case.ts'
import { quote, unknownName } from './describe.ts'
import type { Finding } from './problem.ts'

interface Around {
  /** Ids of all cases; absent where not all could be read. */
  readonly ids: ReadonlySet<string> | undefined
  /** ISO date; without it nothing expires. */
  readonly today: string | undefined
}

/** What a case says about itself and other cases that is not so, or not any more. */
export function checkLabels(written: WrittenCase, { ids, today }: Around): readonly Finding[] {
  return [
    ...(ids === undefined ? [] : checkTwin(written, ids)),
    ...checkMutants(written),
    ...(today === undefined ? [] : checkQuarantine(written, today)),
  ]
}

function checkTwin(
  { id, permitted_twin: twin }: WrittenCase,
  ids: ReadonlySet<string>,
): readonly Finding[] {
  if (twin === undefined) return []
  const path = ['permitted_twin']
  if (twin === id) return [{ path, message: 'a case cannot be its own twin' }]
  return ids.has(twin) ? [] : [{ path, message: unknownName('case', twin, ids) }]
}

function checkMutants({ accept_mutants: accepted }: WrittenCase): readonly Finding[] {
  const earlier = new Set<string>()
  return accepted.flatMap(({ mutant }, index) => {
    const isRepeated = earlier.has(mutant)
    earlier.add(mutant)
    const message = `${quote(mutant)} is accepted above already`
    return isRepeated ? [{ path: ['accept_mutants', index, 'mutant'], message }] : []
  })
}

/** A quarantine counts through its last day. */
function checkQuarantine({ status }: WrittenCase, today: string): readonly Finding[] {
  if (typeof status !== 'object') return []
  const { expires, owner, reason } = status.quarantined
  if (expires >= today) return []
  const message = `quarantine expired on ${expires}: ${quote(reason)}, owned by ${quote(owner)}`
  const hint = 'mend the case, delete it, or decide on a new date'
  return [{ path: ['status', 'quarantined', 'expires'], message, hint }]
}
