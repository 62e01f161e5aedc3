import { AgentEvalError } from '../errors.ts'
import { listed } from '../report/format.ts'
import { asJson } from '../schema/json.ts'
import type { RunManifest, Sampling } from '../schema/run-manifest.ts'
import { canonicalJson } from '../text/canonical-json.ts'
import { sha256 } from '../text/hash.ts'
import { truncate } from '../text/truncate.ts'
import { addsUp, commonestShard, type ShardManifest, shardDifference } from './shards-alike.ts'

/** One shard of an eval set, as it was found. */
export interface FoundShard {
  /** Its folder, as the user would type it. */
  readonly shown: string
  readonly manifest: ShardManifest
  /** Why its trials cannot be used; absent where they can. */
  readonly broken?: string
}

/** Several shards as one run. */
export interface MergedShards<T extends FoundShard> {
  /** Of the whole run: cases of a shard that is not there are planned and have no trial. */
  readonly manifest: RunManifest
  /** The shards whose trials count, the first first. */
  readonly taken: readonly T[]
  /** What is not there or does not count, in words; empty when the evidence is complete. */
  readonly missing: readonly string[]
  /** Numbers of the shards that are to be run again, because they are not there or do not count. */
  readonly again: readonly number[]
}

/** What reports can hold of a path or of a foreign message. */
const longestText = 200
/** Shards that a message names; it counts the others. */
const mostNamed = 10

/**
 * Puts the shards of one eval set together.
 *
 * Whatever keeps a shard from counting leaves its evidence missing: it was paid for, and whoever repairs it
 * can decide. Of a shard that is there twice none counts, because they need not say the same.
 *
 * @param found - all shards of the eval set, in any order
 * @param total - how many there must be
 * @throws AgentEvalError (usage) where all of them are parts of another number
 * @throws AgentEvalError (evidence) where none of them says what was to be run
 */
export function mergeShards<T extends FoundShard>(
  found: readonly T[],
  total: number,
): MergedShards<T> {
  const shards = found.toSorted((a, b) => indexOf(a) - indexOf(b) || (a.shown < b.shown ? -1 : 1))
  const model = modelOf(shards, total)
  const verdicts = shards.map((shard) => ({ shard, why: whyNot(shard, model, total) }))
  const alike = verdicts.flatMap(({ shard, why }) => (why === undefined ? [shard] : []))
  const once = alike.filter((one) => alike.filter((other) => isTwin(one, other)).length === 1)
  const { overlapping, taken } = withoutOverlap(once)
  const missing = [
    ...absentShards(shards, total),
    ...verdicts.flatMap(({ why }) => why ?? []),
    ...repeated(alike, total),
    ...overlapping,
  ]
  const gaps = missing.length === 0 ? unownedCases(model, taken) : []
  const counts = new Set(taken.map(indexOf))
  return {
    manifest: mergedManifest(model, taken),
    taken,
    missing: [...missing, ...gaps],
    again: Array.from({ length: total }, (_, at) => at + 1).filter((one) => !counts.has(one)),
  }
}

function indexOf({ manifest }: FoundShard): number {
  return manifest.shard.index
}

function isTwin(one: FoundShard, other: FoundShard): boolean {
  return indexOf(one) === indexOf(other)
}

function modelOf(shards: readonly FoundShard[], total: number): ShardManifest {
  const manifests = shards.map(({ manifest }) => manifest)
  const ofTotal = manifests.filter(({ shard }) => shard.total === total)
  if (ofTotal.length === 0) throw otherTotal(manifests, total)
  const model = commonestShard(ofTotal.filter(addsUp))
  if (model !== undefined) return model
  throw new AgentEvalError('no shard says what was to be run', 'evidence', {
    source: { file: shards[0]?.shown ?? '' },
    hint: 'their manifests do not add up: run the shards again',
  })
}

function otherTotal(manifests: readonly ShardManifest[], total: number): AgentEvalError {
  const totals = [...new Set(manifests.map(({ shard }) => shard.total))].sort((a, b) => a - b)
  return new AgentEvalError(
    `${total} ${total === 1 ? 'shard is' : 'shards are'} expected, and these are of ${totals.join(' and ')}`,
    'usage',
    { hint: `what was run is kept: compare again with --expect-shards ${totals[0] ?? total}` },
  )
}

