import type { z } from 'zod'
import {
  type HistoryNight,
  type HistoryNote,
  historyNight,
  historyNote,
} from '../../src/schema/history.ts'

const firstNight = Date.UTC(2026, 0, 1, 3, 23)
const dayMs = 24 * 3600 * 1000

/** ISO time of a night, counted from 1: one a day from 2026-01-01. */
export function nightAt(night: number): string {
  return new Date(firstNight + (night - 1) * dayMs).toISOString()
}

/** One night of 240 trials in which nothing was lost; 93 % of them did their task. */
export function aNight(
  night: number,
  changes: Partial<z.input<typeof historyNight>> = {},
): HistoryNight {
  return historyNight.parse({
    apiVersion: 'agent-eval/v1',
    kind: 'HistoryNight',
    at: nightAt(night),
    run: `support-${night}`,
    tool: '0.1.0',
    evalSet: { id: 'support', version: '1.3.0', hash: '77b2' },
    casesHash: 'sha256:c0',
    candidate: { name: 'refunds', hash: 'd91e' },
    models: { executor: 'openai:gpt-4o' },
    agentBehind: 'model',
    servedModels: ['gpt-4o-2024-08-06'],
    trials: { planned: 240, scored: 240, lost: 0 },
    metrics: { tsr: { value: 0.93, n: 240 } },
    verdict: { status: 'pass', exitCode: 0 },
    ...changes,
  })
}

/** Nights with these success rates, one each. */
export function nightsOf(
  rates: readonly number[],
  changes: Partial<z.input<typeof historyNight>> = {},
): readonly HistoryNight[] {
  return rates.map((value, index) =>
    aNight(index + 1, { metrics: { tsr: { value, n: 240 } }, ...changes }),
  )
}

/** A note between the night of this number and the next. */
export function aNote(night: number, handled = 'the vendor moved the model'): HistoryNote {
  const at = new Date(Date.parse(nightAt(night)) + dayMs / 2).toISOString()
  return historyNote.parse({ apiVersion: 'agent-eval/v1', kind: 'HistoryNote', at, handled })
}
