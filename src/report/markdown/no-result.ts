import { linkAddress } from '../../text/link-address.ts'
import { markdownCode } from '../../text/sanitise-markdown.ts'
import { sayInMarkdown as say } from '../say.ts'
import { commentMarker } from './comment-marker.ts'

/** A run that was to have a result and has none. */
export interface NoResult {
  readonly evalSet: string
  /** The commit that nothing is known about. */
  readonly commit: string
  /** Why there is none, as far as that is known. */
  readonly why: readonly string[]
  readonly runUrl?: string | undefined
}

/** A result that cannot be right: the run that left it ended otherwise. */
export interface Disagreement extends Omit<NoResult, 'why'> {
  /** What the document says. */
  readonly says: 'pass' | 'skipped'
  /** How the run ended, by the word of whoever ran it. */
  readonly conclusion: string
}

const maxReasons = 3

/**
 * The comment where the newest run left nothing behind: the job died, or what it left cannot be read.
 * A verdict on an older commit must not stand there as if it were on this one.
 */
export function renderNoResult({ commit, why, ...rest }: NoResult): string {
  const sha = markdownCode(commit, 64)
  return errorComment({
    ...rest,
    commit,
    title: 'the newest run left no result',
    lead: `Nothing is known about ${sha}. What an earlier comment said was about an older commit. This is **not** a pass.`,
    why,
    next: 'Once that is fixed, run the job again.',
  })
}

/**
 * The comment where a document says that nothing is wrong, and the run that left it failed: the document
 * comes from the change itself, how the run ended does not.
 */
export function renderDisagreement({ conclusion, says, ...rest }: Disagreement): string {
  return errorComment({
    ...rest,
    title: 'result and run disagree',
    lead: `Nothing is known about ${markdownCode(rest.commit, 64)}. This is **not** a pass.`,
    why: [`the document says ${says} and the run ended with ${conclusion}`],
    next: 'Where another job of the run failed, mend that one and run them again.',
  })
}

interface ErrorComment extends NoResult {
  readonly title: string
  readonly lead: string
  readonly next: string
}

function errorComment({ commit, evalSet, lead, next, runUrl, title, why }: ErrorComment): string {
  const sha = markdownCode(commit, 64)
  const address = linkAddress(runUrl)
  const link = address === undefined ? '' : `[run](${address})`
  const paragraphs = [
    `${commentMarker(evalSet)}\n### agent-eval (${say(evalSet)}): error, ${title}`,
    lead,
    why
      .slice(0, maxReasons)
      .map((one) => `- ${say(one)}`)
      .join('\n'),
    link === '' ? '' : `The log says why it ended: ${link}. ${next}`,
    `<sub>${[sha, link].filter((part) => part !== '').join(' · ')}</sub>`,
  ]
  return `${paragraphs.filter((part) => part !== '').join('\n\n')}\n`
}
