import { plural } from '../../report/format.ts'
import { sameAgent } from '../../report/notes/agent-words.ts'
import { sayInTerminal as say } from '../../report/say.ts'
import type { Baseline } from '../../schema/baseline.ts'
import type { RunManifest } from '../../schema/run-manifest.ts'
import type { Fact } from '../../schema/verdict.ts'
import { shellWord } from '../../text/shell-word.ts'
import { agentOf, commandPrefix } from '../print/report-context.ts'

/** Facts that a warning tells in full. */
const mostFacts = 3

interface Replaced {
  readonly before: Baseline
  readonly next: Baseline
  /** Of one of the runs that the new one stands for. */
  readonly manifest: Pick<RunManifest, 'options'>
  /** As one types the eval set. */
  readonly evalSet: string
}

/**
 * Whether a new baseline knows less than the one that it replaces, and what measures as much; empty where
 * it does not.
 */
export function thinnedOut({ before, evalSet, manifest, next }: Replaced): readonly string[] {
  const then = new Map(before.cases.map((one) => [one.id, trialsOf(one)]))
  const fewer = next.cases
    .filter(({ twinOf }) => twinOf === undefined)
    .map((one) => ({ now: trialsOf(one), was: then.get(one.id) ?? 0 }))
    .filter(({ now, was }) => now < was)
    .toSorted((a, b) => b.was - b.now - (a.was - a.now))
  const [worst] = fewer
  if (worst === undefined) return []
  const agent = sameAgent(agentOf(manifest))
  const set = shellWord(evalSet)
  const run = `${commandPrefix} run ${set} --trials ${worst.was} --no-gate${agent}`
  const has = fewer.length === 1 ? 'has' : 'have'
  return [
    `warning: ${plural(fewer.length, 'case')} ${has} fewer trials than in the baseline that this one replaces: ` +
      `${worst.now}, and before ${worst.was}; less will be found by it. To measure as many: ` +
      `${run} && ${commandPrefix} baseline update --evalset ${set}`,
  ]
}

function trialsOf({ incomplete, invalid, scored }: Baseline['cases'][number]): number {
  return incomplete + invalid + scored
}

/** What a run broke that a baseline does not accept: it stays a fact, whatever it is compared with. */
export function notAccepted(facts: readonly Fact[]): readonly string[] {
  const open = facts.filter(({ waivedBy }) => waivedBy === undefined)
  if (open.length === 0) return []
  const rest = open.length - mostFacts
  const told = open.slice(0, mostFacts).map(({ message }) => say(message))
  const all = [...told, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ')
  return [
    `warning: no baseline accepts what this run broke: ${all}. A broken rule is accepted only by an entry in gate.waivers of the eval set, with a reason and an end date`,
  ]
}
