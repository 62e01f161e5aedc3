import { asJson } from '../schema/json.ts'
import type { RunManifest, ShardRecord } from '../schema/run-manifest.ts'
import { canonicalJson } from '../text/canonical-json.ts'
import { selectionHash } from './plan-shard.ts'

/** The manifest of a run that is one part of several. */
export type ShardManifest = RunManifest & { readonly shard: ShardRecord }

/** What must be the same in all shards for their trials to be of one run; by what it is in words. */
const kinds: Readonly<Record<string, (manifest: ShardManifest) => unknown>> = {
  'version of agent-eval': ({ provenance }) => provenance.tool,
  'eval set': ({ provenance }) => provenance.evalSet,
  agent: ({ provenance: { agentBehind, candidate } }) => ({ agentBehind, candidate }),
  seed: ({ provenance }) => provenance.seed,
  judge: ({ provenance }) => provenance.judge,
  'prices or model services': ({ provenance: { prices, services } }) => ({ prices, services }),
  'rules of the gate': ({ gate, money, severeTier, weights }) => ({
    ...{ gate, money, severeTier, weights },
  }),
  'selection of cases': ({ shard }) => shard.selection,
  options: ({ options }) => lasting(options),
}

/** What one shard has otherwise than another, in words; `undefined` where they are of one run. */
export function shardDifference(one: ShardManifest, other: ShardManifest): string | undefined {
  return Object.keys(kinds).find((kind) => textOf(kind, one) !== textOf(kind, other))
}

/**
 * The manifest that most of these shards agree with: the odd one out is the one that does not belong.
 *
 * @returns of several equally frequent ones that of the first shard; `undefined` where there is none
 */
export function commonestShard(manifests: readonly ShardManifest[]): ShardManifest | undefined {
  const alike = new Map<string, ShardManifest[]>()
  for (const manifest of manifests) {
    const key = Object.keys(kinds)
      .map((kind) => textOf(kind, manifest))
      .join('\n')
    alike.set(key, [...(alike.get(key) ?? []), manifest])
  }
  const [most] = [...alike.values()].sort((a, b) => b.length - a.length)
  return most?.[0]
}

/** Whether the cases of a shard and of all others are what it says was selected, each of them once. */
export function addsUp({ cases, shard }: ShardManifest): boolean {
  const all = [...cases, ...shard.elsewhere]
  return (
    shard.index <= shard.total &&
    new Set(all.map((one) => one.id)).size === all.length &&
    selectionHash(all) === shard.selection
  )
}

function textOf(kind: string, manifest: ShardManifest): string {
  return canonicalJson(asJson({ value: kinds[kind]?.(manifest) }))
}

/** Each shard has its own time and its own money. */
function lasting(options: RunManifest['options']): RunManifest['options'] {
  const own = new Set(['budget', 'maxDuration'])
  return Object.fromEntries(Object.entries(options).filter(([name]) => !own.has(name)))
}
