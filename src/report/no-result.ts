import { markdownCode } from '../text/sanitise-markdown.ts'
import { commentMarker } from './comment-marker.ts'
import { sayInMarkdown as say } from './say.ts'

/** A run that was to have a result and has none. */
export interface NoResult {
  readonly evalSet: string
  /** The commit that nothing is known about. */
  readonly commit: string
  /** Why there is none, as far as that is known. */
  readonly why: readonly string[]
  readonly runUrl?: string | undefined
}

const maxReasons = 3

/**
 * The comment where the newest run left nothing behind: the job died, or what it left cannot be read.
 * A verdict on an older commit must not stand there as if it were on this one.
 */
export function renderNoResult({ commit, evalSet, runUrl, why }: NoResult): string {
  const sha = markdownCode(commit, 64)
  const link = runUrl === undefined ? '' : `[run](${runUrl})`
  const paragraphs = [
    `${commentMarker(evalSet)}\n### agent-eval (${say(evalSet)}): error, the newest run left no result`,
    `Nothing is known about ${sha}. What an earlier comment said was about an older commit. This is **not** a pass.`,
    why
      .slice(0, maxReasons)
      .map((one) => `- ${say(one)}`)
      .join('\n'),
    link === '' ? '' : `The log says why it ended: ${link}. Once that is fixed, run the job again.`,
    `<sub>${[sha, link].filter((part) => part !== '').join(' · ')}</sub>`,
  ]
  return `${paragraphs.filter((part) => part !== '').join('\n\n')}\n`
}
