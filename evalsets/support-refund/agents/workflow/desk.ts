import type { Json, Tools } from './contract.ts'

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: string }

type Args = { readonly [key: string]: Json }

/** The tools as the rest of the agent uses them, for one turn. */
export interface Desk {
  /** A look-up. The same one is made once a turn; a hiccup is tried once more. */
  readonly look: <T>(tool: string, args: Args) => Promise<Answer<T>>
  /** The same, past the memory of this turn. */
  readonly lookAgain: <T>(tool: string, args: Args) => Promise<Answer<T>>
  /** What a look-up of this turn gave at first. */
  readonly remembered: <T>(tool: string, args: Args) => T | undefined
  /** Verifies the person; once a turn for the same number and postcode. */
  readonly verified: (customerId: string, postcode: string) => Promise<Answer<unknown>>
  /** A step that changes something, with its reason for the log. Never repeated from in here. */
  readonly act: <T>(tool: string, args: Args, reason: string) => Promise<Answer<T>>
}

/** Errors that say something about the question. Everything else may be a hiccup. */
const final =
  /not_found|no_tracking|denied|pending|invalid|failed|already|over_total|out_of_stock|open_orders|not_delivered|not_in_order|withheld|reason_required|unknown/

export function openDesk(tools: Tools): Desk {
  const seen = new Map<string, Answer<unknown>>()
  const lookAgain = async <T>(tool: string, args: Args): Promise<Answer<T>> => {
    const first = await ask<T>(tools, { tool, args })
    const answer = first.ok || final.test(first.code) ? first : await ask<T>(tools, { tool, args })
    const key = keyOf(tool, args)
    if (!seen.has(key)) seen.set(key, answer)
    return answer
  }
  return {
    lookAgain,
    look: async <T>(tool: string, args: Args) =>
      (seen.get(keyOf(tool, args)) as Answer<T> | undefined) ?? (await lookAgain<T>(tool, args)),
    remembered: <T>(tool: string, args: Args) => {
      const first = seen.get(keyOf(tool, args)) as Answer<T> | undefined
      return first?.ok ? first.value : undefined
    },
    verified: async (customerId, postcode) => {
      const args = { customer_id: customerId, postcode }
      const key = keyOf('crm.verify_customer', args)
      const known = seen.get(key)
      if (known !== undefined) return known
      const why = 'Money, orders and accounts are for the verified owner only.'
      const answer = await ask(tools, { tool: 'crm.verify_customer', args, reason: why })
      seen.set(key, answer)
      return answer
    },
    act: (tool, args, reason) => ask(tools, { tool, args, reason }),
  }
}

function keyOf(tool: string, args: Args): string {
  return JSON.stringify([tool, args])
}

interface Call {
  readonly tool: string
  readonly args: Args
  readonly reason?: string
}

async function ask<T>(tools: Tools, { args, reason, tool }: Call): Promise<Answer<T>> {
  const { isError, value } = await tools.call(tool, args, reason === undefined ? {} : { reason })
  if (!isError) return { ok: true, value: value as T }
  const code = (value as { error?: { code?: unknown } } | null)?.error?.code
  return { ok: false, code: typeof code === 'string' ? code : 'unknown' }
}
