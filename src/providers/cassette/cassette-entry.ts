import type { JsonObject } from '../../schema/json.ts'
import type { LedgerRole } from '../../schema/trace.ts'
import { parseTrialKey, type TrialKey } from '../../schema/trial-key.ts'
import type { ModelFailure, ModelResponse } from '../provider.ts'
import type { HttpResponse } from './http-cassette.ts'

/** A request as a cassette knows it: redacted, and with nothing that changes from run to run. */
interface AskedOf {
  readonly trial: string
  readonly role: LedgerRole
  readonly ordinal: number
  /** `provider:model`. */
  readonly reference: string
  /** All that was said, whole. */
  readonly request: JsonObject
  /** Hash of everything but the ordinal. */
  readonly content: string
  /** Hash of everything. */
  readonly key: string
}

export interface AskedModel extends AskedOf {
  readonly type: 'model'
}

export interface AskedHttp extends AskedOf {
  readonly type: 'http'
  readonly method: string
  readonly path: string
}

export type Asked = AskedModel | AskedHttp

/** A model's reply without where it came from: that is the cassette now. */
export type RecordedReply =
  | { readonly ok: true; readonly response: Omit<ModelResponse, 'from'> }
  | { readonly ok: false; readonly error: ModelFailure }

type ModelEntry = AskedModel & { readonly reply: RecordedReply }
type HttpEntry = AskedHttp & { readonly reply: HttpResponse }

/** One request and what came of it. */
export type CassetteEntry = ModelEntry | HttpEntry

/** The trial without its attempt: recording one attempt anew makes all others of it worthless. */
export function trialOf(trial: string): string {
  const key = parseTrialKey(trial)
  return key === undefined ? trial : `${key.case}#${key.trial}@${key.mode}`
}

/** By trial, role and ordinal, so that a file does not tell which trial was the faster one. */
export function sortEntries<T extends Asked>(entries: readonly T[]): readonly T[] {
  const trials = new Map(entries.map(({ trial }) => [trial, parseTrialKey(trial)]))
  return [...entries].sort(
    (a, b) =>
      compareTrials(
        { text: a.trial, key: trials.get(a.trial) },
        { text: b.trial, key: trials.get(b.trial) },
      ) ||
      compareTexts(a.role, b.role) ||
      a.ordinal - b.ordinal ||
      compareTexts(a.key, b.key),
  )
}

interface Trial {
  readonly text: string
  readonly key: TrialKey | undefined
}

/** `case#2` stands before `case#10`. What is no trial key is sorted as text, behind. */
function compareTrials(a: Trial, b: Trial): number {
  if (a.text === b.text) return 0
  if (a.key === undefined || b.key === undefined) {
    return Number(a.key === undefined) - Number(b.key === undefined) || compareTexts(a.text, b.text)
  }
  return (
    compareTexts(a.key.case, b.key.case) ||
    a.key.trial - b.key.trial ||
    compareTexts(a.key.mode, b.key.mode) ||
    a.key.attempt - b.key.attempt ||
    compareTexts(a.text, b.text)
  )
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
