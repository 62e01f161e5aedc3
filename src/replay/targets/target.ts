import type { Outside } from '../../ports.ts'
import type { OpenDoors } from '../outside-trial.ts'
import type { TrialAgent } from '../trial-agent.ts'

/** An agent of the user's own, ready for trials. */
export interface Target {
  /** Plays one trial; may be called for many at once. */
  readonly agent: TrialAgent
  /** Ends every process that it started. */
  readonly close: () => Promise<void>
}

/** What an agent outside is reached by. */
export interface TargetPorts {
  readonly outside: Outside
  /** Absolute folder of the candidate file: paths in `target` are relative to it. */
  readonly folder: string
  readonly openDoors: OpenDoors
  /** The program that runs a `module` target: node and the path of our host script. */
  readonly host: readonly [string, ...string[]]
}
