import { countOf, listed, plural } from '../format.ts'
import type { Say } from '../say.ts'
import type { Subject } from '../subject.ts'

/**
 * What ran and decides nothing: `2 drafts and 1 quarantined case ran and do not gate: a 3/5, b 0/5`.
 * Empty where there is nothing of the kind; of a holdout only how many.
 *
 * @param most - how many are named; the rest is counted
 */
export function idleSentence({ idle, split }: Subject, say: Say, most: number): string {
  if (idle.length === 0) return ''
  const many = (why: (typeof idle)[number]['why']): number =>
    idle.filter((one) => one.why === why).length
  const kinds = [
    { n: many('draft'), words: plural(many('draft'), 'draft') },
    { n: many('quarantined'), words: plural(many('quarantined'), 'quarantined case') },
    { n: many('dev'), words: `${plural(many('dev'), 'case')} of the dev split` },
  ]
  const subject = joined(kinds.filter(({ n }) => n > 0).map(({ words }) => words))
  const sentence = `${subject} ran and ${idle.length === 1 ? 'does' : 'do'} not gate`
  if (split === 'holdout') return sentence
  const counts = idle.map(({ id, passed, scored }) => `${say(id)} ${countOf(passed, scored)}`)
  return `${sentence}: ${listed(counts, most)}`
}

function joined(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`
}
