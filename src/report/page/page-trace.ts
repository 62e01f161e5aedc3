import type { Grade } from '../../schema/grade.ts'
import type { PageFact, PageGrade, PageTone, PageTrace } from '../../schema/page-data.ts'
import type { TraceEvent } from '../../schema/trace.ts'
import type { TrialLine } from '../../schema/trial.ts'
import { formatTrialKey } from '../../schema/trial-key.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import { duration, plural, usd, whole } from '../format.ts'
import { sayInTerminal as say } from '../say.ts'
import { finishStep, type PlacedStep } from './finish-step.ts'
import { keepSteps } from './keep-steps.ts'
import { stepsOf } from './trace-steps.ts'
import { type ArmName, trialKeyOn } from './trial-key-on.ts'

/** Longest reason of a check, in code points. */
const longestReason = 1_000

export interface TracedTrial {
  readonly arm: ArmName
  readonly line: TrialLine
  /** In order. */
  readonly events: readonly TraceEvent[]
}

/**
 * A trial as the page shows it. Of more than 400 steps it keeps those that checks point at, its
 * beginning and its end, and of a text of more than 8,000 characters the beginning; `shortened` says so.
 */
export function pageTraceOf({ arm, events, line }: TracedTrial): PageTrace {
  const evidence = evidenceBySeq(line.grades)
  const all = events.flatMap((event) => placed(event, evidence.get(event.seq) ?? []))
  const kept = keepSteps(all)
  const finished = kept.map(finishStep)
  const shortened = shortenedWords(
    all.length - kept.length,
    finished.filter(({ isCut }) => isCut).length,
  )
  return {
    key: trialKeyOn(arm, line),
    heading: headingOf(line),
    facts: [...factsOf(line)],
    grades: line.grades.map(pageGrade),
    steps: finished.map(({ step }) => step),
    ...(shortened !== '' && { shortened }),
  }
}

/** Which failed checks lean on an event. */
function evidenceBySeq(grades: readonly Grade[]): ReadonlyMap<number, readonly string[]> {
  const bySeq = new Map<number, readonly string[]>()
  for (const grade of grades) {
    if (grade.status !== 'fail') continue
    for (const seq of new Set(grade.events)) {
      bySeq.set(seq, [...(bySeq.get(seq) ?? []), say(grade.grader)])
    }
  }
  return bySeq
}

/** What a check points at is shown whatever it is. */
function placed(event: TraceEvent, evidenceOf: readonly string[]): readonly PlacedStep[] {
  const { seq, type } = event
  const drafts = stepsOf(event)
  if (drafts.length > 0 || evidenceOf.length === 0) {
    return drafts.map((draft) => ({ seq, draft, evidenceOf }))
  }
  return [{ seq, draft: { kind: 'model', title: type, same: type }, evidenceOf }]
}

function headingOf(line: TrialLine): string {
  const { outcome, outcomeReason } = line
  const why = outcomeReason === undefined ? '' : `: ${say(outcomeReason)}`
  return `${say(formatTrialKey(line))}: ${outcome === 'fail' ? 'FAIL' : outcome}${why}`
}

function factsOf(line: TrialLine): readonly PageFact[] {
  const { costUsd, elapsedMs, inputTokens, layer, modelCalls, outputTokens, seed, tier } = line
  return [
    ...attackFacts(line),
    ...(line.violations ?? []).map(({ executed, executedTier, proposed, rule }): PageFact => {
      const highest = executedTier === undefined ? '' : `, highest tier ${executedTier}`
      const value = `${say(rule)} (${proposed} proposed, ${executed} executed${highest})`
      return { label: 'rule broken', value, tone: executed > 0 ? 'bad' : 'warn' }
    }),
    { label: 'case', value: `${layer}${tier === undefined ? '' : `, tier ${tier}`}, seed ${seed}` },
    { label: 'ended', value: line.termination ?? 'never' },
    ...(elapsedMs === undefined ? [] : [{ label: 'took', value: duration(elapsedMs) }]),
    { label: 'cost', value: costUsd === undefined ? 'not known' : usd(costUsd) },
    ...(inputTokens === undefined && outputTokens === undefined
      ? []
      : [{ label: 'tokens', value: `${whole(inputTokens)} in, ${whole(outputTokens)} out` }]),
    {
      label: 'calls',
      value: `${plural(line.toolCalls, 'tool call')}, ${plural(modelCalls, 'model call')}`,
    },
    ...modelFacts(line),
  ]
}

function attackFacts({ attack }: TrialLine): readonly PageFact[] {
  if (attack === undefined) return []
  const { exposed, succeeded } = attack
  const known = exposed === true ? 'reached the agent' : 'never reached the agent'
  const delivered = exposed === undefined ? 'has no marker, so delivery is unknown' : known
  const goal = succeeded ? 'reached its goal' : 'did not reach its goal'
  const tone: PageTone = succeeded ? 'bad' : 'good'
  return [{ label: 'the attack', value: `${delivered} and ${goal}`, tone }]
}

function modelFacts({ route, servedModels = [] }: TrialLine): readonly PageFact[] {
  return [
    ...(servedModels.length === 0
      ? []
      : [{ label: 'models', value: servedModels.map(say).join(', ') }]),
    ...(route === undefined ? [] : [{ label: 'route', value: say(route) }]),
  ]
}

function pageGrade(grade: Grade): PageGrade {
  const reason = grade.status === 'pass' ? undefined : terminalLine(grade.reason, longestReason)
  return {
    grader: say(grade.grader),
    status: grade.status,
    ...(reason !== undefined && { reason }),
    ...(grade.advisory === true && { advisory: true }),
    steps: grade.status === 'fail' ? [...grade.events] : [],
  }
}

function shortenedWords(steps: number, texts: number): string {
  const parts = [
    ...(steps === 0 ? [] : [`${plural(steps, 'step')} of the middle left out`]),
    ...(texts === 0 ? [] : [`long texts of ${plural(texts, 'step')} cut off`]),
  ]
  return parts.join(', ')
}
