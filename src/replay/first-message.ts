import { type Part, type Task, textPart } from '../schema/message.ts'
import { canonicalJson } from '../text/canonical-json.ts'

/** How the user opens, with the task's data as a part of its own. */
export function firstMessage({ input, turns }: Task): Part[] {
  const words = textPart(turns[0]?.say ?? '')
  return input === undefined ? [words] : [words, textPart(canonicalJson(input))]
}
