/** What an operation gave, or why it gave nothing; faults of a document are data, not exceptions. */
export type Result<T> = Success<T> | Failure

export interface Success<T> {
  readonly ok: true
  readonly value: T
}

export interface Failure {
  readonly ok: false
  readonly error: string
}

export function success<T>(value: T): Success<T> {
  return { ok: true, value }
}

export function failure(error: string): Failure {
  return { ok: false, error }
}
