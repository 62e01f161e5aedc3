import { AgentEvalError } from '../errors.ts'
import { type EvalCase, type Split, splits } from '../schema/case.ts'
import { quote, unknownName } from './describe.ts'

/** What of a selection decides over splits. */
interface SplitChoice {
  readonly ids?: readonly string[] | undefined
  /** Whether anything but a split is asked for: ids, a pattern, a tag, a tier. */
  readonly picks: boolean
  readonly splits?: readonly string[] | undefined
}

/**
 * Which splits a selection is of. Unasked the gate, and what is named of dev; the holdout only by
 * itself and as a whole, because whoever looks at its cases one by one tunes to them.
 *
 * @throws AgentEvalError (usage) for a split that does not exist, the holdout beside others, and a
 *   part of it
 */
export function splitFilter(
  cases: readonly EvalCase[],
  { ids = [], picks, splits: asked = [] }: SplitChoice,
): (evalCase: EvalCase) => boolean {
  const wanted = asked.map(knownSplit)
  if (wanted.includes('holdout')) {
    if (wanted.some((each) => each !== 'holdout')) {
      throw new AgentEvalError('the holdout runs alone', 'usage', {
        hint: 'run the other splits by themselves',
      })
    }
    if (picks) throw onlyAsAWhole('nothing else can pick from it')
  }
  const hidden = cases.find(({ id, split }) => split === 'holdout' && ids.includes(id))
  if (hidden !== undefined) throw onlyAsAWhole(`${quote(hidden.id)} is one of its cases`)
  if (wanted.length > 0) return ({ split }) => wanted.includes(split)
  return ({ id, split }) => split === 'gate' || (split === 'dev' && ids.includes(id))
}

function knownSplit(name: string): Split {
  const known = splits.find((each) => each === name)
  if (known === undefined) throw new AgentEvalError(unknownName('split', name, splits), 'usage')
  return known
}

function onlyAsAWhole(why: string): AgentEvalError {
  return new AgentEvalError(`the holdout runs as a whole: ${why}`, 'usage', {
    hint: 'run all of it with --split holdout',
  })
}
