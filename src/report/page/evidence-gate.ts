import type { PageFact } from '../../schema/page-data.ts'
import type { MetricVerdict, Verdict } from '../../schema/verdict.ts'
import { plural, pValue, whole } from '../format.ts'
import { allowance, inReadingOrder, metricTitle, statusWords } from '../metric-words.ts'
import { anchorNotes, ruleNotes } from '../notes/verdict-notes.ts'
import { sayInTerminal as say } from '../say.ts'
import type { Subject } from '../subject.ts'
import { detectable } from './detectable.ts'
import { factOf, factsOf } from './facts.ts'
import { factNote } from './page-notes.ts'

/** Evidence is not a summary. */
const naming = { say, most: 1_000 }

/** Which rules held and whose, how each number decided, and which facts were waived by whom. */
export function gateEvidence({ verdict }: Subject): readonly PageFact[] {
  if (verdict === undefined) return []
  const { alpha, exitCode, preset, rules, status } = verdict
  return [
    ...factOf('verdict', `${status}, exit ${exitCode}`),
    ...factOf('preset', preset),
    ...factOf('one-sided error rate', String(alpha)),
    ...factOf('rules from', rules === undefined ? 'the tree under test' : say(rules.from)),
    ...factsOf('rules', ruleNotes(verdict, naming)),
    ...inReadingOrder(verdict.metrics).flatMap(metricFact),
    ...factOf('facts', verdict.facts.length === 0 ? 'none' : ''),
    ...verdict.facts.flatMap(factNote),
    ...factsOf('last release', anchorNotes(verdict, naming)),
    ...tierFacts(verdict),
  ]
}

/** How one metric decided: its sample, its p-value, and what it was held against. */
function metricFact(metric: MetricVerdict): readonly PageFact[] {
  const { nBaseline, nCandidate, p, pHolm, status, unit } = metric
  const found = detectable(metric)
  const parts = [
    statusWords[status].word,
    ...(status === 'n/a' ? [] : [allowance(metric)]),
    `by ${unit === 'deterministic' ? 'comparison of deterministic arms' : unit}`,
    `${whole(nBaseline)} trials before, ${whole(nCandidate)} now`,
    ...(p === undefined ? [] : [`p ${pValue(p)}`]),
    ...(pHolm === undefined ? [] : [`after Holm ${pValue(pHolm)}`]),
    ...(found === '' ? [] : [`would have found ${found}`]),
  ]
  return factOf(metricTitle(metric), parts.join('; '))
}

function tierFacts({ autonomy }: Verdict): readonly PageFact[] {
  return (autonomy?.tiers ?? []).flatMap(({ cases, checks, tier, trials }) => {
    const words = checks.map(({ id, status }) => `${id} ${status}`)
    return factOf(
      `tier ${tier}`,
      `${plural(cases, 'case')}, ${plural(trials, 'trial')}: ${words.join(', ')}`,
    )
  })
}
