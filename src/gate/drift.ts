import { AgentEvalError } from '../errors.ts'
import type { DriftChart, DriftNight, DriftReport, NightMark, ServedMove } from '../schema/drift.ts'
import type { HistoryEntry, HistoryNight, HistoryNote } from '../schema/history.ts'
import { driftChart, type FollowedMetric } from './drift-chart.ts'
import { handledMark, isThin, nightMarks } from './night-marks.ts'

/** One chart each. Order is the order of reports: safety first. */
const followed: readonly FollowedMetric[] = [
  { id: 'asr', kind: 'rate', worse: 'higher' },
  { id: 'violationRate', kind: 'rate', worse: 'higher' },
  { id: 'tsr', kind: 'rate', worse: 'lower' },
  { id: 'utilityUnderAttack', kind: 'rate', worse: 'lower' },
  { id: 'costPerTask', kind: 'amount', worse: 'higher' },
  { id: 'latencyP95', kind: 'tail', worse: 'higher' },
]

/**
 * Finds lasting changes in the numbers of one eval set, night by night: did what nobody changed get
 * worse, and since when?
 *
 * Charts begin anew where the cases, the candidate, its models or the number of trials changed, or where
 * somebody has handled the alarms. A served model that changes under the same name restarts nothing: it
 * is marked.
 *
 * @param entries - of one eval set, in any order
 * @throws AgentEvalError (input) where there is no night
 */
export function driftOf(entries: readonly HistoryEntry[]): DriftReport {
  const { nights, notes } = followNights(entries)
  const last = nights.at(-1)
  if (last === undefined) throw new AgentEvalError('holds no night', 'input')
  const shown = nights.map((one) => one.shown)
  const { because, from } = beginningOf(shown, notes)
  const stretch = shown.slice(from - 1)
  const moves = stretch.flatMap(movesOf)
  const charts = followed.map((metric) =>
    driftChart(metric, {
      nights: stretch,
      moves,
      wasMeasured: shown.some((one) => one.values[metric.id] !== undefined),
    }),
  )
  return {
    apiVersion: 'agent-eval/v1',
    kind: 'DriftReport',
    status: statusOf(charts),
    evalSet: last.night.evalSet,
    candidate: last.night.candidate,
    agentBehind: last.night.agentBehind,
    from,
    because: [...because],
    charts,
    nights: shown,
  }
}

interface Followed {
  readonly night: HistoryNight
  readonly shown: DriftNight
}

/** Nights in the order of time, each with what is different; `notes`: those after the last night. */
function followNights(entries: readonly HistoryEntry[]): {
  readonly nights: readonly Followed[]
  readonly notes: readonly HistoryNote[]
} {
  const nights: Followed[] = []
  let notes: HistoryNote[] = []
  let servedModels: readonly string[] | undefined
  for (const entry of entries.toSorted((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)))) {
    if (entry.kind === 'HistoryNote') {
      notes.push(entry)
      continue
    }
    const marks = nightMarks(entry, { night: nights.at(-1)?.night, servedModels, notes })
    nights.push({ night: entry, shown: shownNight(entry, nights.length + 1, marks) })
    servedModels = entry.servedModels ?? servedModels
    notes = []
  }
  return { nights, notes }
}

function shownNight(entry: HistoryNight, night: number, marks: readonly NightMark[]): DriftNight {
  const values: DriftNight['values'] = {}
  for (const { id } of followed) {
    const measured = entry.metrics[id]
    if (measured !== undefined) values[id] = measured.value
  }
  return {
    night,
    at: entry.at,
    run: entry.run,
    values,
    charted: !isThin(entry),
    ...(entry.verdict !== undefined && { status: entry.verdict.status }),
    marks: [...marks],
  }
}

/** Where the charts begin: at the last restart, or with the night that is still to come. */
function beginningOf(
  nights: readonly DriftNight[],
  notes: readonly HistoryNote[],
): Pick<DriftReport, 'from' | 'because'> {
  if (notes.length > 0) return { from: nights.length + 1, because: notes.map(handledMark) }
  const first = nights.findLast((one) => one.marks.some((mark) => mark.restarts))
  const because = first?.marks.filter((mark) => mark.restarts) ?? []
  return { from: first?.night ?? 1, because }
}

/** Under another configuration another model is no news; only the others are moves. */
function movesOf({ at, marks, night }: DriftNight): readonly ServedMove[] {
  if (marks.some((mark) => mark.kind === 'models' || mark.kind === 'candidate')) return []
  return marks
    .filter((mark) => mark.kind === 'served-models')
    .map(({ from = [], to = [] }) => ({ night, at, from, to }))
}

function statusOf(charts: readonly DriftChart[]): DriftReport['status'] {
  if (charts.some((chart) => chart.status === 'drift')) return 'drift'
  return charts.some((chart) => chart.status === 'quiet') ? 'quiet' : 'no-chart'
}
