import type { FailureClass } from '../../schema/model-answer.ts'

/** What one attempt says about the service, for the pace of the others and for its health. */
export type OutcomeKind =
  /** It did what it is there for. */
  | 'answered'
  /** It is up and will not do this request, whoever asks. */
  | 'heard'
  /** It is up and finds the request wrong: a model that does not exist, or a field it does not know. */
  | 'unfit'
  /** It is up and wants fewer requests. */
  | 'refused'
  /** No answer, or one that may be better next time. */
  | 'fault'
  /** It lets us in no more: a wrong key, or an account without credit. */
  | 'locked_out'
  /** Nothing about the service: whoever asked gave up, or the fault is ours. */
  | 'unclear'

export const kindOfFailure: Readonly<Record<FailureClass, OutcomeKind>> = {
  rate_limit: 'refused',
  transient: 'fault',
  timeout: 'fault',
  auth: 'locked_out',
  bad_request: 'unfit',
  context_overflow: 'heard',
  bug: 'unclear',
  cassette_miss: 'unclear',
  budget: 'unclear',
}
