/** What a run may still spend; one purse serves everybody who asks models in it. */
export interface Purse {
  /**
   * Waits until a trial may start, in the order of asking, and sets aside what it is expected to cost.
   *
   * @param expectedUsd - by the best knowledge before it runs
   * @returns whether it may; `false` once it does not fit and nothing in flight could make room
   */
  readonly enter: (trial: string, expectedUsd: number) => Promise<boolean>
  /**
   * Enters money that was paid for one request, the moment it is known; with an empty trial also what
   * many of them came to that belong to none.
   */
  readonly pay: (trial: string, usd: number) => void
  /**
   * Enters a request that was sent and whose cost nobody knows: as much as the dearest one so far, and
   * before any is known all that is left. Nothing where there is no budget.
   */
  readonly payUnknown: (trial: string) => void
  /** The trial has ended: what it did not use is free again. */
  readonly leave: (trial: string) => void
  /** The whole budget is spent: no further request is to be sent. */
  readonly isEmpty: () => boolean
  /** Whether there is a budget at all. */
  readonly hasLimit: boolean
  /** What may be spent in all, in US dollars; `undefined`: no limit. */
  readonly budgetUsd: number | undefined
  /** Makes a larger budget, or none, one of so much. What is in flight goes on. */
  readonly lower: (budgetUsd: number) => void
  readonly spentUsd: () => number
}

/** Ten cents ten times are not quite a dollar to a computer. */
const rounding = 1e-9

interface InFlight {
  readonly expectedUsd: number
  paidUsd: number
}

interface Waiting {
  readonly trial: string
  readonly expectedUsd: number
  readonly answer: (may: boolean) => void
}

/**
 * Admission control: a trial starts only if its cost fits beside what is spent and what the trials in
 * flight are still expected to cost. What is expected is the dearer of the estimate and the dearest
 * trial so far.
 *
 * Until one trial has ended only one runs, so that a wrong estimate is wrong once. The spending then
 * passes the budget by less than one trial; should trials turn out dearer than every one before them,
 * `isEmpty` ends them at their next request.
 *
 * @param startUsd - the budget; `undefined`: no limit, and the purse only counts
 * @param spentBeforeUsd - what an earlier process of the same run has spent
 */
export function openPurse(startUsd: number | undefined, spentBeforeUsd = 0): Purse {
  let budgetUsd = startUsd
  let spent = amount(spentBeforeUsd)
  let dearest: number | undefined
  const inFlight = new Map<string, InFlight>()
  const queue: Waiting[] = []

  const fits = (wanted: number): boolean => {
    if (budgetUsd === undefined) return true
    if (dearest === undefined && inFlight.size > 0) return false
    let aside = 0
    for (const { expectedUsd, paidUsd } of inFlight.values()) {
      aside += Math.max(0, expectedUsd - paidUsd)
    }
    return spent < budgetUsd && spent + aside + wanted <= budgetUsd * (1 + rounding)
  }
  const admitWaiting = (): void => {
    for (let next = queue[0]; next !== undefined; next = queue[0]) {
      const expectedUsd = Math.max(next.expectedUsd, dearest ?? 0)
      const may = fits(expectedUsd)
      // Whoever is in flight may turn out cheaper than expected and make room.
      if (!may && inFlight.size > 0) return
      queue.shift()
      if (may) inFlight.set(next.trial, { expectedUsd, paidUsd: 0 })
      next.answer(may)
    }
  }
  const bill: Bill = {
    book(trial, usd) {
      spent += usd
      const own = inFlight.get(trial)
      if (own !== undefined) own.paidUsd += usd
    },
    leftUsd: () => (budgetUsd === undefined ? undefined : Math.max(0, budgetUsd - spent)),
  }
  return {
    enter: (trial, expectedUsd) =>
      new Promise((resolve) => {
        queue.push({ trial, expectedUsd: amount(expectedUsd), answer: resolve })
        admitWaiting()
      }),
    ...payments(bill),
    leave(trial) {
      const own = inFlight.get(trial)
      if (own === undefined) return
      inFlight.delete(trial)
      dearest = Math.max(dearest ?? 0, own.paidUsd)
      admitWaiting()
    },
    lower(most) {
      budgetUsd = Math.min(most, budgetUsd ?? most)
      admitWaiting()
    },
    get budgetUsd() {
      return budgetUsd
    },
    get hasLimit() {
      return budgetUsd !== undefined
    },
    isEmpty: () => budgetUsd !== undefined && spent >= budgetUsd,
    spentUsd: () => spent,
  }
}

/** What is paid goes on it. */
interface Bill {
  readonly book: (trial: string, usd: number) => void
  /** Of the budget; `undefined` where there is none. */
  readonly leftUsd: () => number | undefined
}

/** Enters what requests cost, and remembers the dearest. */
function payments({ book, leftUsd }: Bill): Pick<Purse, 'pay' | 'payUnknown'> {
  let dearest: number | undefined
  return {
    pay(trial, usd) {
      book(trial, amount(usd))
      if (trial !== '') dearest = Math.max(dearest ?? 0, amount(usd))
    },
    payUnknown(trial) {
      const rest = leftUsd()
      if (rest !== undefined) book(trial, dearest ?? rest)
    },
  }
}

/** A service that reports nonsense neither fills nor breaks the purse. */
function amount(usd: number): number {
  return Number.isFinite(usd) && usd > 0 ? usd : 0
}
