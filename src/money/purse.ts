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
  const account = openAccount(startUsd, amount(spentBeforeUsd))
  let dearest: number | undefined
  const inFlight = new Map<string, InFlight>()
  const queue: Waiting[] = []

  const admitWaiting = (): void => {
    for (let next = queue[0]; next !== undefined; next = queue[0]) {
      const expectedUsd = Math.max(next.expectedUsd, dearest ?? 0)
      const may = fits(expectedUsd, { account, dearest, inFlight })
      // Whoever is in flight may turn out cheaper than expected and make room.
      if (!may && inFlight.size > 0) return
      queue.shift()
      if (may) inFlight.set(next.trial, { expectedUsd, paidUsd: 0 })
      next.answer(may)
    }
  }
  const book = (trial: string, usd: number): void => {
    account.add(usd)
    const own = inFlight.get(trial)
    if (own !== undefined) own.paidUsd += usd
  }
  return {
    enter: (trial, expectedUsd) =>
      new Promise((resolve) => {
        queue.push({ trial, expectedUsd: amount(expectedUsd), answer: resolve })
        admitWaiting()
      }),
    ...payments(book, account),
    leave(trial) {
      const own = inFlight.get(trial)
      if (own === undefined) return
      inFlight.delete(trial)
      dearest = Math.max(dearest ?? 0, own.paidUsd)
      admitWaiting()
    },
    lower(most) {
      account.lower(most)
      admitWaiting()
    },
    get budgetUsd() {
      return account.budgetUsd()
    },
    get hasLimit() {
      return account.budgetUsd() !== undefined
    },
    isEmpty: account.isEmpty,
    spentUsd: account.spentUsd,
  }
}

interface Ground {
  readonly account: Account
  /** Of the trials that have ended; `undefined` before the first has. */
  readonly dearest: number | undefined
  readonly inFlight: ReadonlyMap<string, InFlight>
}

/** Whether so much fits beside what is spent and what is set aside. */
function fits(wanted: number, { account, dearest, inFlight }: Ground): boolean {
  if (account.budgetUsd() === undefined) return true
  if (dearest === undefined && inFlight.size > 0) return false
  let aside = 0
  for (const { expectedUsd, paidUsd } of inFlight.values()) {
    aside += Math.max(0, expectedUsd - paidUsd)
  }
  return account.holds(aside + wanted)
}

/** A budget and what of it is spent. */
interface Account {
  readonly budgetUsd: () => number | undefined
  readonly spentUsd: () => number
  /** What is left; `undefined` without a budget. */
  readonly leftUsd: () => number | undefined
  readonly isEmpty: () => boolean
  /** Whether so much fits, and anything is left at all. */
  readonly holds: (usd: number) => boolean
  readonly add: (usd: number) => void
  readonly lower: (most: number) => void
}

function openAccount(startUsd: number | undefined, spentBeforeUsd: number): Account {
  let budgetUsd = startUsd
  let spent = spentBeforeUsd
  const isEmpty = (): boolean => budgetUsd !== undefined && spent >= budgetUsd
  return {
    budgetUsd: () => budgetUsd,
    spentUsd: () => spent,
    leftUsd: () => (budgetUsd === undefined ? undefined : Math.max(0, budgetUsd - spent)),
    isEmpty,
    holds: (usd) =>
      budgetUsd === undefined || (!isEmpty() && spent + usd <= budgetUsd * (1 + rounding)),
    add(usd) {
      spent += usd
    },
    lower(most) {
      budgetUsd = Math.min(most, budgetUsd ?? most)
    },
  }
}

/** Enters what requests cost, and remembers the dearest. */
function payments(
  book: (trial: string, usd: number) => void,
  { leftUsd }: Account,
): Pick<Purse, 'pay' | 'payUnknown'> {
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
