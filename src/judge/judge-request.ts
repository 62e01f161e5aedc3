import { type AskedCriterion, judgeOutput, judgePrompt } from '../graders/judge/judge-prompt.ts'
import type { ModelRequest } from '../providers/provider.ts'
import { textPart } from '../schema/message.ts'

/** More than any vote needs, with room for models that think first; a bound on what one may cost. */
const maxOutputTokens = 8_000

/**
 * One question about one transcript, the same for everybody who asks it.
 *
 * @param place.ordinal - distinct for each request of a judge in a trial, so that two votes are two
 *   requests, also on a cassette
 */
export function judgeRequest(
  criterion: AskedCriterion,
  transcript: string,
  place: Pick<ModelRequest, 'model' | 'ordinal' | 'seed' | 'trial'>,
): ModelRequest {
  return {
    ...place,
    role: 'judge',
    messages: [
      { role: 'system', content: [textPart(judgePrompt(criterion))] },
      { role: 'user', content: [textPart(transcript)] },
    ],
    tools: [],
    // No temperature: models that reason refuse one, and votes that are all alike are one vote.
    sampling: { max_output_tokens: maxOutputTokens },
    output: judgeOutput,
  }
}
