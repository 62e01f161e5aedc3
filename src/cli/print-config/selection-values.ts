import type { EffectiveValue } from '../../schema/effective-config.ts'
import { asJson } from '../../schema/json.ts'
import type { Io } from '../io.ts'
import type { RunOptions } from '../run/run-options.ts'
import { parseShard } from '../shards/shard.ts'

/** Options that choose cases, by the name under which the command line knows them. */
const choosing = {
  case: '--case',
  grep: '--grep',
  layer: '--layer',
  tag: '--tag',
  tier: '--tier',
  changedSince: '--changed-since',
  lastFailed: '--last-failed',
  allowUnlinted: '--allow-unlinted',
  shard: '--shard',
} as const satisfies Partial<Record<keyof RunOptions, string>>

/** Which cases run: those of the gate, unless somebody chooses. */
export function selectionValues(
  options: RunOptions,
  { env }: Pick<Io, 'env'>,
): readonly EffectiveValue[] {
  const typed = asJson(options)
  const chosen = Object.entries(choosing).flatMap(([name, flag]): readonly EffectiveValue[] => {
    const value = typed[name]
    if (value === undefined) return []
    const key = flag.slice(2).replaceAll('-', '_')
    const note = name === 'shard' ? shardNote(options, env) : {}
    return [{ key, value, source: { from: 'flag', flag }, ...note }]
  })
  const { split } = options
  return [
    split === undefined
      ? { key: 'split', value: ['gate'], source: { from: 'default' } }
      : { key: 'split', value: split, source: { from: 'flag', flag: '--split' } },
    ...chosen,
  ]
}

/** Which part `auto` is here. */
function shardNote({ shard }: RunOptions, env: Io['env']): Pick<EffectiveValue, 'note'> {
  if (shard === undefined) return {}
  const { index, total } = parseShard(shard, env)
  return shard === 'auto' ? { note: `here ${index}/${total}` } : {}
}
