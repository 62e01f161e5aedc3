import type { ExecutedCall } from '../controls/executed-call.ts'
import type { ChargeKind } from '../controls/meter.ts'
import type { TrialContext } from './trial-context.ts'

/** Makes the limits tighter, and the agent's writes need a person, where a result is a bad sign. */
export function shrinkOnBadSigns(context: TrialContext, call: ExecutedCall, tool: string): void {
  const { agent, badSigns, ports } = context
  if (badSigns === undefined || agent.dynamic === undefined) return
  const { escalate, shrink_to } = agent.dynamic
  for (const why of badSigns.note(call, ports.world.effectOf(tool))) {
    const limits = context.meter.shrink(shrink_to)
    context.record({ type: 'budget.shrunk', why, limits: { ...limits }, escalate })
    if (escalate) context.shrunk.escalates ??= why
    const left = (Object.keys(limits) as ChargeKind[]).map(context.meter.describe)
    const writes = escalate ? ['what you change needs a person from now on'] : []
    context.notices.add(`budget cut: ${[why, ...left, ...writes].join('; ')}`)
  }
}
