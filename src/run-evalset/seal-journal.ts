import type { Journal } from '../replay/journal.ts'
import type { RunManifest } from '../schema/run-manifest.ts'
import type { RuleViolations } from '../schema/trial.ts'

const withheld = 'withheld: a holdout case'

/**
 * A journal that keeps numbers of holdout cases and none of their text: no events, and no reasons
 * of grades. A case that was read is no holdout any more, and a run folder is an artifact that
 * anybody may open.
 */
export function sealJournal(journal: Journal, { cases }: Pick<RunManifest, 'cases'>): Journal {
  const sealed = new Set(cases.filter((one) => one.split === 'holdout').map((one) => one.id))
  if (sealed.size === 0) return journal
  return {
    event(key, event) {
      if (!sealed.has(key.case)) journal.event(key, event)
    },
    trial(line) {
      if (!sealed.has(line.case)) {
        journal.trial(line)
        return
      }
      const grades = line.grades.map((grade) =>
        grade.status === 'pass' ? grade : { ...grade, reason: withheld },
      )
      const { outcomeReason, violations, ...rest } = line
      journal.trial({
        ...rest,
        ...(outcomeReason !== undefined && { outcomeReason: withheld }),
        ...(violations !== undefined && { violations: violations.map(withoutHarms) }),
        grades,
        path: [],
      })
    },
  }
}

/** Whom a trial harmed is text of its case. */
function withoutHarms(found: RuleViolations): RuleViolations {
  const told = { ...found }
  delete told.harms
  return told
}
