import type { JsonValue } from '../schema/json.ts'
import type { StateChange } from '../schema/trace.ts'
import type { BlastRadius } from '../schema/trial.ts'
import { canonicalJson } from '../text/canonical-json.ts'
import { formatPointer } from '../world/pointer.ts'
import type { TrialView } from './trial-view.ts'

/**
 * How far the executed calls of a trial reached: the dollars that they moved, the records that they
 * changed, and the tenants besides the agent's own that they touched. `undefined` where all are 0.
 *
 * A record is what stands on the second level of the state, such as `/orders/O-1`; what is deeper
 * belongs to it. Dollars and tenants are those of the calls as they were proposed. An agent without a
 * tenant touches nobody else's records.
 *
 * @param granted - the agent's tenant as the organisation says, which beats its own word
 */
export function blastRadiusOf(
  { calls, start }: TrialView,
  granted?: string,
): BlastRadius | undefined {
  const executed = calls.filter((call) => call.executed)
  // Two amounts near the end of all numbers still have a sum in JSON.
  const usd = executed.reduce((sum, call) => Math.min(Number.MAX_VALUE, sum + (call.usd ?? 0)), 0)
  const records = new Set(executed.flatMap(({ changes }) => changes.flatMap(recordsIn)))
  const own = granted ?? start?.agent.tenant
  const tenants = new Set(own === undefined ? [] : executed.map(({ tenant }) => tenant))
  tenants.delete(undefined)
  tenants.delete(own)
  if (usd === 0 && records.size === 0 && tenants.size === 0) return undefined
  return { usd, records: records.size, tenants: tenants.size }
}

/** A change of a whole collection is one of each record that is not what it was. */
function recordsIn({ from, path, value }: StateChange): readonly string[] {
  const [, collection = '', record] = path.split('/', 3)
  if (record !== undefined) return [`/${collection}/${record}`]
  const before = membersOf(from)
  const after = membersOf(value)
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (key) => jsonOf(before.get(key)) !== jsonOf(after.get(key)),
  )
  return changed.length === 0 ? [path] : changed.map((key) => `${path}${formatPointer([key])}`)
}

function membersOf(value: JsonValue | undefined): ReadonlyMap<string, JsonValue> {
  if (typeof value !== 'object' || value === null) return new Map()
  return new Map(Object.entries(value))
}

function jsonOf(value: JsonValue | undefined): string | undefined {
  return value === undefined ? undefined : canonicalJson(value)
}
