import type { PlannedCase, Provenance } from '../schema/run-manifest.ts'
import { hashOf } from '../text/hash.ts'
import { inputError, type Place, quoted } from './place.ts'

/** Stands where a foreign file does not say something that our documents ask for. */
export const unrecorded = 'unrecorded'

export interface RecordedCase extends Pick<PlannedCase, 'id' | 'layer' | 'cluster'> {
  /** `unrecorded` where the run does not hold its definition. */
  readonly definitionHash: string
}

/** The cases of a file as its runs come by. */
export interface CaseLedger {
  /**
   * Counts one more run of a case.
   *
   * @returns the case with its definition, and the trial's number, from 1
   * @throws AgentEvalError `input` where an earlier run of this id was another task
   */
  add(recorded: RecordedCase, place: Place): RecordedCase & { readonly trial: number }
  cases(): readonly PlannedCase[]
}

export function createCaseLedger(): CaseLedger {
  const known = new Map<string, PlannedCase>()
  return {
    add(recorded, place) {
      const before = known.get(recorded.id)
      const definitionHash = oneDefinition(before, recorded, place)
      const trial = (before?.trials ?? 0) + 1
      const { file, line } = before ?? place
      known.set(recorded.id, { ...recorded, definitionHash, trials: trial, file, line })
      return { ...recorded, definitionHash, trial }
    },
    cases: () => [...known.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
  }
}

function oneDefinition(before: PlannedCase | undefined, now: RecordedCase, place: Place): string {
  if (before === undefined || before.definitionHash === unrecorded) return now.definitionHash
  if (now.definitionHash === unrecorded) return before.definitionHash
  if (now.definitionHash === before.definitionHash) return now.definitionHash
  throw inputError(
    place,
    `${quoted(now.id)} is another task here than on line ${before.line ?? 0}`,
    'runs of different versions of a benchmark are not repetitions: import each file by itself',
  )
}

/** An eval set by what its cases are, wherever they were recorded. */
export function evalSetOf(
  id: string,
  version: string,
  cases: readonly PlannedCase[],
): Provenance['evalSet'] {
  return { id, version, hash: hashOf(cases.map((item) => [item.id, item.definitionHash])) }
}

interface RecordedCandidate {
  readonly file: string
  /** Hashes of the system prompts in the file; empty where it records none. */
  readonly prompts: ReadonlySet<string>
  readonly models: Readonly<Record<string, string>>
}

/** A configuration of which we know the file and what the file happens to say. */
export function candidateOf({ file, prompts, models }: RecordedCandidate): Provenance['candidate'] {
  const name = candidateName(file)
  const promptHash = prompts.size === 0 ? unrecorded : hashOf([...prompts].sort())
  return {
    name,
    hash: hashOf({ name, promptHash, models }),
    promptHash,
    policyHash: unrecorded,
    toolsHash: unrecorded,
    budgetsHash: unrecorded,
    models,
  }
}

/** The file's base name: what tells one configuration from another when nothing inside does. */
export function candidateName(file: string): string {
  const base = file.split(/[\\/]/).at(-1) ?? ''
  const name = base.replace(/\.gz$/i, '').replace(/\.(json|jsonl|ndjson)$/i, '')
  return name === '' ? 'recorded' : name
}
