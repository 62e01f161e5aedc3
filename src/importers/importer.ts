import type { LintFigures } from '../schema/lint-figures.ts'
import type { PlannedCase, Provenance } from '../schema/run-manifest.ts'
import type { TraceEvent } from '../schema/trace.ts'
import type { TrialLine } from '../schema/trial.ts'

export interface ImportOptions {
  /** The file as the user named it: for messages, for the candidate's name, and as the source. */
  readonly file: string
  /** Keep only these recorded trial numbers, as the file counts them. */
  readonly trials?: readonly number[]
}

/** One recorded run as a finished trial of ours. Both parts parse with the schemas. */
export interface ImportedTrial {
  readonly trial: TrialLine
  readonly events: readonly TraceEvent[]
}

/** What the manifest needs, known when the whole file has been read. */
export interface ImportSummary {
  readonly provenance: Omit<Provenance, 'tool'>
  /** The cases that the file has runs of, sorted by id. One it lacks is missing, not failed. */
  readonly cases: readonly PlannedCase[]
  /** What an agent without a brain would score, where the file tells. */
  readonly lint?: LintFigures
  readonly leftOut: Readonly<Record<string, number>>
  readonly warnings: readonly string[]
}

/** One file being imported. */
export interface ImportSession {
  /**
   * Takes the whole document, or the next line, as the importer's `kind` says.
   *
   * @throws AgentEvalError `input` with file and line where the text is not what it should be
   */
  add(text: string): Iterable<ImportedTrial>
  /** @throws AgentEvalError `input` when the file held no run to import */
  end(): ImportSummary
}

/** Turns runs that another tool recorded into runs of ours. Pure: the shell reads the file. */
export interface Importer {
  readonly id: string
  readonly describes: string
  /** `document`: `add` gets the whole text, once. `lines`: one line after the other. */
  readonly kind: 'document' | 'lines'
  /** @throws AgentEvalError `usage` where an option means nothing for this format */
  start(options: ImportOptions): ImportSession
}
