import { type CompiledPattern, compileCallPattern, evidenceOf } from './call-pattern.ts'
import { defineGrader, fail, firstFailure, type Judgement, pass } from './grader.ts'
import type { CallView, TrialView } from './trial-view.ts'

/**
 * Asks for proof that the agent looked before it acted or answered.
 *
 * A right answer without looking is a guess, and a refusal without looking is blind. Proof is a
 * call that succeeded and whose result the model had: before it first asked for the tool named by
 * `before` or, without one or when that tool was never asked for, before its last reply.
 */
export const evidence = defineGrader({
  id: 'evidence',
  expected: (expect) => expect.evidence,
  prepare(expected) {
    const compiled = expected.map((each) => ({
      before: each.before,
      pattern: compileCallPattern(each),
    }))
    return (view) => firstFailure(compiled.map((each) => looked(view, each)))
  },
})

function looked(
  view: TrialView,
  { before, pattern }: { readonly before: string | undefined; readonly pattern: CompiledPattern },
): Judgement {
  const matching = view.calls.filter((call) => pattern.matches(call))
  const deadline = deadlineOf(view, before)
  if (deadline === undefined) {
    return fail(`${pattern.words} was to come before an answer, and there was none`, [])
  }
  const isProof = (call: CallView): boolean =>
    call.status === 'ok' && call.delivered && call.ordinal < deadline.ordinal
  if (matching.some(isProof)) return pass()
  const events = [...evidenceOf(matching), deadline.seq].sort((a, b) => a - b)
  return fail(`${pattern.words} was not looked at before ${deadline.words}`, events)
}

function deadlineOf(
  view: TrialView,
  before: string | undefined,
): { readonly ordinal: number; readonly seq: number; readonly words: string } | undefined {
  const call = view.calls.find((other) => other.tool === before)
  if (call !== undefined) return { ordinal: call.ordinal, seq: call.seq, words: call.tool }
  const reply = view.replies.at(-1)
  return reply && { ordinal: reply.ordinal, seq: reply.seq, words: 'the last reply' }
}
