import type { EvalCase } from '../schema/case.ts'
import type { JsonObject } from '../schema/json.ts'
import type { World } from '../schema/world.ts'
import type { LoadedEvalSet } from '../suites/load-evalset.ts'
import type { PreparedWorld } from '../world/prepare-world.ts'
import { type ConcreteStep, concreteOracle, isConcreteCall } from './concrete-oracle.ts'
import type { OpenedCase } from './open-case.ts'
import { createProbe, type Probe } from './probe.ts'
import { indexRecords, type RecordIndex } from './record-index.ts'
import { type Reach, textsIn } from './synthesise.ts'

/** An oracle, step by step, and the world it was played in: what other agents are made from. */
export interface LintSubject {
  readonly evalCase: EvalCase
  readonly steps: readonly ConcreteStep[]
  readonly tools: World['tools']
  readonly world: PreparedWorld
  readonly records: RecordIndex
  /** The state that the case begins with. */
  readonly state: JsonObject
  readonly reach: Reach
  readonly probe: Probe
}

export function lintSubject(
  { evalCase, oracle, player }: OpenedCase,
  { world: { tools } }: LoadedEvalSet,
): LintSubject {
  const { prepared, run, startState, world } = player
  const steps = concreteOracle(evalCase.oracle, oracle)
  const records = indexRecords(startState)
  const seen = steps
    .filter(isConcreteCall)
    .flatMap(({ step, view }) => [step.args, view.value ?? null])
  return {
    evalCase,
    steps,
    tools,
    world,
    records,
    state: startState,
    reach: { near: textsIn(seen), ids: records.ids },
    probe: createProbe({ world, run, start: prepared.start.state ?? world.state, steps }),
  }
}
