import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import type { GateInput } from '../../gate/gate-input.ts'
import { samplingOfRun } from '../../gate/sampling-of-run.ts'
import { type FoundBaseline, isRunFolder, pathOfRun } from '../at-base/baseline-source.ts'
import type { Io } from '../io.ts'
import type { OutputOptions } from '../options.ts'
import { findRunFolders } from '../shards/find-shards.ts'
import type { ComparisonGround } from './compare-ground.ts'

/** What the command line asks of a comparison. */
export interface CompareOptions extends OutputOptions {
  readonly config?: string
  readonly baseline?: string
  readonly strict?: boolean
  /** How many shards of each eval set there must be below the folder that is named. */
  readonly expectShards?: number
  /** Ids of the eval sets whose shards must be there; absent: all of the project. */
  readonly evalset?: readonly string[]
  /** Where shards are put together. */
  readonly output?: string
}

interface Ask {
  readonly io: Pick<Io, 'today'>
  readonly options: { readonly strict?: boolean }
}

/** The same question that the run itself asked, so that it gets the same answer. */
export function gateInputOfRun(
  { arm, manifest }: FoundBaseline,
  { advice, anchor, baseline, candidate, gate, goneSets, rules }: ComparisonGround,
  { io, options }: Ask,
): GateInput {
  const sampling = manifest === undefined ? undefined : samplingOfRun(manifest, arm.cases)
  return {
    candidate,
    ...(baseline !== undefined && { baseline }),
    ...(anchor !== undefined && { anchor }),
    gate: options.strict === true ? { ...gate, preset: 'release' } : gate,
    ...(rules !== undefined && { rules }),
    ...(sampling !== undefined && { sampling }),
    ...(advice !== undefined && { advice }),
    ...(goneSets !== undefined && { goneSets }),
    today: io.today().slice(0, 10),
    notSelected: new Set(manifest?.notSelected),
  }
}

/**
 * What executed only because nothing stopped it is no behaviour of the agent as it is deployed, and a shard
 * says nothing of the cases of the others.
 *
 * @throws AgentEvalError (usage)
 */
export function requireDecidable({ from, manifest }: FoundBaseline): void {
  if (manifest?.options['mode'] === 'observe') {
    throw new AgentEvalError('in this run the controls only observed', 'usage', {
      source: { file: from },
      hint: 'compare a run with --mode enforce',
    })
  }
  if (manifest?.shard === undefined) return
  const { index, total } = manifest.shard
  throw new AgentEvalError(
    `this run is shard ${index} of ${total}, which decides nothing`,
    'usage',
    {
      source: { file: from },
      hint: `put all of them below one folder: npx agent-eval compare FOLDER --expect-shards ${total}`,
    },
  )
}

/**
 * Refuses a folder that holds runs and is none itself.
 *
 * @throws AgentEvalError (usage) with what it may have been meant for
 */
export async function requireSingleRun(named: string, cwd: string): Promise<void> {
  const folder = await pathOfRun(named, cwd)
  if (await isRunFolder(folder)) return
  const runs = await findRunFolders({ folder, shown: named })
  const [first] = runs
  if (first === undefined) return
  const count = runs.length === 1 ? 'a run' : `${runs.length} runs`
  throw new AgentEvalError(`is no run itself, and holds ${count}`, 'usage', {
    source: { file: named },
    hint: `name one, such as ${path.normalize(first.shown)}; shards of one run are compared together with --expect-shards ${runs.length}`,
  })
}