/** Why a shard does not count, in words. */
function whyNot(
  { broken, manifest, shown }: FoundShard,
  model: ShardManifest,
  total: number,
): string | undefined {
  const { shard } = manifest
  const name = `shard ${shard.index} of ${shard.total}`
  const place = truncate(shown, longestText)
  if (shard.total !== total) return `${name} is none of the ${total} that belong together: ${place}`
  if (broken !== undefined) {
    return `${name} cannot be read: ${place}: ${truncate(broken, longestText)}`
  }
  if (!addsUp(manifest)) return `${name} does not say what was to be run: ${place}`
  const difference = shardDifference(manifest, model)
  if (difference === undefined) return undefined
  return `${name} was run with another ${difference} than the others: ${place}`
}

/** Those that nobody found under any name. */
function absentShards(shards: readonly FoundShard[], total: number): readonly string[] {
  const there = new Set(
    shards.filter(({ manifest }) => manifest.shard.total === total).map(indexOf),
  )
  const absent = Array.from({ length: total }, (_, at) => at + 1).filter((one) => !there.has(one))
  if (absent.length === 0) return []
  if (absent.length === 1) return [`shard ${absent[0] ?? ''} of ${total} is missing`]
  return [`shards ${listed(absent.map(String), mostNamed)} of ${total} are missing`]
}

function repeated(alike: readonly FoundShard[], total: number): readonly string[] {
  const indexes = new Set(alike.map(indexOf))
  return [...indexes].flatMap((index) => {
    const places = alike.filter((one) => indexOf(one) === index).map(({ shown }) => shown)
    if (places.length < 2) return []
    const named = places.map((place) => truncate(place, longestText))
    const times = places.length === 2 ? 'twice' : `${places.length} times`
    return [`shard ${index} of ${total} is there ${times}: ${listed(named, mostNamed)}`]
  })
}

interface Disjoint<T> {
  readonly taken: readonly T[]
  readonly overlapping: readonly string[]
}

/** Shards that were dealt by different baselines may share a case; its trials must not count twice. */
function withoutOverlap<T extends FoundShard>(shards: readonly T[]): Disjoint<T> {
  const owners = new Map<string, number>()
  const taken: T[] = []
  const overlapping: string[] = []
  for (const shard of shards) {
    const { cases, shard: own } = shard.manifest
    const shared = cases.find(({ id }) => owners.has(id))
    if (shared === undefined) {
      for (const { id } of cases) owners.set(id, own.index)
      taken.push(shard)
      continue
    }
    const id = truncate(shared.id, longestText)
    overlapping.push(
      `shard ${own.index} of ${own.total} has cases of shard ${owners.get(shared.id) ?? ''}, such as ${id}: their baselines were not the same`,
    )
  }
  return { taken, overlapping }
}

/** With every shard there, what none of them has was dealt to others by each. */
function unownedCases(
  { cases, shard }: ShardManifest,
  taken: readonly FoundShard[],
): readonly string[] {
  const owned = new Set(taken.flatMap(({ manifest }) => manifest.cases.map((one) => one.id)))
  const all = [...cases, ...shard.elsewhere].filter((one) => one.twinOf === undefined)
  const unowned = all.filter(({ id }) => !owned.has(id)).map(({ id }) => id)
  const [first] = unowned.sort()
  if (first === undefined) return []
  const example = truncate(first, longestText)
  return [
    `${unowned.length} of ${all.length} cases are in no shard, such as ${example}: their baselines were not the same`,
  ]
}

function mergedManifest(
  { shard, ...model }: ShardManifest,
  taken: readonly FoundShard[],
): RunManifest {
  const parts = taken.map(({ manifest }) => manifest)
  const cases = [...model.cases, ...shard.elsewhere].sort((a, b) => (a.id < b.id ? -1 : 1))
  const selected = new Set(cases.map((one) => one.id))
  const createdAt = parts.map((one) => one.createdAt).sort()[0] ?? model.createdAt
  const names = parts.map((one) => one.run)
  const whole: RunManifest = { ...model }
  // How far one shard went is not how far all of them did.
  delete whole.sampling
  return {
    ...whole,
    run: `${model.provenance.evalSet.id}-merged-${sha256(canonicalJson(asJson(names))).slice(0, 12)}`,
    createdAt,
    cases,
    notSelected: model.notSelected.filter((id) => !selected.has(id)),
    ...samplingOf(parts, cases),
    mergedFrom: names,
  }
}

/** Together they went no farther than the shard that stopped first. */
function samplingOf(
  parts: readonly ShardManifest[],
  cases: RunManifest['cases'],
): Pick<RunManifest, 'sampling'> {
  const ends = parts.flatMap(({ sampling }) => sampling?.stopped ?? [])
  const [first] = ends.sort((a, b) => a.rounds - b.rounds)
  if (first === undefined) return {}
  const rounds = Math.max(1, ...cases.map((one) => one.trials))
  const sampling: Sampling = { maxTrials: rounds, firstLook: rounds, stopped: first }
  return { sampling }
}
