import { AgentEvalError } from '../../errors.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import type { Reported, ReportedDocuments } from '../print/reported-documents.ts'

/** Documents apart by whether they can be shown. */
export interface Showable extends ReportedDocuments {
  /** Those that cannot; each of them is a problem as well. */
  readonly unshowable: readonly Reported[]
}

/**
 * Tries whether each document can be shown. One that nobody thought of would otherwise end the command before
 * anything is written, and the comment of an older commit would stand.
 *
 * @param show - throws for a document that cannot be shown
 */
export function showable(
  { found, problems }: ReportedDocuments,
  show: (one: Reported) => unknown,
): Showable {
  const tried = found.map((one) => ({ one, problem: whyUnshowable(one, show) }))
  const failed = tried.flatMap(({ problem }) => problem ?? [])
  return {
    found: tried.filter(({ problem }) => problem === undefined).map(({ one }) => one),
    unshowable: tried.filter(({ problem }) => problem !== undefined).map(({ one }) => one),
    problems: [...problems, ...failed],
  }
}

function whyUnshowable(
  one: Reported,
  show: (one: Reported) => unknown,
): AgentEvalError | undefined {
  try {
    show(one)
    return undefined
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    return new AgentEvalError(`cannot be shown: ${terminalLine(why, 200)}`, 'evidence', {
      source: { file: one.from },
      hint: 'this is a bug in agent-eval, or the document was made to look like one: please report it',
      cause,
    })
  }
}
