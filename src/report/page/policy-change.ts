import type { PageFact } from '../../schema/page-data.ts'
import type { PolicyDiff } from '../../schema/policy-diff.ts'
import type { Comparison, RunResult } from '../../schema/run-result.ts'
import { plural, whole } from '../format.ts'
import { groupName, undecidedNote } from '../policy/diff.ts'
import { didToAction, happensNow } from '../policy/words.ts'
import { sayInTerminal as say } from '../say.ts'
import { factOf, factsOf } from './facts.ts'

/** That a changed policy decides recorded actions otherwise; nothing where it is the baseline's. */
export function policyChangeNotes(result: RunResult | Comparison): readonly PageFact[] {
  const diff = result.kind === 'RunResult' ? result.policyDiff : undefined
  if (diff === undefined) return []
  const isLooser = diff.moved.some(({ now }) => now === 'allow' || now === 'modify')
  return factOf('policy', headline(diff), isLooser ? 'bad' : 'warn')
}

function headline({ decided, moved, unknown }: PolicyDiff): string {
  if (unknown !== undefined) {
    return `it changed; what that means for recorded actions is not known: ${say(unknown)}`
  }
  const otherwise = moved.reduce((sum, { count }) => sum + count, 0)
  const many = otherwise === 0 ? 'none' : whole(otherwise)
  return `it changed: ${many} of ${plural(decided, 'recorded action')} would be decided otherwise`
}

/** The same at length, for auditors. */
export function policyChangeFacts(diff: PolicyDiff): readonly PageFact[] {
  const { actions, changes = [], decided, moved, old } = diff
  return [
    ...factOf('old rules', say(old)),
    ...factOf('actions decided again', `${whole(decided)} of ${say(actions)}`),
    ...changes.flatMap(({ now, was, what }) =>
      factOf(`rule ${say(what)}`, `${textOf(was)} before, ${textOf(now)} now`),
    ),
    ...moved.flatMap((group) => {
      const { count, examples, now, was } = group
      const such = examples.length === 0 ? '' : `, such as ${examples.map(say).join(', ')}`
      const text = `${groupName(group, say)}: ${plural(count, 'action')} that the old rules ${didToAction[was]}${such}`
      return factOf(`now ${happensNow[now]}`, text)
    }),
    ...factsOf('not decided again', undecidedNote(diff)),
  ]
}

function textOf(rule: string | undefined): string {
  return rule === undefined ? 'none' : say(rule)
}
