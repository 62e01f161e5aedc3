import type { Fact } from '../../schema/verdict.ts'
import { sanitiseXml } from '../../text/sanitise-xml.ts'
import { shellWord } from '../../text/shell-word.ts'
import { truncateBytes } from '../../text/truncate.ts'
import { pathDiffLines } from '../cases/path-diff.ts'
import { listed, plural, usd } from '../format.ts'
import type { ReportContext, ReportedCase } from '../reporter.ts'
import { sayInTerminal as say } from '../say.ts'
import type { TestGround } from './test-outcome.ts'
import type { TestRow } from './test-rows.ts'

/** In bytes, as written: GitLab reads no file of 30 MB, and an eval set may have thousands of cases. */
const mostBytes = 8_192
const mostReasons = 10
const mostHarmed = 3

/** What went wrong in a case, and how to look at it; empty where nothing did. */
export function caseText(row: TestRow, ground: TestGround, context: ReportContext): string {
  const failures = row.stats?.failures ?? []
  const rest = failures.length - mostReasons
  const what = [
    ...ground.facts.map((fact) => ofThisCase(fact, row)),
    ...failures
      .slice(0, mostReasons)
      .map(
        ({ count, grader, reason }) => `${say(grader)}: ${say(reason)} (${plural(count, 'trial')})`,
      ),
    ...(rest > 0 ? [`and ${rest} more reasons`] : []),
    ...pathLines(ground.moved),
  ]
  if (what.length === 0) return ''
  return [...what, ...lookAt(row, context)].join('\n').trimStart()
}

/**
 * A fact as far as it is this case's: its message counts the calls, the people and the dollars of all
 * cases. Where nothing of the case is known, the message.
 */
function ofThisCase({ message, rule }: Fact, { stats }: TestRow): string {
  if (rule === undefined || stats === undefined) return say(message)
  const executed = stats.violationsByRule[rule]?.executed ?? 0
  if (executed === 0) return say(message)
  const what = `${say(rule)}: broken by ${plural(executed, 'executed call')}`
  return [what, ...harmWords(stats.harmByRule?.[rule])].join('; ')
}

function harmWords(
  harm: NonNullable<ReportedCase['harmByRule']>[string] | undefined,
): readonly string[] {
  if (harm === undefined) return []
  const { usdPerTrial, who } = harm
  return [
    ...(who.length === 0 ? [] : [`harmed: ${listed(who.map(say), mostHarmed)}`]),
    ...(usdPerTrial === undefined ? [] : [`${usd(usdPerTrial)} a trial`]),
  ]
}

function pathLines(moved: TestGround['moved']): readonly string[] {
  const { baselinePath: before, candidatePath: after } = moved ?? {}
  if (before === undefined || after === undefined) return []
  const lines = pathDiffLines(before.path, after.path, say)
  if (lines.every((line) => line.startsWith(' '))) return []
  return ['', 'Usual tool path, with what was taken out (-) and put in (+):', ...lines]
}

function lookAt({ id }: TestRow, { commandPrefix, runPath }: ReportContext): readonly string[] {
  if (runPath === undefined) return []
  return ['', `look at it: ${commandPrefix} show ${shellWord(`${runPath}/${id}`)}`]
}

/**
 * The beginning of a text that takes no more room than a test may, once it is escaped. No line of it
 * is empty at the end.
 */
export function fitText(text: string): string {
  let most = mostBytes
  let fitting = truncateBytes(text, most)
  // Escaping makes a character at most six times as long; each turn comes nearer from above.
  while (bytesOf(sanitiseXml(fitting)) > mostBytes) {
    most = Math.floor((most * mostBytes) / bytesOf(sanitiseXml(fitting)))
    fitting = truncateBytes(text, most)
  }
  return fitting.trimEnd()
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length
}
