/** How the outside reaches pure code: passed in, never imported. */

/** A seeded source of numbers in [0, 1). */
export type Rng = () => number

/** Reading files of an eval set; paths use `/` and are relative to the eval set's folder. */
export interface Folder {
  /** How the folder is called in messages. */
  readonly name: string
  readonly read: (path: string) => Promise<string | undefined>
  /** Files below a folder, sorted. */
  readonly list: (path: string) => Promise<readonly string[]>
}

/** Where a run writes. Each call appends whole lines; a trial's line never overtakes its events. */
export interface JournalSink {
  readonly appendEvents: (lines: string) => void
  readonly appendTrial: (line: string) => void
}
