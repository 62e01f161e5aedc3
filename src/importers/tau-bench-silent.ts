import { z } from 'zod'
import type { JsonValue } from '../schema/json.ts'
import type { LintFigures } from '../schema/lint-figures.ts'
import type { TauRun } from './tau-bench-file.ts'

/**
 * The tools of the benchmark's two domains that change its database, and the others. A recording
 * names the calls of a reference solution and does not say what they do.
 *
 * @see tau_bench/envs/airline/tools and tau_bench/envs/retail/tools
 */
const writes: ReadonlySet<string> = new Set([
  'book_reservation',
  'cancel_pending_order',
  'cancel_reservation',
  'exchange_delivered_order_items',
  'modify_pending_order_address',
  'modify_pending_order_items',
  'modify_pending_order_payment',
  'modify_user_address',
  'return_delivered_order_items',
  'send_certificate',
  'update_reservation_baggages',
  'update_reservation_flights',
  'update_reservation_passengers',
])
const reads: ReadonlySet<string> = new Set([
  'calculate',
  'find_user_id_by_email',
  'find_user_id_by_name_zip',
  'get_order_details',
  'get_product_details',
  'get_reservation_details',
  'get_user_details',
  'list_all_airports',
  'list_all_product_types',
  'search_direct_flight',
  'search_onestop_flight',
  'think',
  'transfer_to_human_agents',
])

const namedAction = z.object({ name: z.string() })

type Task = NonNullable<TauRun['info']['task']>

/**
 * What an agent would score that says and does nothing. The benchmark compares the end state with
 * the reference's and looks for required outputs, so a task whose reference writes nothing and that
 * needs no output is passed by silence.
 *
 * @param tasks - one for each case; `undefined` where the file does not define it
 * @returns `undefined` where it cannot be told for every task: without a definition, or with a tool
 *   of another domain
 */
export function silentScore(tasks: readonly (Task | undefined)[]): LintFigures['nullAgent'] {
  const passes = tasks.map((task) => (task === undefined ? undefined : passesSilent(task)))
  if (passes.length === 0 || passes.includes(undefined)) return undefined
  return { id: 'silent', passed: passes.filter(Boolean).length, scored: passes.length }
}

function passesSilent({ actions, outputs }: Task): boolean | undefined {
  const names = actions.map(nameOf)
  if (!names.every((name) => writes.has(name) || reads.has(name))) return undefined
  return outputs.length === 0 && !names.some((name) => writes.has(name))
}

function nameOf(action: JsonValue): string {
  return namedAction.safeParse(action).data?.name ?? ''
}
