import { commentMarker } from './comment-marker.ts'
import { fitSections, type Section } from './fit-sections.ts'
import { heading } from './heading.ts'
import { casesSection, failingSection, pathSections } from './markdown-cases.ts'
import { controlsSection } from './markdown-controls.ts'
import { gatedTable, howDecided, measuredTable } from './markdown-metrics.ts'
import {
  besideSection,
  commandsSection,
  effect,
  failureSection,
  footer,
  inputsSection,
  judgeSection,
  listsSection,
  moneySection,
  remarksSection,
  rulesSection,
} from './markdown-sections.ts'
import { policySection } from './policy-section.ts'
import type { Reporter, ReportInput } from './reporter.ts'
import { sayInMarkdown as say } from './say.ts'
import { type Subject, subjectOf } from './subject.ts'

/** GitHub refuses a comment over 65,536 characters; bytes, and some room, to be safe. */
const maxBytes = 60_000

/** For a pull request: one comment per eval set, found again by the marker on its first line. */
export const markdown: Reporter = {
  id: 'markdown',
  describes: 'a pull request comment, at most 60,000 bytes',

  render(input) {
    const subject = subjectOf(input.result)
    return fitSections(sections(subject, input), maxBytes, (missing) => {
      return `_Left out to stay below 60,000 bytes: ${missing.join(', ')}. The result document has everything._`
    })
  },
}

/** In the order of reading; `dropOrder` says in which order they go. */
function sections(subject: Subject, { context, result }: ReportInput): readonly Section[] {
  const { verdict, shown } = subject
  const isCompared = verdict !== undefined && !verdict.firstRun
  return [
    { name: 'heading', text: head(subject) },
    { name: 'effect', text: effect(subject) },
    { name: 'changed rules', text: rulesSection(subject) },
    remarksSection(subject),
    { name: 'metrics', text: isCompared ? gatedTable(subject) : measuredTable(subject) },
    controlsSection(subject),
    policySection(result),
    { name: 'the judge', text: judgeSection(subject) },
    { name: 'money and routes', text: moneySection(subject), dropOrder: 8 },
    isCompared ? casesSection(verdict, shown, context) : failingSection(shown, context),
    { name: 'tool paths', text: verdict === undefined ? '' : pathSections(verdict), dropOrder: 1 },
    { name: 'inputs that changed', text: inputsSection(subject), dropOrder: 5 },
    { name: 'failures by kind', text: failureSection(subject), dropOrder: 3 },
    { name: 'added and removed cases', text: listsSection(subject), dropOrder: 6 },
    { name: 'noise and autonomy', text: besideSection(subject), dropOrder: 0 },
    { name: 'how each gate decided', text: howDecided(verdict), dropOrder: 2 },
    { name: 'commands', text: commandsSection(subject, context) },
    { name: 'footer', text: footer(subject, context) },
  ]
}

/** The marker, by which the comment is found, and the verdict right below. */
function head(subject: Subject): string {
  const { id } = subject.candidate.evalSet
  return `${commentMarker(id)}\n### agent-eval (${say(id)}): ${heading(subject, say)}`
}
