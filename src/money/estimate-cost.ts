import type { Usage } from '../schema/model-answer.ts'

/** What is known of one planned case before it runs. */
export interface CaseToPrice {
  readonly id: string
  readonly trials: number
  /** Characters of prompt, tools and the user's words: what stands in every request. */
  readonly promptChars: number
  /** Model requests that the case's own solution takes; ≥ 1. */
  readonly requests: number
  /** What one trial of the baseline cost, where it asked the same models. */
  readonly baselineUsd?: number
}

/** What a run or a trial may cost, in US dollars. */
interface CostRange {
  readonly low: number
  readonly high: number
}

/** An estimate for a run, and for one trial of each of its cases. */
export interface CostEstimate extends CostRange {
  /** Trials that were reckoned from the baseline. */
  readonly fromBaseline: number
  readonly perTrial: ReadonlyMap<string, CostRange>
}

/** The usual rule of thumb for English; other languages and JSON have fewer characters to a token. */
const charsPerToken = 4
/** A call with short arguments; an answer that thinks aloud. */
const answerTokens = { low: 40, high: 500 }
/** Results and answers that later requests carry with them. */
const growthTokens = { low: 60, high: 800 }
/** An agent that looks around takes more steps than the solution. */
const detour = 2
/** What one trial costs differs from the next by about this, in either direction. */
const spread = 1.25

/**
 * How much a run may cost, before anything is sent: from what the baseline's trials cost, else from the
 * sizes of what every request holds and from the number of steps in the case's own solution.
 *
 * The low end is an agent that takes the solution's way in few words, from a cold cache; the high end one
 * that takes twice as many steps and talks. A budget is checked against the low end.
 *
 * @param price - of one answer; `undefined` where no price is known
 * @returns `undefined` as soon as one case cannot be priced: a part of the sum would be a wrong number
 */
export function estimateCost(
  cases: readonly CaseToPrice[],
  price: (usage: Usage) => number | undefined,
): CostEstimate | undefined {
  const perTrial = new Map<string, CostRange>()
  let fromBaseline = 0
  let low = 0
  let high = 0
  for (const one of cases) {
    const range = trialRange(one, price)
    if (range === undefined) return undefined
    perTrial.set(one.id, range)
    if (one.baselineUsd !== undefined) fromBaseline += one.trials
    low += range.low * one.trials
    high += range.high * one.trials
  }
  return { low, high, fromBaseline, perTrial }
}

function trialRange(
  { baselineUsd, promptChars, requests }: CaseToPrice,
  price: (usage: Usage) => number | undefined,
): CostRange | undefined {
  if (baselineUsd !== undefined) return { low: baselineUsd / spread, high: baselineUsd * spread }
  const base = Math.ceil(promptChars / charsPerToken)
  const low = price(talk(base, requests, 'low'))
  const high = price(talk(base, requests * detour, 'high'))
  return low === undefined || high === undefined ? undefined : { low, high }
}

/** A talk of so many requests, each of which carries all that was said before. */
function talk(base: number, requests: number, end: 'low' | 'high'): Usage {
  const carried = (growthTokens[end] * requests * (requests - 1)) / 2
  return {
    inputTokens: base * requests + carried,
    outputTokens: answerTokens[end] * requests,
  }
}
