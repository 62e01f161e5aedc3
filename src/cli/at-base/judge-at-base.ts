import { ruleChange } from '../../gate/rule-words.ts'
import type { JudgedCriterion } from '../../graders/judge/yardstick.ts'
import { isStoredJudge } from '../../judge/stored-votes.ts'
import { asJson } from '../../schema/json.ts'
import type { RuleChange } from '../../schema/verdict-findings.ts'
import type { LoadedJudge } from '../../suites/load-evalset.ts'
import { hashOf } from '../../text/hash.ts'

/** A judge that a change is judged by, and what the change does to it. */
export interface JudgeInForce {
  readonly judge: LoadedJudge
  readonly changes: readonly RuleChange[]
}

/**
 * The judge of a change: what it has earned, and the votes that need not be asked for, are those of the
 * base until they are merged. Otherwise a change could bring the votes that its own agent needs.
 *
 * Committed votes of a judge that nobody can ask are added to those of the base, and replace none.
 *
 * @param base - absent where the base has no judge: then nothing is loosened by one
 */
export function judgeAtBase(here: LoadedJudge, base: LoadedJudge | undefined): JudgeInForce {
  if (base === undefined) return { judge: here, changes: [] }
  const votes = isStoredJudge(here.settings.model) ? [...base.votes, ...here.votes] : base.votes
  const { calibration: own, ...rest } = here
  const criteria = [...here.yardstick.criteria].map(
    ([id, one]) => [id, standingAtBase(one, base)] as const,
  )
  return {
    judge: {
      ...rest,
      votes,
      yardstick: { ...here.yardstick, criteria: new Map(criteria) },
      ...(base.calibration !== undefined && { calibration: base.calibration }),
    },
    changes: [
      ...ruleChange(
        'committed votes of the judge',
        { base: shortHash(base.votes), here: shortHash(here.votes) },
        'base',
      ),
      ...ruleChange(
        'calibration of the judge',
        { base: shortHash(base.calibration), here: shortHash(own) },
        'base',
      ),
    ],
  }
}

/** What a criterion may decide, as the base knows it; of another wording nothing is known there. */
function standingAtBase(criterion: JudgedCriterion, base: LoadedJudge): JudgedCriterion {
  const known = [...base.yardstick.criteria.values()].find(({ hash }) => hash === criterion.hash)
  const { guidance, hash, id, passes, question } = criterion
  const wording = { id, question, passes, hash, ...(guidance !== undefined && { guidance }) }
  if (known === undefined) {
    return { ...wording, standing: 'uncalibrated', why: 'its calibration is not merged yet' }
  }
  const { standing, why } = known
  return { ...wording, standing, ...(why !== undefined && { why }) }
}

/** Enough to see that two are not the same. */
function shortHash(value: object | undefined): string | undefined {
  return value === undefined ? undefined : hashOf(asJson(value)).replace('sha256:', '').slice(0, 8)
}
