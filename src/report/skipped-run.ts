import { asJson } from '../schema/json.ts'
import type { SkippedRun } from '../schema/skipped-run.ts'
import { prettyCanonicalJson } from '../text/canonical-json.ts'
import { wrapped } from './columns.ts'
import { commentMarker } from './comment-marker.ts'
import { type Say, sayInMarkdown, sayInTerminal } from './say.ts'

/**
 * Says that nothing was run, and what was compared to know that nothing had to be.
 *
 * @param format - id of a reporter; the document itself for `json`, sentences otherwise
 */
export function renderSkippedRun(skipped: SkippedRun, format: string): string {
  if (format === 'json') return prettyCanonicalJson(asJson(skipped))
  const { id } = skipped.provenance.evalSet
  if (format !== 'markdown') {
    const text = wrapped(sentences(skipped, sayInTerminal).join(' '), '  ')
    return `${[`${sayInTerminal(id)}: skipped, nothing changed`, ...text].join('\n')}\n`
  }
  const head = `${commentMarker(id)}\n### agent-eval (${sayInMarkdown(id)}): skipped, nothing changed`
  return `${head}\n\n${sentences(skipped, sayInMarkdown).join('\n')}\n`
}

function sentences({ baseline, provenance }: SkippedRun, say: Say): readonly string[] {
  const { candidate, evalSet, tool } = provenance
  return [
    `Compared with the baseline ${say(baseline)}: agent ${say(candidate.name)} (prompt, policy, tools, budgets, models and all other settings),`,
    `eval set ${say(evalSet.id)} ${say(evalSet.version)} (cases, world, judging policy and gate) and agent-eval ${say(tool)} are the same.`,
    'Nothing was run, and nothing was decided anew.',
  ]
}
