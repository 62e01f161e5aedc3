import { looksOnly } from '../run/require-verdict.ts'
import type { RunOptions } from '../run/run-options.ts'

/** Why a run with these options decides nothing though nobody said `--no-gate`; else `undefined`. */
export function whyUngated(options: RunOptions): string | undefined {
  if (options.shard !== undefined) return 'compare decides once all shards are there'
  if (!looksOnly(options)) return undefined
  return '--last-failed, --changed-since and --mode observe are for looking'
}

/** Whether the rules of a verdict hold: those of a base too, and for each shard. */
export function isJudged(options: RunOptions): boolean {
  return options.shard !== undefined || (options.gate && !looksOnly(options))
}
