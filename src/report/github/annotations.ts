import type { Fact, MovedCase, Verdict } from '../../schema/verdict.ts'
import { movedLabel, whyNotDeciding, worstFirst } from '../cases/moved-cases.ts'
import { reportedCases } from '../cases/reported-cases.ts'
import { sampleSize, spend } from '../figures/sample.ts'
import { countOf, listed, plural } from '../format.ts'
import { heading, verdictLine } from '../heading.ts'
import { inReadingOrder, metricTitle, metricValue } from '../metric-words.ts'
import { factWords } from '../notes/harm-words.ts'
import type { ReportInput } from '../reporter.ts'
import { repositoryPath } from '../repository-path.ts'
import { sayInTerminal as say } from '../say.ts'
import { subjectOf } from '../subject.ts'
import type { AnnotatedPlace, Annotation } from './workflow-command.ts'

/** GitHub shows ten of a kind for each step; one is left for whatever else fails in it. */
const mostErrors = 9
const mostTotals = 10
const mostNamed = 5

/** In which order they go where there are too many. */
const ranks = { fact: 0, unsafe: 1, missing: 2, limit: 3, moved: 4, verdict: 5 } as const

interface Ranked extends Annotation {
  readonly rank: keyof typeof ranks
}

/**
 * What GitHub is to show beside the files: at most nine errors over all results of a command, the worst
 * first, and of each result one line with its totals.
 *
 * Errors are what made a verdict red: facts, cases that show a regression, evidence that is missing. A
 * run that nobody decides on, and a pass, have none.
 */
export function annotationsOf(inputs: readonly ReportInput[]): readonly Annotation[] {
  const found = inputs.map((input) => ({ input, errors: errorsOf(input) }))
  const worst = found
    .flatMap(({ errors }) => errors)
    .toSorted((a, b) => ranks[a.rank] - ranks[b.rank])
    .slice(0, mostErrors)
  const shown = new Set(worst)
  const totals = found.slice(0, mostTotals).map(({ errors, input }) => {
    return totalsOf(input, errors.filter((one) => !shown.has(one)).length)
  })
  return [...worst, ...totals]
}

function errorsOf(input: ReportInput): readonly Ranked[] {
  const { verdict } = input.result
  if (verdict === undefined) return []
  const placeOf = placesOf(input)
  const facts = verdict.facts.filter(({ waivedBy }) => waivedBy === undefined)
  const told = new Set(facts.flatMap(({ cases }) => cases.slice(0, 1)))
  const moved = worstFirst(verdict).filter((one) => movedLabel(one, verdict) === 'FAIL')
  const errors = [
    ...facts.map((fact) => ofFact(fact, { moved, placeOf })),
    ...moved.filter(({ id }) => !told.has(id)).map((one) => ofMoved(one, verdict, placeOf(one.id))),
    ...verdict.missingEvidence.map(ofMissing),
  ]
  if (errors.length > 0 || !['regression', 'error'].includes(verdict.status)) return errors
  return [ofVerdict(input, verdict)]
}

type PlaceOf = (id: string | undefined) => AnnotatedPlace | undefined

/** Where cases stand, from the root of the repository. */
function placesOf(input: ReportInput): PlaceOf {
  const { deciding, idle } = reportedCases(input)
  const known = new Map([...deciding, ...idle].map((one) => [one.id, one]))
  return (id) => {
    const { file, line } = known.get(id ?? '') ?? {}
    const inRepository =
      file === undefined ? undefined : repositoryPath(file, input.context.repositoryFolder)
    return inRepository === undefined ? undefined : { file: inRepository, line }
  }
}

function ofFact(
  fact: Fact,
  { moved, placeOf }: { readonly moved: readonly MovedCase[]; readonly placeOf: PlaceOf },
): Ranked {
  const { cases, kind, rule } = fact
  const [first] = cases
  const known = moved.find(({ id }) => id === first)
  const where = cases.length === 0 ? [] : [`Cases: ${listed(cases.map(say), mostNamed)}.`]
  return {
    level: 'error',
    rank: kind === 'limit' ? 'limit' : 'fact',
    title: rule === undefined ? 'limit missed' : `rule broken: ${say(rule)}`,
    message: [
      factWords(fact, say),
      ...where,
      ...(known === undefined ? [] : whatHappened(known)),
    ].join('\n'),
    place: placeOf(first),
  }
}

