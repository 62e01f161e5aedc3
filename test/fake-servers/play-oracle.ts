import { resolveArguments, resolveWords } from '../../src/providers/reference/references.ts'
import type { JsonValue } from '../../src/schema/json.ts'
import type { Oracle, OracleCall } from '../../src/schema/oracle.ts'
import type { FakeAnswer, FakeRequest } from './fake-exchange.ts'
import { answersSoFar, resultsSoFar } from './scripts.ts'

/**
 * Plays a case's solution as a model would: calls that need nothing of each other's results stand
 * in one answer. Results are read out of the conversation, so that trials at once are told apart.
 */
export function playOracle(oracle: Oracle): (request: FakeRequest) => FakeAnswer {
  const answers = groupSteps(oracle)
  return (request) => {
    const step = answers[answersSoFar(request)]
    const results = resultsSoFar(request).map(readResult)
    const resultOf = (number: number): JsonValue | undefined => results[number - 1]
    if (step === undefined) return { text: 'That is all.' }
    if (typeof step === 'string') return { text: resolveWords(step, resultOf) }
    return {
      toolCalls: step.map(({ args, call }) => ({
        name: sentName(request, call),
        args: resolveArguments(args, resultOf),
      })),
    }
  }
}

/** A tool's name as this client writes it: services take no dots. */
function sentName({ tools }: FakeRequest, name: string): string {
  const plain = (text: string): string => text.replaceAll(/[^a-zA-Z0-9]+/g, '_')
  return tools.find((tool) => plain(tool) === plain(name)) ?? name
}

/** Solves `refund.damaged.full[knife]` of `support-refund`: two lookups at once, the refund, a reply. */
export const knifeRefund: Oracle = [
  { call: 'crm.verify_customer', args: { customer_id: 'C-12', postcode: '97214' } },
  { call: 'orders.get_status', args: { order_id: 'O-1201' } },
  {
    call: 'payments.issue_refund',
    args: { order_id: 'O-1201', amount_usd: '$2.total_usd', reason_code: 'damaged' },
  },
  { say: "I'm sorry about the knife. I have refunded $44.8, which takes three to five days." },
]

function groupSteps(oracle: Oracle): readonly (string | readonly OracleCall[])[] {
  const groups: (string | OracleCall[])[] = []
  let made = 0
  let madeBefore = 0
  for (const step of oracle) {
    if ('say' in step) {
      groups.push(step.say)
      continue
    }
    const last = groups.at(-1)
    if (Array.isArray(last) && latestReference(step) <= madeBefore) last.push(step)
    else {
      madeBefore = made
      groups.push([step])
    }
    made += 1
  }
  return groups
}

/** The highest number of a call that these arguments refer to; 0 for none. */
function latestReference({ args }: OracleCall): number {
  const numbers = [...JSON.stringify(args).matchAll(/\$(\d{1,3})(?=[.}"])/g)].map((m) =>
    Number(m[1]),
  )
  return Math.max(0, ...numbers)
}

function readResult(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return text
  }
}
