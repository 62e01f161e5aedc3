import { z } from 'zod'
import type { ModelResponse } from '../providers/provider.ts'
import { textOf } from '../schema/message.ts'
import type { FailureClass } from '../schema/model-answer.ts'
import { truncate } from '../text/truncate.ts'
import { findFalseQuote, type Quote } from './check-quotes.ts'

/** A vote that was cast, or why there is none. */
export type CastVote =
  | {
      readonly vote: 'yes' | 'no' | 'abstain'
      readonly reason: string
      /** Each stands where it says. */
      readonly quotes: readonly Quote[]
    }
  | { readonly error: { readonly class: FailureClass; readonly message: string } }

const longestReason = 500
const longestQuote = 300
const mostQuotes = 8

const answer = z.object({
  answer: z.enum(['yes', 'no', 'abstain']),
  reason: z.string(),
  quotes: z.array(z.object({ line: z.int(), text: z.string() })),
})

/**
 * Reads a judge's answer and holds its quotes against the transcript.
 *
 * Yes or no without a quote, or with one that does not stand where it says, counts as abstaining: a
 * judge that leans on what is not there has not looked. What cannot be read at all is a failure and
 * no vote.
 */
export function readVote(response: ModelResponse, transcript: string): CastVote {
  if (response.stopReason === 'refusal') return unreadable('the judge refused to answer')
  if (response.stopReason === 'length') return unreadable("the judge's answer was cut off")
  const read = answer.safeParse(parseJson(textOf(response.content)))
  if (!read.success) return unreadable("the judge's answer is no vote")
  const { answer: vote, quotes, reason } = read.data
  const said = truncate(reason.trim(), longestReason)
  const wrong = vote === 'abstain' ? undefined : whatIsWrong(quotes, transcript)
  if (wrong !== undefined) {
    const because = `counts as abstaining, because ${wrong}. It said ${vote}: ${said}`
    return { vote: 'abstain', reason: truncate(because, longestReason), quotes: [] }
  }
  const kept = vote === 'abstain' ? [] : quotes.slice(0, mostQuotes)
  return {
    vote,
    reason: said,
    quotes: kept.map(({ line, text }) => ({ line, text: truncate(text, longestQuote) })),
  }
}

function whatIsWrong(quotes: readonly Quote[], transcript: string): string | undefined {
  if (quotes.length === 0) return 'it quotes nothing'
  const wrong = findFalseQuote(transcript, quotes)
  if (wrong === undefined) return undefined
  return `it quotes ${JSON.stringify(truncate(wrong.text, 80))}, which does not stand in line ${wrong.line}`
}

/** Some services fence JSON that they were asked for; nothing else around it is let pass. */
function parseJson(text: string): unknown {
  const inner = /^```(?:json)?\s*\n([\s\S]*?)\n?```$/.exec(text.trim())?.[1] ?? text
  try {
    return JSON.parse(inner)
  } catch {
    return undefined
  }
}

function unreadable(message: string): CastVote {
  return { error: { class: 'bad_request', message } }
}
