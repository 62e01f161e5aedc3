import type { JudgeYardstick } from '../graders/judge/yardstick.ts'
import { isJudgeGrade, whyStopped } from '../graders/judge.ts'
import type { JudgeSummary } from '../schema/judge.ts'
import type { TrialLine } from '../schema/trial.ts'

/** Counts what a judge did in a run from its trial lines alone, so that a resumed run counts the same. */
export interface JudgeTally {
  readonly add: (line: TrialLine) => void
  /**
   * @param by - who judged, as the run was planned
   * @returns `undefined` where no trial was to be judged
   */
  readonly finish: (by: JudgedBy) => JudgeSummary | undefined
}

/** Who judges, and on which criteria it has not earned its vote. */
type JudgedBy = Pick<JudgeSummary, 'model' | 'uncalibrated'>

type Kind = 'failed' | 'advised' | 'unscored' | 'answered'

interface Seen {
  readonly id: string
  readonly attempt: number
  readonly kinds: ReadonlySet<Kind>
}

/** Of several attempts at a trial only the latest counts. */
export function judgeTally(): JudgeTally {
  const trials = new Map<string, Seen>()
  let stopped: string | undefined
  return {
    add(line) {
      stopped ??= line.grades.map(whyStopped).find((why) => why !== undefined)
      const kinds = kindsOf(line)
      const key = `${line.trial} ${line.mode} ${line.case}`
      if (kinds.size === 0 || (trials.get(key)?.attempt ?? 0) > line.attempt) return
      trials.set(key, { id: line.case, attempt: line.attempt, kinds })
    },
    finish({ model, uncalibrated }) {
      const seen = [...trials.values()]
      if (seen.length === 0) return undefined
      const count = (kind: Kind): number => seen.filter(({ kinds }) => kinds.has(kind)).length
      return {
        model,
        trials: seen.length,
        cases: new Set(seen.map(({ id }) => id)).size,
        failed: count('failed'),
        advised: count('advised'),
        unscored: count('unscored'),
        uncalibrated,
        ...(stopped !== undefined && { stopped }),
      }
    },
  }
}

function kindsOf({ grades }: TrialLine): ReadonlySet<Kind> {
  const others = grades.filter((grade) => !isJudgeGrade(grade))
  const isFailedAnyway = others.some(
    ({ advisory, status }) => status === 'fail' && advisory !== true,
  )
  return new Set(
    grades.filter(isJudgeGrade).map((grade): Kind => {
      if (grade.status === 'pass') return 'answered'
      if (grade.status === 'unscored') return 'unscored'
      if (grade.advisory === true) return 'advised'
      return isFailedAnyway ? 'answered' : 'failed'
    }),
  )
}

/** Criteria without a calibration in force, and why; sorted. */
export function uncalibratedCriteria({ criteria }: JudgeYardstick): JudgeSummary['uncalibrated'] {
  return [...criteria.values()]
    .filter(({ standing }) => standing === 'uncalibrated')
    .map(({ id, why = 'it was never calibrated' }) => ({ criterion: id, why }))
    .sort((a, b) => (a.criterion < b.criterion ? -1 : 1))
}
