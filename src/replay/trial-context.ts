import type { Controls } from '../controls/controls.ts'
import { type BadSigns, badSigns } from '../controls/dynamic-budget.ts'
import type { ExecutedCall } from '../controls/executed-call.ts'
import { type LoopWatch, watchForLoops } from '../controls/loop-stop.ts'
import { type ChargeKind, type Meter, startMeter } from '../controls/meter.ts'
import type { TraceEvent } from '../schema/trace.ts'
import type { WorldSession } from '../world/session.ts'
import { type Notices, notices } from './notices.ts'
import { type Books, createRecorder, type Recorder } from './recorder.ts'
import type { AgentSettings, TrialPlan } from './trial-plan.ts'
import type { UserSide } from './user-side.ts'

/** What a trial runs against. */
export interface TrialPorts {
  readonly world: WorldSession
  readonly controls: Controls
  /** Whom the agent talks with. It may remember: one of these serves one trial. */
  readonly user: UserSide
  readonly run: string
  readonly write: (event: TraceEvent) => void
}

/** Everything that one running trial shares between its loop and its calls. */
export interface TrialContext extends Recorder, Books {
  readonly plan: TrialPlan
  readonly agent: AgentSettings
  readonly ports: TrialPorts
  readonly meter: Meter
  readonly loops: LoopWatch
  readonly notices: Notices
  /** `undefined`: nothing makes the limits of this candidate tighter. */
  readonly badSigns: BadSigns | undefined
  /** Calls so far that were answered, as rules see them. */
  readonly executed: ExecutedCall[]
  /** These, and those that took effect although their answer got lost. */
  readonly applied: ExecutedCall[]
  /** The model that runs the task, once that is known; an agent of one's own need not tell. */
  readonly serving: { model?: string }
  /** Set once the trial is over: nothing more is done, whoever still waits for a control. */
  readonly life: { over: boolean }
  /** Why the agent's writes need a person from now on: bad signs have shrunk its budget. */
  readonly shrunk: { escalates?: string }
}

/** @throws AgentEvalError (input) where the candidate's `low_confidence` does not compile */
export function startTrialContext(
  plan: TrialPlan,
  agent: AgentSettings,
  ports: TrialPorts,
): TrialContext {
  const meter = startMeter(plan.budgets, agent.softShare)
  const told = notices()
  const recorder = createRecorder(() => meter.total('wall_ms'), ports.write)
  const charge: TrialContext['charge'] = (role, amounts) => {
    const spent = (Object.entries(amounts) as [ChargeKind, number][]).filter(([, one]) => one > 0)
    if (spent.length === 0) return
    const charges = spent.map(([kind, amount]) => meter.charge(role, kind, amount))
    recorder.record({ type: 'budget', role, charges })
    for (const { kind, soft } of charges) {
      if (soft === true) told.add(`budget: ${meter.describe(kind)}`)
    }
  }
  return {
    ...recorder,
    plan,
    agent,
    ports,
    meter,
    loops: watchForLoops(agent.stop.repeats),
    notices: told,
    badSigns: agent.dynamic && badSigns(agent.dynamic),
    executed: [],
    applied: [],
    serving: {},
    life: { over: false },
    shrunk: {},
    charge,
  }
}

/** Asked anew after every wait: the trial may have ended meanwhile. */
export function isOver({ life }: Pick<TrialContext, 'life'>): boolean {
  return life.over
}
