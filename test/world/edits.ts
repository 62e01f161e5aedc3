import fc from 'fast-check'
import { type Json, toExprValue } from '../../src/expr/value.ts'
import type { Edit } from '../../src/world/apply-changes.ts'

/** Steps that meet the shop often enough, and miss it often enough. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('orders', 'O-1', 'O-2', 'status', 'refunds', 'totals') },
  { weight: 2, arbitrary: fc.constantFrom('0', '1', 'refunded_cents', 'rate', 'refund', 'new') },
  { weight: 1, arbitrary: fc.constantFrom('__proto__', 'a/b', '~', '', '-') },
)
const path = fc.array(step, { minLength: 1, maxLength: 4 })
const value = fc
  .oneof(fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>, fc.integer())
  .map((json) => toExprValue(json))

/** Some change, possible or not. */
export const anEdit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ op: fc.constantFrom('set', 'inc', 'append'), path, value }),
  fc.record({ op: fc.constant('inc'), path: fc.constant(['totals', 'refunded_cents']), value }),
  fc.record({ op: fc.constant('append'), path: fc.constant(['refunds']), value }),
  fc.record({ op: fc.constant('remove'), path }),
)
