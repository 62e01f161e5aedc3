import type { PageFact } from '../../schema/page-data.ts'
import type { Comparison, RunResult } from '../../schema/run-result.ts'
import type { Fact, Verdict } from '../../schema/verdict.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import { idleSentence } from '../cases/idle-cases.ts'
import { counted } from '../figures/measured.ts'
import { listed } from '../format.ts'
import { metricRemarks } from '../metric-words.ts'
import { factWords } from '../notes/harm-words.ts'
import { judgeNote, maxJudgeNote } from '../notes/judge-note.ts'
import { loudNotes, quietNotes } from '../notes/loud-notes.ts'
import { diagnosticNotes, ruleNotes, unpairedNotes } from '../notes/verdict-notes.ts'
import { sayInTerminal as say } from '../say.ts'
import { type Subject, subjectOf } from '../subject.ts'
import { factOf, factsOf, labelled } from './facts.ts'
import { policyChangeNotes } from './policy-change.ts'

/** A page has more room than a comment. */
const naming = { say, most: 24 }

/** What a reader must know beside the numbers; the worst first. */
export function pageNotes(
  result: RunResult | Comparison,
  missing: readonly string[],
): readonly PageFact[] {
  const subject = subjectOf(result)
  const { verdict } = subject
  return [
    ...(verdict === undefined ? [] : loud(verdict)),
    ...policyChangeNotes(result),
    ...judge(subject),
    ...factsOf(
      'not shown',
      missing.map((text) => terminalLine(text)),
      'warn',
    ),
    ...(verdict === undefined ? [] : inputs(verdict)),
    ...sets(subject),
    ...(verdict === undefined ? [] : quiet(verdict)),
    ...counts(subject),
  ]
}

function loud(verdict: Verdict): readonly PageFact[] {
  return [
    ...verdict.facts.flatMap(factNote),
    ...factsOf('missing', verdict.missingEvidence.map(say), 'bad'),
    ...factsOf('rules', ruleNotes(verdict, naming), 'warn'),
    ...factsOf('note', loudNotes(verdict, naming), 'warn'),
    ...factsOf('warning', verdict.warnings.map(say), 'warn'),
  ]
}

/** A waived fact says by which waiver. */
export function factNote(fact: Fact): readonly PageFact[] {
  const { cases, waivedBy } = fact
  const where = cases.length === 0 ? '' : ` (${listed(cases.map(say), naming.most)})`
  const text = `${factWords(fact, say)}${where}`
  if (waivedBy === undefined) return factOf('fact', text, 'bad')
  return factOf('waived', `${text}, waived by ${say(waivedBy)}`, 'warn')
}

function judge({ judge: summary }: Subject): readonly PageFact[] {
  const notes = judgeNote(summary).map((note) => terminalLine(note, maxJudgeNote))
  return factsOf('judge', notes, summary?.stopped === undefined ? undefined : 'bad')
}

function inputs({ baseline, inputsChanged }: Verdict): readonly PageFact[] {
  if (inputsChanged.length > 0)
    return factsOf('inputs that changed', inputsChanged.map(say), 'warn')
  return baseline === undefined ? [] : factOf('inputs that changed', 'none', 'faint')
}

/** Cases that stand on one side only, and those that ran and decide nothing. */
function sets(subject: Subject): readonly PageFact[] {
  const { split, verdict } = subject
  const unpaired = verdict === undefined ? [] : unpairedNotes(verdict, { ...naming, split })
  return [
    ...factsOf('cases', unpaired, 'warn'),
    ...factOf('cases', idleSentence(subject, say, naming.most), 'faint'),
  ]
}

function quiet(verdict: Verdict): readonly PageFact[] {
  return [
    ...factsOf('metrics', metricRemarks(verdict, say), 'faint'),
    ...factsOf('beside', quietNotes(verdict, naming), 'faint'),
    ...factsOf('noise', diagnosticNotes(verdict, naming), 'faint'),
  ]
}

function counts({ controls, metrics }: Subject): readonly PageFact[] {
  return metrics === undefined ? [] : labelled([counted(metrics, controls)], 'counted')
}
