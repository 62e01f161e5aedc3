import type { LintFigures } from '../../schema/lint-figures.ts'
import type { PageFact } from '../../schema/page-data.ts'
import type { Comparison, RunResult } from '../../schema/run-result.ts'
import { whole } from '../format.ts'
import { sayInTerminal as say } from '../say.ts'
import { type Subject, subjectOf } from '../subject.ts'
import { factOf } from './facts.ts'

/** By whom and what trials were judged, and how that was shown to be able to fail an agent. */
export function yardstickEvidence(result: RunResult | Comparison): readonly PageFact[] {
  const subject = subjectOf(result)
  return [
    ...judgeFacts(subject),
    ...(subject.lint === undefined ? [] : lintFacts(subject.lint)),
    ...(result.kind === 'RunResult' ? factOf('severe from tier', String(result.severeTier)) : []),
  ]
}

function judgeFacts({ candidate, judge }: Subject): readonly PageFact[] {
  const rubric = candidate.judge
  if (rubric === undefined) return factOf('judge', 'no case asks one')
  const uncalibrated = (judge?.uncalibrated ?? []).map(({ criterion }) => say(criterion))
  return [
    ...factOf('judge', say(rubric.model)),
    ...factOf('rubric hash', say(rubric.rubricHash)),
    ...factOf('uncalibrated criteria', uncalibrated.join(', ')),
  ]
}

function lintFacts({ mutants, nullAgent, rejected }: LintFigures): readonly PageFact[] {
  const killed =
    mutants === undefined
      ? ''
      : `${whole(mutants.killed)} of ${whole(mutants.made)}, ${whole(mutants.declared)} declared to survive`
  const best =
    nullAgent === undefined
      ? ''
      : `${say(nullAgent.id)} passes ${whole(nullAgent.passed)} of ${whole(nullAgent.scored)} cases`
  return [
    ...factOf('mutants that fail', killed),
    ...factOf('cases that lint rejects', rejected === undefined ? '' : whole(rejected)),
    ...factOf('best null agent', best),
  ]
}
