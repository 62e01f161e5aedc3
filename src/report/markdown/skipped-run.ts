import { asJson } from '../../schema/json.ts'
import type { SkippedRun, WithheldKeys } from '../../schema/skipped-run.ts'
import { prettyCanonicalJson } from '../../text/canonical-json.ts'
import { linkAddress } from '../../text/link-address.ts'
import { markdownCode } from '../../text/sanitise-markdown.ts'
import { listed } from '../format.ts'
import type { ReportContext } from '../reporter.ts'
import { type Say, sayInMarkdown, sayInTerminal } from '../say.ts'
import { wrapped } from '../terminal/columns.ts'
import { commentMarker } from './comment-marker.ts'

const maxNamed = 5

/**
 * Says that nothing was run, and what was compared to know that nothing had to be, or which key a change
 * from a fork is not given.
 *
 * @param format - id of a reporter; the document itself for `json`, sentences otherwise
 * @param where - of a comment: the commit and the run that it is about
 */
export function renderSkippedRun(
  skipped: SkippedRun,
  format: string,
  where: Pick<ReportContext, 'commit' | 'runUrl'> = {},
): string {
  if (format === 'json') return prettyCanonicalJson(asJson(skipped))
  const { id } = skipped.provenance.evalSet
  const isMarkdown = format === 'markdown'
  const title = skippedTitle(skipped)
  const parts = partsOf(skipped, isMarkdown ? sayInMarkdown : sayInTerminal)
  if (!isMarkdown) {
    const text = parts.map((sentences) => wrapped(sentences.join(' '), '  ').join('\n'))
    return `${[`${sayInTerminal(id)}: ${title}`, ...text].join('\n')}\n`
  }
  const head = `${commentMarker(id)}\n### agent-eval (${sayInMarkdown(id)}): ${title}`
  return `${[head, ...parts.map((sentences) => sentences.join('\n')), ...placeLine(where)].join('\n\n')}\n`
}

/** Of which commit it was said: a comment outlives the commit it is about. */
function placeLine({
  commit,
  runUrl,
}: Pick<ReportContext, 'commit' | 'runUrl'>): readonly string[] {
  const link = linkAddress(runUrl)
  const parts = [
    ...(commit === undefined ? [] : [markdownCode(commit, 64)]),
    ...(link === undefined ? [] : [`[run](${link})`]),
  ]
  return parts.length === 0 ? [] : [`<sub>${parts.join(' · ')}</sub>`]
}

/** Why nothing was run, in a few words: none of them is foreign. */
export function skippedTitle({ why }: Pick<SkippedRun, 'why'>): string {
  return why === 'fork'
    ? 'not run, a change from a fork is given no keys'
    : 'skipped, nothing changed'
}

/** Paragraphs, each as its sentences. */
function partsOf(skipped: SkippedRun, say: Say): readonly (readonly string[])[] {
  const { fork } = skipped
  return fork === undefined ? [unchanged(skipped, say)] : forkParts(skipped, fork, say)
}

function unchanged({ baseline = '', provenance }: SkippedRun, say: Say): readonly string[] {
  const { candidate, evalSet, tool } = provenance
  return [
    `Compared with the baseline ${say(baseline)}: agent ${say(candidate.name)} (prompt, policy, tools, budgets, models and all other settings),`,
    `eval set ${say(evalSet.id)} ${say(evalSet.version)} (cases, world, judging policy and gate) and agent-eval ${say(tool)} are the same.`,
    'Nothing was run, and nothing was decided anew.',
  ]
}

function forkParts(
  { provenance }: SkippedRun,
  { exitCode, from, missingKeys, models }: WithheldKeys,
  say: Say,
): readonly (readonly string[])[] {
  const { candidate, evalSet } = provenance
  const keys = listed(missingKeys.map(say), maxNamed)
  const step =
    exitCode === 0
      ? 'The step does not fail all the same (exit 0).'
      : `It fails the step (exit ${exitCode}): the gate is strict, or the change itself brought the need for a key.`
  return [
    ['Nothing was run and nothing was decided. This is not a pass.', step],
    [
      `Agent ${say(candidate.name)} on eval set ${say(evalSet.id)} ${say(evalSet.version)} asks ${listed(models.map(say), maxNamed)} and needs ${keys},`,
      `which CI does not give to a change from ${say(from)}.`,
    ],
    [
      'What a maintainer can do: read the change, then start the run by hand (workflow_dispatch) on exactly the commit that was read, where the key is;',
      'or gate recorded answers, which need no key: --cassette replay.',
    ],
  ]
}
