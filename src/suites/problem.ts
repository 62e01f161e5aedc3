import type { SourcePosition } from '../errors.ts'

/** Where something stands in a document: keys and indices from the root. */
export type Path = readonly (string | number)[]

/** Something wrong in a file, found before anything was spent. */
export interface Problem extends SourcePosition {
  /** Keys and indices joined by dots; empty where the whole file is meant. */
  readonly path: string
  readonly message: string
  /** What would work, where the message does not say so itself. */
  readonly hint?: string
  /** The line, the one before it and a caret; already safe for a terminal. */
  readonly frame?: string
  /** The row of a template that it is about; see `nameRows`. */
  readonly row?: string
}

/** Something wrong in a document, before its position in the file was looked up. */
export interface Finding {
  readonly path: Path
  readonly message: string
  readonly hint?: string
  /** What to point at: the value (default), its key, or what it should have stood in. */
  readonly at?: 'key' | 'parent'
  /** For a value that is text: how far into it, in UTF-16 code units. */
  readonly offset?: number
  /** The row of a template that it is about. */
  readonly row?: string
}

/** What was read, or all that is wrong with it. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** The same findings about a part of a larger document. */
export function below(base: Path, findings: readonly Finding[]): readonly Finding[] {
  return findings.map((finding) => ({ ...finding, path: [...base, ...finding.path] }))
}
