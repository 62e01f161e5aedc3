/**
 * What a file may cost us. All are far beyond any real eval set and keep a hostile file to
 * seconds and megabytes.
 */
export const limits = {
  /** Of a YAML or JSON document. */
  characters: 5_000_000,
  /** Of a JSON Lines file, of which one line at a time is a document. */
  charactersOfLines: 100_000_000,
  /** Lists and mappings inside one another. */
  depth: 100,
  /** Words and punctuation of YAML; reading takes some microseconds for each. */
  tokens: 500_000,
  /** Values that aliases and merge keys add to those that are written out. */
  aliasValues: 200_000,
  /** Of a `foreach`. */
  rows: 500,
  /** Characters and values of all cases that the templates of an eval set expand to. */
  expanded: 50_000_000,
  /** What is told of one document; looking further costs more than it helps. */
  faults: 100,
  /** What is told of all cases together. */
  problems: 1_000,
} as const
