import type { Journal } from '../replay/journal.ts'
import type { TrialLine } from '../schema/trial.ts'

/** A journal that keeps some lines back until `release`. */
interface HoldingJournal extends Journal {
  readonly release: () => void
}

/**
 * Keeps back the lines of trials that a service has spoiled.
 *
 * Whether it was a bad moment or the service is down shows only later. Where it is down the run ends,
 * and without a line these trials are made again by whoever goes on with it: else a short outage would
 * cost evidence for good.
 */
export function holdSpoiled(journal: Journal): HoldingJournal {
  const held: TrialLine[] = []
  return {
    ...journal,
    trial(line) {
      if (line.outcome === 'invalid' && line.termination === 'provider_error') held.push(line)
      else journal.trial(line)
    },
    release() {
      for (const line of held.splice(0)) journal.trial(line)
    },
  }
}
