import type { RuleViolations, TrialLine } from '../schema/trial.ts'
import { isJudgeGrade } from './judge.ts'
import { endedBy } from './termination.ts'
import { taskRoles } from './trial-sums.ts'

/** More than sums in another order differ by. */
const tolerance = 1e-9

/** Of a run that somebody else made and graded. */
const recordedGrader = 'recorded'

/**
 * What of a trial's line cannot be true together, in words; empty for every line that grading makes. For
 * lines that somebody may have written or edited, so that no outcome is believed against its own grades.
 *
 * Only what stands on the line is looked at. Whoever forges all of it alike is not found out by reading it.
 */
export function trialContradictions(line: TrialLine): readonly string[] {
  return [
    ...againstGrades(line),
    ...againstEnd(line),
    ...againstAttack(line),
    ...(line.violations ?? []).flatMap(againstCounts),
    ...againstCosts(line),
    ...againstPath(line),
  ]
}

type Check = (line: TrialLine) => readonly string[]

/** As `decideOutcome` decides: one deciding fail fails, and one without an answer is no pass. */
const againstGrades: Check = ({ grades, outcome }) => {
  const gating = grades.filter(({ advisory }) => advisory !== true)
  const others = gating.filter((grade) => !isJudgeGrade(grade))
  const failed = gating.find(({ status }) => status === 'fail')
  const open = gating.find(({ status }) => status === 'unscored')
  switch (outcome) {
    case 'pass':
      if (others.length === 0) return ['it passed, and nothing was graded']
      if (failed !== undefined) return [`it passed, and its grade "${failed.grader}" failed`]
      return open === undefined ? [] : [`it passed, and its grade "${open.grader}" has no answer`]
    case 'fail':
      return failed === undefined ? ['it failed, and none of its grades did'] : []
    case 'invalid':
    case 'incomplete':
    case 'skipped':
      return againstLoss({ gating, others }, outcome)
  }
}

/** A trial that was graded is lost only where a grade has no answer, and never where one failed. */
function againstLoss(
  { gating, others }: Readonly<Record<'gating' | 'others', TrialLine['grades']>>,
  outcome: string,
): readonly string[] {
  const failed = others.find(({ status }) => status === 'fail')
  if (failed !== undefined) return [`it is ${outcome}, and its grade "${failed.grader}" failed`]
  const isAnswered = others.length > 0 && gating.every(({ status }) => status === 'pass')
  return isAnswered ? [`it is ${outcome}, and all of its grades passed`] : []
}

/** Nothing is known about an agent whose surroundings failed, and what it did not finish is no pass. */
const againstEnd: Check = ({ grades, outcome, termination }) => {
  if (outcome !== 'pass' && outcome !== 'fail') return []
  if (termination === undefined) return [`it is a ${outcome}, and has no end`]
  const by = endedBy(termination)
  if (by === 'surroundings') return [`it is a ${outcome}, and ended by ${termination}`]
  if (outcome === 'fail' || by === 'nobody' || termination === 'fallback') return []
  // Others may have seen the task done before the agent went on and on.
  if (grades.some(({ grader }) => grader === recordedGrader)) return []
  return [`it passed, and ended by ${termination}`]
}

const againstAttack: Check = ({ attack, twinOf }) =>
  attack !== undefined && twinOf !== undefined
    ? [`it is the benign twin of ${twinOf}, and was attacked`]
    : []

function againstCounts(found: RuleViolations): readonly string[] {
  const { executed, executedTier, harms = [], prevented = 0, proposed, rule } = found
  const is = `of rule "${rule}" it counts`
  if (executed + prevented > proposed) {
    return [`${is} ${executed} executed and ${prevented} prevented of ${proposed} proposed`]
  }
  const isHarmless = executed === 0 && (executedTier !== undefined || harms.length > 0)
  return isHarmless ? [`${is} none executed, and says what they did`] : []
}

/** What a task costs is the sum of what those cost who worked on it. */
const againstCosts: Check = ({ costByRole, costUsd, modelCalls, paidByRole = {} }) => {
  const roles = [...taskRoles]
  const sum = roles.reduce((usd, role) => usd + (costByRole[role] ?? 0), 0)
  if (costUsd !== undefined && (modelCalls === 0 || differs(costUsd, sum))) {
    return [
      `it cost ${costUsd} dollars, and its parts come to ${sum} with ${modelCalls} model calls`,
    ]
  }
  const isOverpaid = Object.entries(paidByRole).some(
    ([role, usd]) => usd > (costByRole[role as keyof typeof costByRole] ?? 0) + tolerance,
  )
  return isOverpaid ? ['more was paid than it cost'] : []
}

/** The path of a holdout trial is withheld. */
const againstPath: Check = ({ path, toolCalls }) =>
  path.length === 0 || path.length === toolCalls
    ? []
    : [`it counts ${toolCalls} calls, and its path has ${path.length}`]

function differs(one: number, other: number): boolean {
  return Math.abs(one - other) > tolerance * Math.max(1, one, other)
}
