import { describeSource } from '../../graders/describe.ts'
import type { EvalCase } from '../../schema/case.ts'
import type { CheckedCase, CheckFinding, LintCheck } from '../check.ts'
import type { Played } from '../played.ts'

/**
 * Words of the user that wait for a reply which no solution gives.
 *
 * What the agent must ask for is then never asked for by anybody, mostly because the pattern and
 * the oracle's question do not meet. A `fallback` that no question reaches is fine: it is for
 * questions that nobody foresaw.
 */
export const whenUnreachable: LintCheck = {
  id: 'when-unreachable',

  async check(subject) {
    const { turns } = subject.evalCase
    let open = turns
      .map((_, index) => index)
      .filter((index) => isUnheard(turns, index, subject.oracle))
    for (const steps of subject.evalCase.equivalents ?? []) {
      if (open.length === 0) break
      const played = await subject.play(steps)
      open = open.filter((index) => isUnheard(turns, index, played))
    }
    return open.map((index) => finding(subject, index))
  },
}

function isUnheard(turns: EvalCase['turns'], index: number, { view }: Played): boolean {
  const turn = turns[index]
  if (turn?.when === undefined) return false
  // The same words may be said in several turns.
  const nth = turns.slice(0, index + 1).filter(({ say }) => say === turn.say).length
  return view.heard.filter(({ text }) => text.includes(turn.say.trim())).length < nth
}

function finding({ evalCase }: CheckedCase, index: number): CheckFinding {
  const { when = '' } = evalCase.turns[index] ?? {}
  const who = evalCase.equivalents === undefined ? 'the oracle' : 'the oracle or an equivalent'
  return {
    path: ['conversation', index, 'when'],
    level: 'warning',
    message: `turn ${index + 1} is never said: no reply of ${who} matches /${describeSource(when)}/`,
    hint: 'let the oracle ask for it, or mend the pattern so that it finds the question',
  }
}
