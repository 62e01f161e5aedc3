import type { PageCommand, PageData } from '../../schema/page-data.ts'
import { failureGroups } from '../cases/failure-groups.ts'
import { nextCommands } from '../commands/commands.ts'
import { comparedWith, evalSetWords, sampleSize, splitNote, standIns } from '../figures/sample.ts'
import { plural, whole } from '../format.ts'
import { heading, notDecided } from '../heading.ts'
import { lostTrials } from '../notes/lost-trials.ts'
import type { ReportInput } from '../reporter.ts'
import { sayInTerminal as say } from '../say.ts'
import { type Subject, subjectOf } from '../subject.ts'
import { answersOf } from './answers.ts'
import { distributionsOf } from './distributions.ts'
import { evidenceOf } from './evidence.ts'
import { finishedSoFar } from './finished-so-far.ts'
import { leftOutWords } from './left-out.ts'
import { pageCases } from './page-cases.ts'
import type { PageMaterial } from './page-material.ts'
import { pageMetrics } from './page-metrics.ts'
import { pageNotes } from './page-notes.ts'
import { pageTrials } from './page-trials.ts'
import { plainHistory } from './plain-history.ts'

/** What the page shows of a result, and of the trials behind it where they are given. */
export function pageDataOf(given: ReportInput): PageData {
  const isOpen = given.page?.unfinished !== undefined
  const input = isOpen ? { ...given, result: finishedSoFar(given.result) } : given
  const { context, page = {}, result } = input
  const { history, missing = [], served, unfinished } = page
  const decided = subjectOf(result)
  const subject = { ...decided, figures: decided.figures ?? page.figures }
  return {
    apiVersion: 'agent-eval/v1',
    kind: 'PageData',
    title: `${titleWord(subject, unfinished)}: ${evalSetWords(subject, say)}`,
    status: statusOf(subject),
    heading: headingOf(subject, unfinished),
    remarks: [...remarksOf(subject, input)],
    answers: answersOf(subject, context),
    notes: [...pageNotes(result, missing)],
    metrics: [...pageMetrics(subject)],
    failures: failuresOf(subject),
    cases: [...pageCases(input)],
    ...trialsOf(subject, input),
    commands: nextCommands(subject, context).map((command): PageCommand => ({ ...command })),
    ...(history !== undefined && { history: plainHistory(history) }),
    evidence: [...evidenceOf(input)],
    ...(served !== undefined && { served }),
  }
}

/** Everything that is about single trials. A case of a holdout that was looked at is a holdout no more. */
function trialsOf(
  { split }: Subject,
  { context, page = {} }: ReportInput,
): Pick<PageData, 'distributions' | 'trials' | 'traces' | 'leftOut'> {
  if (split === 'holdout') return { distributions: [], trials: [], traces: [] }
  const { baseline, candidate, traces = [] } = page
  const traceable = page.traceable ?? new Set(traces.map(({ key }) => key))
  const trials = [
    ...pageTrials('candidate', candidate?.trials ?? [], traceable),
    ...pageTrials('baseline', baseline?.trials ?? [], traceable),
  ]
  const leftOut = leftOutWords(trials, context)
  return {
    distributions: [...distributionsOf(candidate, baseline)],
    trials,
    traces: [...traces],
    ...(leftOut !== '' && { leftOut }),
  }
}

type Unfinished = PageMaterial['unfinished']

function titleWord({ verdict }: Subject, unfinished: Unfinished): string {
  if (unfinished !== undefined) return 'not finished'
  if (isFirstPass({ verdict })) return 'first run'
  return verdict?.status ?? 'no verdict'
}

function statusOf({ verdict }: Subject): PageData['status'] {
  if (isFirstPass({ verdict })) return 'first-run'
  return verdict?.status ?? 'none'
}

/** Where nothing was compared, no green word may stand over the page: it would read as an approval. */
function isFirstPass({ verdict }: Pick<Subject, 'verdict'>): boolean {
  return verdict?.status === 'pass' && verdict.firstRun
}

function headingOf(subject: Subject, unfinished: Unfinished): string {
  if (unfinished === undefined) return heading(subject, say)
  const { finished, planned } = unfinished
  return `no verdict yet: ${whole(finished)} of ${plural(planned, 'trial')} finished`
}

function remarksOf(subject: Subject, { context, page }: ReportInput): readonly string[] {
  return [
    ...(subject.verdict?.status === 'inconclusive' ? [notDecided] : []),
    comparedWith(subject, say),
    besideWords(subject, page?.baseline?.shown),
    sampleSize(subject),
    lostTrials(subject, say),
    ...standIns(subject),
    ...splitNote(subject),
    say(context.note ?? ''),
  ].filter((text) => text !== '')
}

/** Trials of another run than the one that the verdict is about must not pass for it. */
function besideWords({ verdict }: Subject, shown: string | undefined): string {
  if (shown === undefined || shown === verdict?.baseline?.from) return ''
  return `beside it stand the trials of ${say(shown)}, which the verdict is not about`
}

/** Those that are new first: the others were there before anything was changed. */
function failuresOf(subject: Subject): PageData['failures'] {
  const isKnown = failedBefore(subject)
  return failureGroups(subject).map(({ bucket, failures }) => ({
    bucket,
    failures: failures
      .map(({ case: id, count, reason }) => ({
        case: say(id),
        reason: say(reason),
        count,
        ...(isKnown(id) && { isKnown: true }),
      }))
      .toSorted((a, b) => Number(a.isKnown ?? false) - Number(b.isKnown ?? false)),
  }))
}

/** Whether a case was compared and got no worse; of a first run none was. */
function failedBefore({ verdict }: Subject): (id: string) => boolean {
  if (verdict === undefined || verdict.firstRun) return () => false
  const { added, changed, moved } = verdict.cases
  const worse = moved.filter(({ direction }) => direction === 'worse').map(({ id }) => id)
  const isNew = new Set([...worse, ...added, ...changed])
  return (id) => !isNew.has(id)
}
