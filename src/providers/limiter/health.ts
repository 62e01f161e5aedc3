import type { FailureClass } from '../../schema/model-answer.ts'
import { kindOfFailure, type OutcomeKind } from './outcome-kinds.ts'

/** Failures of one kind without a sign of the contrary between them. */
interface Row {
  readonly count: number
  /** When the first of their attempts began, in ms. */
  readonly sinceMs: number
}

type Complaint = 'fault' | 'refused' | 'locked_out' | 'unfit'

/** Why nothing more is asked of a service. */
export interface Outage {
  readonly class: FailureClass
  /** One line that says it all. */
  readonly message: string
  /** From then on one request may find out whether it is up again, in ms. */
  readonly probeAtMs: number
}

/** What is known of a service: whether it ever answered, what it did since, whether it is given up on. */
export interface Health {
  readonly hasWorked: boolean
  readonly rows: Readonly<Partial<Record<Complaint, Row>>>
  readonly outage: Outage | undefined
}

/** One attempt, for the health of the service. */
export interface Sign {
  readonly kind: OutcomeKind
  /** Of a failure: its class and what the service said, on one line. */
  readonly failure?: { readonly class: FailureClass; readonly message: string } | undefined
  readonly nowMs: number
  readonly latencyMs: number
  /** It asked for a longer wait than this run is ready for. */
  readonly asksTooLongMs?: number | undefined
}

interface Patience {
  /** The service, as the line is to name it. */
  readonly key: string
  readonly maxWaitMs: number
}

interface Evidence {
  readonly count: number
  readonly spanMs: number
}

export const firstHealth: Health = { hasWorked: false, rows: {}, outage: undefined }

const probeEveryMs = 30_000

/** Which complaints are over when a service shows this; a service that refuses is at least there. */
const refutes: Readonly<Record<OutcomeKind, readonly Complaint[]>> = {
  answered: ['fault', 'refused', 'locked_out', 'unfit'],
  heard: ['fault', 'refused', 'locked_out', 'unfit'],
  unfit: ['fault', 'refused', 'locked_out'],
  refused: ['fault', 'locked_out'],
  locked_out: ['fault', 'refused'],
  fault: [],
  unclear: [],
}

/**
 * What it takes to give a service up: so many failures of a kind in a row, over so long a time.
 *
 * One that never answered has probably a wrong address or a wrong key, and waiting mends neither. One
 * that has worked gets half a minute for a restart. Refusals get longer than the minute by which
 * services count. One that takes no request from the start does not know the model that is asked for;
 * once it has answered, what it will not do is the matter of that one request.
 */
function evidenceNeeded(complaint: Complaint, hasWorked: boolean, maxWaitMs: number): Evidence {
  const needed: Readonly<Record<Complaint, Evidence>> = {
    fault: hasWorked ? { count: 10, spanMs: 30_000 } : { count: 4, spanMs: 2_000 },
    refused: { count: 10, spanMs: Math.max(90_000, 2 * maxWaitMs) },
    locked_out: { count: hasWorked ? 5 : 1, spanMs: 0 },
    unfit: { count: hasWorked ? Number.POSITIVE_INFINITY : 3, spanMs: 0 },
  }
  return needed[complaint]
}

export function healthAfter(health: Health, sign: Sign, patience: Patience): Health {
  const { kind } = sign
  const refuted = refutes[kind]
  const rows = Object.fromEntries(
    Object.entries(health.rows).filter(([complaint]) => !refuted.includes(complaint as Complaint)),
  )
  const { outage } = health
  const next = {
    hasWorked: health.hasWorked || kind === 'answered',
    rows,
    outage: outage !== undefined && refuted.includes(complaintOf(outage)) ? undefined : outage,
  }
  return isComplaint(kind) ? complain(next, { ...sign, kind }, patience) : next
}

/** Lets one request through to a service that is given up on; the next one only after a while. */
export function afterProbe(health: Health, nowMs: number): Health {
  if (health.outage === undefined) return health
  return { ...health, outage: { ...health.outage, probeAtMs: nowMs + probeEveryMs } }
}

function complain(
  health: Health,
  sign: Sign & { readonly kind: Complaint },
  patience: Patience,
): Health {
  const { kind, latencyMs, nowMs } = sign
  const before = health.rows[kind]
  const sinceMs = Math.min(before?.sinceMs ?? Infinity, nowMs - latencyMs)
  const row = { count: (before?.count ?? 0) + 1, sinceMs }
  const next = { ...health, rows: { ...health.rows, [kind]: row } }
  if (health.outage !== undefined) return next
  return { ...next, outage: findOutage(next, sign, patience) }
}

function findOutage(
  { hasWorked, rows }: Health,
  { asksTooLongMs, failure, kind, nowMs }: Sign & { readonly kind: Complaint },
  { key, maxWaitMs }: Patience,
): Outage | undefined {
  const row = rows[kind]
  if (failure === undefined || row === undefined) return undefined
  if (asksTooLongMs !== undefined && kind !== 'unfit') {
    const message = `${key} asks to wait ${seconds(asksTooLongMs)}, and max_wait_seconds allows ${seconds(maxWaitMs)}: ${failure.message}`
    return { class: failure.class, message, probeAtMs: nowMs + asksTooLongMs }
  }
  const { count, spanMs } = evidenceNeeded(kind, hasWorked, maxWaitMs)
  const lasted = nowMs - row.sinceMs
  if (row.count < count || lasted < spanMs) return undefined
  const tried = row.count === 1 ? '' : ` (${row.count} attempts in ${seconds(lasted)})`
  const message = `${key} ${verbs[kind]}${tried}: ${failure.message}`
  return { class: failure.class, message, probeAtMs: nowMs + probeEveryMs }
}

const verbs: Readonly<Record<Complaint, string>> = {
  fault: 'does not answer',
  refused: 'refuses every request',
  locked_out: 'cannot be used',
  unfit: 'takes no request',
}

function isComplaint(kind: OutcomeKind): kind is Complaint {
  return kind !== 'answered' && kind !== 'heard' && kind !== 'unclear'
}

function complaintOf(outage: Outage): Complaint {
  const kind = kindOfFailure[outage.class]
  return isComplaint(kind) ? kind : 'fault'
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`
}
