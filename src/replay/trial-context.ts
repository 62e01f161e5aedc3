import type { Controls } from '../controls/controls.ts'
import type { ExecutedCall } from '../controls/executed-call.ts'
import { type ChargeKind, type Meter, startMeter } from '../controls/meter.ts'
import type { Provider } from '../providers/provider.ts'
import type { LedgerRole, TraceEvent } from '../schema/trace.ts'
import type { WorldSession } from '../world/session.ts'
import { createRecorder, type Recorder } from './recorder.ts'
import type { AgentSettings, TrialPlan } from './trial-plan.ts'

/** What a trial runs against. */
export interface TrialPorts {
  readonly world: WorldSession
  readonly controls: Controls
  readonly provider: Provider
  /** What the provider calls the model. */
  readonly model: string
  readonly run: string
  readonly write: (event: TraceEvent) => void
}

/** Everything that one running trial shares between its loop and its calls. */
export interface TrialContext extends Recorder {
  readonly plan: TrialPlan
  readonly agent: AgentSettings
  readonly ports: TrialPorts
  readonly meter: Meter
  /** Executed calls so far, as rules see them. */
  readonly executed: ExecutedCall[]
  readonly charge: (role: LedgerRole, kind: ChargeKind, amount: number) => void
  /** Time that passed: the virtual clock moves along with what the trial declares. */
  readonly wait: (role: LedgerRole, ms: number) => void
}

export function startTrialContext(
  plan: TrialPlan,
  agent: AgentSettings,
  ports: TrialPorts,
): TrialContext {
  const meter = startMeter(plan.budgets)
  const recorder = createRecorder(() => meter.total('wall_ms'), ports.write)
  const charge: TrialContext['charge'] = (role, kind, amount) => {
    recorder.record({ type: 'budget', ...meter.charge(role, kind, amount) })
  }
  return {
    ...recorder,
    plan,
    agent,
    ports,
    meter,
    executed: [],
    charge,
    wait(role, ms) {
      if (ms > 0) charge(role, 'wall_ms', ms)
    },
  }
}
