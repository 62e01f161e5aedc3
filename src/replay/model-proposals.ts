import type { ModelResponse } from '../providers/provider.ts'
import type { OutsideCall } from './outside-trial.ts'

/**
 * Which calls the latest answer of a model proposed, seen on its way to an agent outside. Frameworks
 * carry out the calls of one answer one by one, so that without it the second would look as if it
 * knew the result of the first.
 */
export interface ModelProposals {
  /** Takes the place of the answer before. */
  readonly note: (content: ModelResponse['content'], ordinal: number) => void
  /** The request whose answer proposed all of these; each proposal is found once. */
  readonly ordinalOf: (calls: readonly OutsideCall[]) => number | undefined
}

export function modelProposals(): ModelProposals {
  let open: string[] = []
  let answered = -1
  return {
    note(content, ordinal) {
      open = content.flatMap((part) => (part.type === 'tool_call' ? [plainName(part.tool)] : []))
      answered = ordinal
    },
    ordinalOf(calls) {
      const left = [...open]
      for (const { tool } of calls) {
        const at = left.indexOf(plainName(tool))
        if (at === -1) return undefined
        left.splice(at, 1)
      }
      open = left
      return answered
    },
  }
}

/** Services allow no dots in the names of tools, so frameworks rewrite them. */
function plainName(tool: string): string {
  return tool.replaceAll(/[^a-zA-Z0-9]+/g, '_')
}
