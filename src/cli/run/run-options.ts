import { asJson, type JsonObject } from '../../schema/json.ts'
import type { RunMode } from '../../schema/trial-key.ts'
import type { CandidateChoice } from '../candidate/candidate-file.ts'
import type { OutputOptions } from '../options.ts'
import type { CaseChoice } from './choose-cases.ts'

/** What the command line asks of a run. */
export interface RunOptions extends OutputOptions, CandidateChoice, CaseChoice {
  readonly allowUnlinted?: boolean
  readonly config?: string
  readonly trials?: number
  readonly maxTrials?: number
  /** Milliseconds. */
  readonly maxDuration?: number
  readonly dryRun?: boolean
  /** US dollars. */
  readonly budget?: number
  readonly yes?: boolean
  readonly cassette: 'record' | 'replay' | 'off'
  readonly confirm?: boolean
  readonly skipUnchanged?: boolean
  readonly seed?: number
  readonly baseline?: string
  readonly requireBaseline?: boolean
  readonly gate: boolean
  readonly strict?: boolean
  readonly jobs?: number
  readonly mode: RunMode
  readonly resume?: string | true
  readonly output?: string
  readonly history?: string | true
  /** `i/n`, or `auto`. */
  readonly shard?: string
  readonly watch?: boolean
  readonly printConfig?: boolean
}

/** What a reader of the run needs to make it again. */
const recorded = [
  'allowUnlinted',
  'budget',
  'candidate',
  'case',
  'changedSince',
  'confirm',
  'grep',
  'lastFailed',
  'layer',
  'maxDuration',
  'maxTrials',
  'model',
  'set',
  'split',
  'tag',
  'tier',
] as const satisfies readonly (keyof RunOptions)[]

export function recordedOptions(options: RunOptions): JsonObject {
  const { cassette } = options
  return asJson({
    ...Object.fromEntries(recorded.map((name) => [name, options[name]])),
    ...(cassette !== 'off' && { cassette }),
  })
}
