/** What is wrong in a world or a case, and where in its document. */
export interface WorldProblem {
  readonly path: readonly (string | number)[]
  readonly message: string
  /** Where in the text at `path`, in UTF-16 code units; absent where the whole value is meant. */
  readonly offset?: number
}
