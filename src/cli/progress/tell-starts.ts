import type { Journal } from '../../replay/journal.ts'
import type { TrialKey } from '../../schema/trial-key.ts'

/** A journal that also tells somebody of each trial that begins: its first event says so anyway. */
export function tellStarts(journal: Journal, tell: (key: TrialKey) => void): Journal {
  return {
    ...journal,
    event(key, event) {
      if (event.type === 'trial.start') tell(key)
      journal.event(key, event)
    },
  }
}
