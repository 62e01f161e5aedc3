/** What was typed so far that decides what can follow. */
export interface TypedWords {
  /** Of `--config`. */
  readonly config: string | undefined
  /** Of `--output`. */
  readonly output: string | undefined
  /** Everything that is no option; values of options among them. */
  readonly plain: readonly string[]
  /** The word under the cursor. */
  readonly current: string
}

/** Reads the words behind `agent-eval`, the last one being the one under the cursor. */
export function readTyped(words: readonly string[]): TypedWords {
  const before = words.slice(0, -1)
  return {
    config: valueOf(before, ['-c', '--config']),
    output: valueOf(before, ['-o', '--output']),
    plain: before.filter((word) => !word.startsWith('-')),
    current: words.at(-1) ?? '',
  }
}

/** Of `--config FILE` and `--config=FILE`; bash passes the latter as three words. */
function valueOf(words: readonly string[], flags: readonly string[]): string | undefined {
  const joined = words.flatMap((word) => (word === '=' ? [] : word.split(/=(.*)/s, 2)))
  const at = joined.findLastIndex((word) => flags.includes(word))
  return at === -1 ? undefined : joined[at + 1]
}
