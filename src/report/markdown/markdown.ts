import type { Verdict } from '../../schema/verdict.ts'
import { linkAddress } from '../../text/link-address.ts'
import { whole } from '../format.ts'
import { heading } from '../heading.ts'
import { policySection } from '../policy/section.ts'
import type { ReportContext, Reporter, ReportInput } from '../reporter.ts'
import { sayInMarkdown as say } from '../say.ts'
import { type Subject, subjectOf } from '../subject.ts'
import { besideCases, failingSection, type Scope, worseSection } from './cases.ts'
import { commandsSection } from './commands.ts'
import { commentMarker } from './comment-marker.ts'
import { controlsAlarm } from './controls.ts'
import { fitSections, type Section } from './fit-sections.ts'
import { gatedTable, measuredTable } from './metrics.ts'
import { caseLinks } from './names.ts'
import { pathSections } from './paths.ts'
import { rulesInHeading, rulesSection } from './rules.ts'
import {
  besideSection,
  footer,
  inputsSection,
  listsSection,
  numbersSection,
  remarksSection,
} from './sections.ts'
import { leadParagraph } from './states.ts'

/** GitHub refuses a comment over 65,536 characters; bytes, and some room, to be safe. */
const maxBytes = 60_000
const inComment: Extent = {
  scope: { rows: 10, ids: 3 },
  paths: 3,
  items: 12,
  pathsOf: new Set(['regression']),
}

/** How much is shown: a comment is short, a job summary has room. */
export interface Extent {
  /** Of tables of cases. */
  readonly scope: Scope
  /** Differences of tool paths. */
  readonly paths: number
  /** Of any other list. */
  readonly items: number
  /** Verdicts that tool paths are shown of. */
  readonly pathsOf: ReadonlySet<Verdict['status']>
}

/** For a pull request: one comment per eval set, found again by the marker on its first line. */
export const markdown: Reporter = {
  id: 'markdown',
  describes: 'a pull request comment, at most 60,000 bytes',

  render(input) {
    const subject = subjectOf(input.result)
    const { id } = subject.candidate.evalSet
    return fitSections(
      [
        { name: 'heading', text: `${commentMarker(id)}\n${title(subject)}` },
        ...verdictSections(subject, input),
        ...closedSections(subject, input),
        { name: 'footer', text: footer(subject, input.context) },
      ],
      maxBytes,
      leftOut(maxBytes, input.context),
    )
  },
}

/** The verdict right below the marker, in the words of whoever owns the agent. */
export function title(subject: Subject): string {
  const { candidate, verdict } = subject
  return `### agent-eval (${say(candidate.evalSet.id)}): ${heading(subject, say, 'counted')}${rulesInHeading(verdict)}`
}

/** Says what had no room, and where it is. */
export function leftOut(
  limit: number,
  context: ReportContext,
): (missing: readonly string[]) => string {
  const url = linkAddress(context.runUrl)
  const where = url === undefined ? 'The result document has' : `The [run](${url}) has`
  const bytes = whole(limit)
  return (missing) =>
    `_Left out to stay below ${bytes} bytes: ${missing.join(', ')}. ${where} everything._`
}

/** What a reader with a minute needs, in the order of reading; `dropOrder` says in which order they go. */
export function verdictSections(
  subject: Subject,
  { context, result }: ReportInput,
  { items, paths, pathsOf, scope } = inComment,
): readonly Section[] {
  const { shown, verdict } = subject
  const where = { links: caseLinks(shown, context), scope }
  const isCompared = verdict !== undefined && !verdict.firstRun
  return [
    { name: 'effect', text: leadParagraph(subject, context) },
    rulesSection(subject),
    remarksSection(subject),
    { name: 'metrics', text: isCompared ? gatedTable(subject) : measuredTable(subject, 'leading') },
    isCompared ? worseSection(verdict, where) : failingSection(subject, where),
    { name: 'inputs that changed', text: inputsSection(subject), dropOrder: 6 },
    { name: 'commands', text: commandsSection(subject, context) },
    { name: 'added and removed cases', text: listsSection(subject, items), dropOrder: 7 },
    { name: 'controls', text: controlsAlarm(subject), dropOrder: 11 },
    policySection(result),
    {
      name: 'tool paths',
      text: isCompared && pathsOf.has(verdict.status) ? pathSections(verdict, paths) : '',
      dropOrder: 4,
    },
  ]
}

/** Closed at first: for whoever looks twice. The rest is in the job summary. */
function closedSections(subject: Subject, { context }: ReportInput): readonly Section[] {
  const { shown, verdict } = subject
  const where = { links: caseLinks(shown, context), scope: inComment.scope }
  return [
    besideCases(verdict, where),
    { name: 'more numbers', text: numbersSection(subject), dropOrder: 1 },
    { name: 'noise and autonomy', text: besideSection(subject), dropOrder: 0 },
  ]
}
