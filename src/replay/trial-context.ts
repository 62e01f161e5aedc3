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
  /** Puts what one step cost into the ledger; amounts of 0 are no charge. */
  readonly charge: (role: LedgerRole, amounts: Partial<Record<ChargeKind, number>>) => void
}

export function startTrialContext(
  plan: TrialPlan,
  agent: AgentSettings,
  ports: TrialPorts,
): TrialContext {
  const meter = startMeter(plan.budgets)
  const recorder = createRecorder(() => meter.total('wall_ms'), ports.write)
  const charge: TrialContext['charge'] = (role, amounts) => {
    const spent = (Object.entries(amounts) as [ChargeKind, number][]).filter(([, one]) => one > 0)
    if (spent.length === 0) return
    const charges = spent.map(([kind, amount]) => meter.charge(role, kind, amount))
    recorder.record({ type: 'budget', role, charges })
  }
  return {
    ...recorder,
    plan,
    agent,
    ports,
    meter,
    executed: [],
    charge,
  }
}
