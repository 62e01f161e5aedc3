import type { ComparedFigures } from '../../schema/compared-figures.ts'
import type { RunMetrics } from '../../schema/run-metrics.ts'
import { amount, countOf, duration, notAvailable, percent, usd, whole } from '../format.ts'
import { type Measured, measuredRow } from './measured-row.ts'

/** What a run measured, and what of it is known of both arms. */
interface Numbers {
  readonly metrics: RunMetrics
  readonly figures: ComparedFigures | undefined
}

type RateName =
  | 'tsr'
  | 'asr'
  | 'asrExposed'
  | 'utilityUnderAttack'
  | 'utilityWithoutAttack'
  | 'violationRate'
type MeanName = 'costPerTaskUsd' | 'tokensPerTask' | 'toolCallsPerTask' | 'modelCallsPerTask'

type RowName =
  | RateName
  | 'passHatK'
  | 'costPerTask'
  | 'costPerSolvedTask'
  | 'tokensPerTask'
  | 'toolCallsPerTask'
  | 'modelCallsPerTask'
  | 'typicalTokens'
  | 'typicalToolCalls'
  | 'latencyP50'
  | 'latencyP95'
  | 'latencyP99'

/** Numbers of a run as rows, by name. Those without a value are not there. */
export type MeasuredRows = Readonly<Partial<Record<RowName, Measured>>>

/**
 * Every number of a run that is told, in the order of reading, whether a gate decides by it or not.
 *
 * @param figures - what the baseline came to, where there is one and it is known
 */
export function measuredRows(metrics: RunMetrics, figures?: ComparedFigures): MeasuredRows {
  const numbers = { metrics, figures }
  const rows: Record<RowName, Measured> = {
    tsr: rate(numbers, 'tsr', 'tasks done'),
    passHatK: passHatK(numbers),
    asr: rate(numbers, 'asr', 'attacks succeeded'),
    asrExposed: rate(numbers, 'asrExposed', '  where delivered'),
    utilityUnderAttack: rate(numbers, 'utilityUnderAttack', 'done under attack'),
    utilityWithoutAttack: rate(numbers, 'utilityWithoutAttack', 'done without it'),
    violationRate: rate(numbers, 'violationRate', 'rules broken'),
    costPerTask: mean(numbers, 'costPerTaskUsd', { label: 'cost per task', format: usd }),
    costPerSolvedTask: perSolvedTask(numbers),
    typicalTokens: typical(numbers, 'typicalTokens', {
      label: 'typical task tokens',
      format: whole,
    }),
    tokensPerTask: mean(numbers, 'tokensPerTask', { label: 'tokens per task', format: whole }),
    typicalToolCalls: typical(numbers, 'typicalToolCalls', {
      label: 'typical task calls',
      format: amount,
    }),
    toolCallsPerTask: mean(numbers, 'toolCallsPerTask', {
      label: 'tool calls per task',
      format: amount,
    }),
    modelCallsPerTask: mean(numbers, 'modelCallsPerTask', {
      label: 'model calls per task',
      format: amount,
    }),
    latencyP50: latency(numbers, 'p50'),
    latencyP95: latency(numbers, 'p95'),
    latencyP99: latency(numbers, 'p99'),
  }
  const known = Object.entries(rows).filter(([, { value }]) => value !== notAvailable)
  return Object.fromEntries(known)
}

function rate({ figures, metrics }: Numbers, id: RateName, label: string): Measured {
  const { ciLower, ciUpper, events, n, rate: share } = metrics[id]
  const hasRange = ciLower !== undefined && ciUpper !== undefined
  return measuredRow({
    label,
    value: share,
    before: figures?.baseline[id]?.rate,
    now: figures?.candidate[id]?.rate,
    kind: 'share',
    format: percent,
    of: `${countOf(events, n)} trials`,
    range: hasRange ? `${percent(ciLower)} to ${percent(ciUpper)}` : '',
  })
}

/** For the largest k that the trials allow, those of both arms where both are known. */
function passHatK({ figures, metrics }: Numbers): Measured {
  const own = Object.keys(metrics.passHatK).map(Number)
  const shared = own.filter((k) => figures?.baseline.passHatK?.[String(k)] !== undefined)
  const largest = Math.max(...(shared.some((k) => k > 1) ? shared : own))
  const isSaid = Number.isFinite(largest) && largest > 1
  const k = String(largest)
  return measuredRow({
    label: `pass^${k}`,
    value: isSaid ? metrics.passHatK[k] : undefined,
    before: figures?.baseline.passHatK?.[k],
    now: figures?.candidate.passHatK?.[k],
    kind: 'share',
    format: percent,
  })
}

interface Said {
  readonly label: string
  readonly format: (value: number | undefined) => string
}

function mean({ figures, metrics }: Numbers, id: MeanName, said: Said): Measured {
  const { mean: value, n, unknown } = metrics[id]
  return measuredRow({
    ...said,
    value,
    before: figures?.baseline[id]?.mean,
    now: figures?.candidate[id]?.mean,
    kind: 'amount',
    of: `${whole(n)} trials${unknown === 0 ? '' : `, ${whole(unknown)} unknown`}`,
  })
}

function perSolvedTask({ figures, metrics }: Numbers): Measured {
  return measuredRow({
    label: 'cost per solved task',
    value: metrics.costPerSolvedTaskUsd,
    before: figures?.baseline.costPerSolvedTaskUsd,
    now: figures?.candidate.costPerSolvedTaskUsd,
    kind: 'amount',
    format: usd,
  })
}

const meanOf = { typicalTokens: 'tokensPerTask', typicalToolCalls: 'toolCallsPerTask' } as const

/** Only where a baseline knows no more: beside a mean of both arms nobody needs it. */
function typical({ figures }: Numbers, id: keyof typeof meanOf, said: Said): Measured {
  const { baseline, candidate } = figures ?? { baseline: {}, candidate: {} }
  const isNeeded = baseline[id] !== undefined && baseline[meanOf[id]] === undefined
  return measuredRow({
    ...said,
    value: isNeeded ? candidate[id] : undefined,
    before: baseline[id],
    now: candidate[id],
    kind: 'amount',
    of: 'cases of both arms',
  })
}

function latency(
  { figures, metrics: { latencyMs } }: Numbers,
  at: 'p50' | 'p95' | 'p99',
): Measured {
  return measuredRow({
    label: `latency ${at}`,
    value: latencyMs[at],
    before: figures?.baseline.latencyMs?.[at],
    now: figures?.candidate.latencyMs?.[at],
    kind: 'amount',
    format: duration,
    of: `${whole(latencyMs.n)} trials`,
  })
}
