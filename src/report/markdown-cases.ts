import type { CaseResult } from '../schema/run-result.ts'
import type { MovedCase, Verdict } from '../schema/verdict.ts'
import { markdownCode, markdownFence } from '../text/sanitise-markdown.ts'
import { terminalLine } from '../text/sanitise-terminal.ts'
import { failingCases } from './failing-cases.ts'
import type { Section } from './fit-sections.ts'
import { countOf, plural } from './format.ts'
import { details, table } from './markdown-table.ts'
import { movedLabel, worstFirst } from './moved-cases.ts'
import { pathDiffLines } from './path-diff.ts'
import type { ReportContext } from './reporter.ts'
import { sayInMarkdown as say } from './say.ts'

const maxCases = 10
const maxPaths = 3
const maxId = 80

/** Cases that moved, worst first; only three of them where room is short. */
export function casesSection(
  verdict: Verdict,
  cases: readonly CaseResult[],
  context: ReportContext,
): Section {
  const moved = worstFirst(verdict)
  const rows = moved.map((one) => movedRow(one, verdict, { cases, context }))
  const head = ['', 'case', 'baseline', 'candidate', 'first failing check']
  return shortened('cases that moved', rows, (shown) => table(head, 'llccl', shown))
}

/** Cases with failures, where there is nothing to compare with. */
export function failingSection(cases: readonly CaseResult[], context: ReportContext): Section {
  const rows = failingCases(cases).map((one) => [
    caseName(one.id, one, context),
    [
      `${countOf(one.passed, one.scored)} passed`,
      ...(one.attackSuccesses === 0 ? [] : [`attack won ${one.attackSuccesses}`]),
      ...(one.violationTrials === 0 ? [] : [`rule broken ${one.violationTrials}`]),
    ].join(', '),
    say(one.failures[0]?.reason ?? ''),
  ])
  const head = ['case', 'trials', 'most frequent first failing check']
  return shortened('cases with failures', rows, (shown) => table(head, 'lll', shown))
}

/** How the usual way through a case changed, for at most three cases, with how often it was seen. */
export function pathSections(verdict: Verdict): string {
  const blocks = worstFirst(verdict)
    .filter(({ direction }) => direction === 'worse')
    .flatMap((one) => pathBlock(one, verdict))
  return blocks.slice(0, maxPaths).join('\n\n')
}

function pathBlock(one: MovedCase, verdict: Verdict): readonly string[] {
  const { baselinePath: before, candidatePath: after } = one
  if (before === undefined || after === undefined) return []
  const lines = pathDiffLines(before.path, after.path, (tool) => terminalLine(tool, 120))
  if (lines.every((line) => line.startsWith(' '))) return []
  const seen =
    `Usual tool path of ${markdownCode(one.id, maxId)}: now in ${plural(after.count, 'trial')} ` +
    `(\`+\`), in the baseline in ${plural(before.count, 'trial')} (\`-\`).`
  const diff = markdownFence(lines.join('\n'), { language: 'diff', maxLength: 4000 })
  const isLoud = movedLabel(one, verdict) === 'FAIL'
  return [isLoud ? `${seen}\n\n${diff}` : details('a path that changed', `${seen}\n\n${diff}`)]
}

function movedRow(
  one: MovedCase,
  verdict: Verdict,
  { cases, context }: { cases: readonly CaseResult[]; context: ReportContext },
): readonly string[] {
  const label = movedLabel(one, verdict)
  const first = one.firstFailure
  return [
    label === 'FAIL' ? '**FAIL**' : label,
    caseName(
      one.id,
      cases.find(({ id }) => id === one.id),
      context,
    ),
    armCounts(one, 'baseline'),
    armCounts(one, 'candidate'),
    first === undefined ? '' : `${say(first.reason)} (${plural(first.count, 'trial')})`,
  ]
}

function armCounts(one: MovedCase, arm: 'baseline' | 'candidate'): string {
  const counts = {
    baseline: countOf(one.baselinePassed, one.baselineScored),
    candidate: countOf(one.candidatePassed, one.candidateScored),
  }
  const attacks = one.attackSuccesses?.[arm]
  const violations = one.violationTrials?.[arm]
  return [
    counts[arm],
    ...(attacks === undefined ? [] : [`attack won ${attacks}`]),
    ...(violations === undefined ? [] : [`rule broken ${violations}`]),
  ].join(', ')
}

/** The id, as a link to its line where that is known. */
function caseName(id: string, one: CaseResult | undefined, { caseFileUrl }: ReportContext): string {
  const name = markdownCode(id, maxId)
  if (one?.file === undefined || caseFileUrl === undefined || one.file.length > 200) return name
  if (!/^https?:\/\/[\w./:@%+=~-]+$/.test(caseFileUrl)) return name
  const path = one.file.split(/[\\/]/).map(encodeUrlPart).join('/')
  const line = one.line === undefined ? '' : `#L${one.line}`
  return `[${name}](${caseFileUrl.replace(/\/?$/, '/')}${path}${line})`
}

/** Also what `encodeURIComponent` leaves and Markdown would read as the end of a link. */
function encodeUrlPart(part: string): string {
  return encodeURIComponent(terminalLine(part)).replace(
    /[()'*!~]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  )
}

function shortened(
  name: string,
  rows: readonly (readonly string[])[],
  render: (shown: readonly (readonly string[])[]) => string,
): Section {
  if (rows.length === 0) return { name, text: '' }
  const upTo = (most: number): string => {
    const rest = rows.length - most
    const more = rest > 0 ? `\n\nand ${plural(rest, 'more case')}` : ''
    return `#### ${capital(name)}\n\n${render(rows.slice(0, most))}${more}`
  }
  return { name: `${name}, beyond three`, text: upTo(maxCases), short: upTo(3), dropOrder: 4 }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
