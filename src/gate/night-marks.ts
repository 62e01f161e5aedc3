import type { NightMark } from '../schema/drift.ts'
import type { HistoryNight, HistoryNote } from '../schema/history.ts'

/** Share of a night's trials that may be lost to the surroundings: as for a verdict. */
const toleratedLoss = 0.05

/** What came before a night: enough to tell what is different now. */
export interface Earlier {
  readonly night: HistoryNight | undefined
  /** Of the last night that recorded any. */
  readonly servedModels: readonly string[] | undefined
  /** Notes since that night. */
  readonly notes: readonly HistoryNote[]
}

/** Everything about a night that a reader of its numbers must know. */
export function nightMarks(now: HistoryNight, earlier: Earlier): readonly NightMark[] {
  const { night: before, notes } = earlier
  const restarts = before === undefined ? [] : restartMarks(before, now)
  return [
    ...notes.map(handledMark),
    ...restarts,
    ...servedMarks(earlier.servedModels, now),
    ...(before === undefined ? [] : move('tool', [before.tool], [now.tool])),
    ...(isThin(now) ? [lossMark(now)] : []),
  ]
}

export function handledMark({ handled }: HistoryNote): NightMark {
  return { kind: 'handled', restarts: true, why: handled }
}

/** So many trials are missing that the rest is another sample. */
export function isThin({ trials: { planned, scored } }: HistoryNight): boolean {
  return planned - scored > toleratedLoss * planned
}

/** Another suite, configuration or number of trials: the numbers before say nothing about those after. */
function restartMarks(before: HistoryNight, now: HistoryNight): readonly NightMark[] {
  const models = move('models', modelsOf(before), modelsOf(now))
  const isOtherCandidate = before.candidate.hash !== now.candidate.hash
  const candidate: NightMark = {
    kind: 'candidate',
    restarts: true,
    from: [before.candidate.name],
    to: [now.candidate.name],
  }
  const cases: NightMark = {
    kind: 'cases',
    restarts: true,
    from: [before.evalSet.version],
    to: [now.evalSet.version],
  }
  return [
    ...(before.casesHash === now.casesHash ? [] : [cases]),
    // A model is part of the configuration; naming it says more.
    ...models.map((mark) => ({ ...mark, restarts: true })),
    ...(isOtherCandidate && models.length === 0 ? [candidate] : []),
    ...move('trials', [String(before.trials.planned)], [String(now.trials.planned)]).map(
      (mark) => ({
        ...mark,
        restarts: true,
      }),
    ),
  ]
}

function modelsOf({ models }: HistoryNight): readonly string[] {
  return Object.entries(models).map(([tier, model]) => `${tier} ${model}`)
}

function servedMarks(
  before: readonly string[] | undefined,
  { servedModels }: HistoryNight,
): readonly NightMark[] {
  if (before === undefined || servedModels === undefined) return []
  return move('served-models', before, servedModels)
}

/** What left a list and what came; nothing where they are the same. */
function move(
  kind: NightMark['kind'],
  before: readonly string[],
  now: readonly string[],
): readonly NightMark[] {
  const from = before.filter((one) => !now.includes(one)).sort()
  const to = now.filter((one) => !before.includes(one)).sort()
  return from.length + to.length === 0 ? [] : [{ kind, restarts: false, from, to }]
}

function lossMark({ trials: { planned, scored } }: HistoryNight): NightMark {
  return {
    kind: 'lost',
    restarts: false,
    from: [String(planned)],
    to: [String(planned - scored)],
  }
}
