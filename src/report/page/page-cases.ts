import type { CaseStats } from '../../schema/case-stats.ts'
import { layers } from '../../schema/names.ts'
import type { PageCase } from '../../schema/page-data.ts'
import type { MovedCase, Verdict } from '../../schema/verdict.ts'
import { roundTo } from '../../text/round.ts'
import { worstFirst } from '../cases/moved-cases.ts'
import type { ReportedCase, ReportInput } from '../reporter.ts'
import { sayInTerminal as say } from '../say.ts'
import { subjectOf } from '../subject.ts'
import { caseLabel } from './case-label.ts'

/** Decimals of amounts: finer differences are noise. */
const digits = 6

/**
 * Every case of the run as one row: those that moved first, worst first, then as in the document. Of a
 * comparison without its runs only those that moved are known, and of a holdout none is named.
 */
export function pageCases({ context, page = {}, result }: ReportInput): readonly PageCase[] {
  const { baseline, unfinished } = page
  const isOpen = unfinished !== undefined
  const { split, verdict } = subjectOf(result)
  if (split === 'holdout') return []
  const known: readonly ReportedCase[] =
    result.kind === 'RunResult' ? result.cases : (context.cases ?? [])
  const before = new Map((baseline?.cases ?? []).map((one) => [one.id, one]))
  const moved = new Map(
    (verdict === undefined ? [] : worstFirst(verdict)).map((one) => [one.id, one]),
  )
  const order = new Map([...moved.keys()].map((id, index) => [id, index]))
  const rows = known.map((one) =>
    rowOf(one, { before: before.get(one.id), moved: moved.get(one.id), verdict, isOpen }),
  )
  const ids = new Set(known.map(({ id }) => id))
  const unseen = [...moved.values()]
    .filter(({ id }) => !ids.has(id))
    .map((one) => rowOfMoved(one, verdict))
  const place = ({ id }: PageCase): number => order.get(id) ?? order.size
  return [...rows, ...unseen].toSorted((a, b) => place(a) - place(b))
}

interface Known {
  readonly before: CaseStats | undefined
  readonly moved: MovedCase | undefined
  readonly verdict: Verdict | undefined
  /** Of a run that is not finished. */
  readonly isOpen: boolean
}

function rowOf(one: ReportedCase, { before, isOpen, moved, verdict }: Known): PageCase {
  const was = before ?? (moved === undefined ? undefined : countsBefore(moved))
  const place = placeOf(one)
  const reason = one.failures[0]?.reason
  return {
    id: say(one.id),
    layer: one.layer,
    slices: (one.slices ?? [`layer:${one.layer}`]).map(say),
    ...(place !== undefined && { place }),
    candidate: { passed: one.passed, scored: one.scored },
    ...(was !== undefined && { baseline: { passed: was.passed, scored: was.scored } }),
    ...(moved !== undefined && { moved: moved.direction }),
    ...labelOf(one, { isOpen, moved, verdict }),
    ...harmOf(one),
    ...(reason !== undefined && { reason: say(reason) }),
    ...amountsOf(one),
  }
}

/** Of a run that goes on, a case has no result yet until its first trial has ended. */
function labelOf(
  one: ReportedCase,
  { isOpen, moved, verdict }: Omit<Known, 'before'>,
): Pick<PageCase, 'label' | 'tone'> {
  if (isOpen && one.scored + one.invalid === 0) return { label: 'not finished', tone: 'faint' }
  return caseLabel(one, moved, verdict)
}

function harmOf({
  attackSuccesses,
  violationTrials,
}: Pick<CaseStats, 'attackSuccesses' | 'violationTrials'>): Partial<PageCase> {
  return {
    ...(attackSuccesses > 0 && { attackSuccesses }),
    ...(violationTrials > 0 && { violationTrials }),
  }
}

/** What a trial of it costs on average, and how long it takes in the median. */
function amountsOf({ costUsd, latenciesMs }: CaseStats): Partial<PageCase> {
  const latencyMs = median(latenciesMs)
  return {
    ...(costUsd !== undefined &&
      costUsd.n > 0 && { costUsd: roundTo(costUsd.sum / costUsd.n, digits) }),
    ...(latencyMs !== undefined && { latencyMs }),
  }
}

function placeOf({ file, line }: ReportedCase): string | undefined {
  if (file === undefined) return undefined
  return line === undefined ? say(file) : `${say(file)}:${line}`
}

function countsBefore(moved: MovedCase): { readonly passed: number; readonly scored: number } {
  return { passed: moved.baselinePassed, scored: moved.baselineScored }
}

/** A verdict knows no more of a case than how it moved. */
function rowOfMoved(moved: MovedCase, verdict: Verdict | undefined): PageCase {
  const { attackSuccesses, candidatePassed, candidateScored, firstFailure, violationTrials } = moved
  const harm = {
    attackSuccesses: attackSuccesses?.candidate ?? 0,
    violationTrials: violationTrials?.candidate ?? 0,
  }
  const label = caseLabel(
    { id: moved.id, passed: candidatePassed, scored: candidateScored, attacked: 0, ...harm },
    moved,
    verdict,
  )
  return {
    id: say(moved.id),
    layer: layerOf(moved),
    slices: [`layer:${layerOf(moved)}`],
    candidate: { passed: candidatePassed, scored: candidateScored },
    baseline: countsBefore(moved),
    moved: moved.direction,
    ...label,
    ...harmOf(harm),
    ...(firstFailure !== undefined && { reason: say(firstFailure.reason) }),
  }
}

/** A verdict from elsewhere may hold any word there. */
function layerOf({ layer }: MovedCase): PageCase['layer'] {
  return layers.find((known) => known === layer) ?? 'outcome'
}

/** Of sorted values the middle one, or the mean of the two. */
function median(sorted: readonly number[]): number | undefined {
  const middle = (sorted.length - 1) / 2
  const low = sorted[Math.floor(middle)]
  const high = sorted[Math.ceil(middle)]
  return low === undefined || high === undefined ? undefined : roundTo((low + high) / 2, digits)
}
