import type { Criterion } from '../../schema/judge.ts'
import { hashOf } from '../../text/hash.ts'
import { judgeOutput, judgePrompt } from './judge-prompt.ts'

/**
 * What makes votes on a criterion comparable: its question and guidance, which answer is the good
 * one, and every word that a judge is told besides the transcript.
 *
 * Its id is left out, so that it may be renamed, and so is the number of votes: each vote stands for
 * itself, and more of them make no earlier one wrong. Which answer is good changes no vote, but it
 * turns labels and calibration round.
 */
export function criterionHash(criterion: Criterion): string {
  return hashOf({
    prompt: judgePrompt(criterion),
    output: judgeOutput.schema,
    passes: criterion.passes,
  })
}
