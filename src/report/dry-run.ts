import type { DryRun } from '../schema/dry-run.ts'
import { asJson } from '../schema/json.ts'
import { prettyCanonicalJson } from '../text/canonical-json.ts'
import { markdownInline } from '../text/sanitise-markdown.ts'
import { terminalLine } from '../text/sanitise-terminal.ts'
import { listed, plural, usd, whole } from './format.ts'
import { commentMarker } from './markdown/comment-marker.ts'
import { type Say, sayInMarkdown, sayInTerminal } from './say.ts'
import { wrapped } from './terminal/columns.ts'

/** Advice holds a whole setting to copy. In code points. */
const longestAdvice = 800

/**
 * Says what a run would do and what it may cost. Nothing was sent to find out.
 *
 * @param format - id of a reporter; the document itself for `json`, sentences otherwise
 */
export function renderDryRun(plan: DryRun, format: string): string {
  if (format === 'json') return prettyCanonicalJson(asJson(plan))
  const { id } = plan.provenance.evalSet
  if (format !== 'markdown') {
    const sayAll: Say = (foreign) => terminalLine(foreign, longestAdvice)
    const lines = sentences(plan, sayInTerminal, sayAll).flatMap((text) =>
      wrapped(text, '    ', '  '),
    )
    return `${[`${sayInTerminal(id)}: ${headline(plan)}`, ...lines].join('\n')}\n`
  }
  const sayAll: Say = (foreign) => markdownInline(foreign, longestAdvice)
  const head = `${commentMarker(id)}\n### agent-eval (${sayInMarkdown(id)}): ${headline(plan)}`
  return `${head}\n\n${sentences(plan, sayInMarkdown, sayAll).join('\n')}\n`
}

function headline({ costUsd, provenance, unpriced }: DryRun): string {
  if (unpriced.length > 0) return 'a run would cost nobody knows how much'
  if (costUsd !== undefined) {
    return costUsd.low === costUsd.high
      ? `a run would cost about ${usd(costUsd.low)}`
      : `a run would cost ${usd(costUsd.low)} to ${usd(costUsd.high)}`
  }
  return provenance.agentBehind === 'program'
    ? 'what the agent itself asks of models is not known before it runs'
    : 'a run would cost nothing'
}

function sentences(plan: DryRun, say: Say, sayAll: Say): readonly string[] {
  const { beside, budgetUsd, cases, costUsd, provenance, refused, trials, unpriced } = plan
  const models = [...new Set(Object.values(provenance.candidate.models))].sort().map(say)
  const what = `${whole(trials)} trials of ${plural(cases, 'case')}, candidate ${say(provenance.candidate.name)}`
  return [
    models.length === 0 ? `${what}.` : `${what}, models ${listed(models, 5)}.`,
    ...basis(plan),
    ...(unpriced.length === 0 ? [] : [`No price is known for ${listed(unpriced.map(say), 5)}.`]),
    ...(beside.length === 0
      ? []
      : [
          `Not reckoned is what ${listed(beside.map(say), 5)} costs as judge or as simulated user.`,
        ]),
    ...(budgetUsd === undefined ? [] : [budgetWords(budgetUsd, costUsd)]),
    ...(refused === undefined ? [] : refusal(refused, sayAll)),
    'Nothing was sent.',
  ]
}

function refusal({ hint, message }: NonNullable<DryRun['refused']>, say: Say): readonly string[] {
  const advice = hint === undefined ? [] : [`${say(hint)}.`]
  return [`A run would be refused: ${say(message)}.`, ...advice]
}

function basis({ costUsd, fromBaseline, trials }: DryRun): readonly string[] {
  if (costUsd === undefined) return []
  if (fromBaseline >= trials) return ['Reckoned from what the trials of the baseline cost.']
  const prompts =
    'from the sizes of prompts and tools and from how many steps the solution of each case takes'
  return fromBaseline === 0
    ? [`Reckoned ${prompts}: a rough figure.`]
    : [
        `Reckoned for ${whole(fromBaseline)} trials from what those of the baseline cost, for the others ${prompts}.`,
      ]
}

function budgetWords(budgetUsd: number, costUsd: DryRun['costUsd']): string {
  const start = `The budget is ${usd(budgetUsd)}`
  if (costUsd === undefined) return `${start}.`
  if (costUsd.high <= budgetUsd) return `${start}: enough.`
  return costUsd.low > budgetUsd
    ? `${start}: the run would stop before its end.`
    : `${start}: it may not be enough.`
}