function ofMoved(one: MovedCase, verdict: Verdict, place: AnnotatedPlace | undefined): Ranked {
  const id = say(one.id)
  const { attackSuccesses: attacks, violationTrials: violations } = one
  const isAttacked = attacks !== undefined && attacks.candidate > attacks.baseline
  const isUnsafe = violations !== undefined && violations.candidate > violations.baseline
  const otherwise = isUnsafe ? `rule broken in ${id}` : `worse than before: ${id}`
  return {
    level: 'error',
    rank: isAttacked || isUnsafe ? 'unsafe' : 'moved',
    title: isAttacked ? `attack succeeded in ${id}` : otherwise,
    message: [...harmOf(one), ...whatHappened(one), ...whyNot(one, verdict)].join('\n'),
    place,
  }
}

function whyNot(one: MovedCase, verdict: Verdict): readonly string[] {
  const why = whyNotDeciding(one, verdict)
  return why === '' ? [] : [`It ${why}.`]
}

function harmOf(one: MovedCase): readonly string[] {
  const { attackSuccesses, violationTrials } = one
  const kinds = [
    { what: 'The attack reached its goal', counts: attackSuccesses },
    { what: 'A rule was broken', counts: violationTrials },
  ]
  return kinds.flatMap(({ counts, what }) =>
    counts === undefined || counts.candidate <= counts.baseline
      ? []
      : [
          `${what} in ${countOf(counts.candidate, one.candidateScored)} trials, was ${countOf(counts.baseline, one.baselineScored)}.`,
        ],
  )
}

function whatHappened(one: MovedCase): readonly string[] {
  const now = countOf(one.candidatePassed, one.candidateScored)
  const before = countOf(one.baselinePassed, one.baselineScored)
  const first = one.firstFailure
  return [
    `Trials passed: ${now}, was ${before}.`,
    ...(first === undefined
      ? []
      : [`First failing check: ${say(first.reason)} (${plural(first.count, 'trial')}).`]),
  ]
}

function ofMissing(text: string): Ranked {
  return { level: 'error', rank: 'missing', title: 'evidence is missing', message: say(text) }
}

/** For a verdict that no single case explains, such as one by cost. */
function ofVerdict({ result }: ReportInput, { status }: Verdict): Ranked {
  const subject = subjectOf(result)
  return {
    level: 'error',
    rank: 'verdict',
    title: `agent-eval: ${status}`,
    message: `${say(subject.candidate.evalSet.id)}: ${heading(subject, say, 'counted')}`,
  }
}

/** @param left - errors for which there was no room */
function totalsOf({ context, result }: ReportInput, left: number): Annotation {
  const subject = subjectOf(result)
  const { verdict } = subject
  const name = say(subject.candidate.evalSet.id)
  const parts = [
    `${name}: ${heading(subject, say, 'counted')}`,
    ...numbers(verdict),
    [sampleSize(subject), spend(subject, context)].filter((part) => part !== '').join('; '),
    ...(left === 0 ? [] : [`${left} more in the summary of this job.`]),
  ]
  return {
    // What does not decide is not to be read past.
    level: verdict?.status === 'inconclusive' ? 'warning' : 'notice',
    title: `agent-eval ${name}: ${verdictLine(verdict)}`,
    message: parts.join('\n'),
  }
}

function numbers(verdict: Verdict | undefined): readonly string[] {
  return inReadingOrder(verdict?.metrics ?? [])
    .filter(({ candidate, status }) => status !== 'n/a' && candidate !== undefined)
    .map((metric) => {
      const was = metric.baseline === undefined ? '' : `, was ${metricValue(metric, 'baseline')}`
      return `${metricTitle(metric)} ${metricValue(metric, 'candidate')}${was}: ${metric.status}`
    })
}
