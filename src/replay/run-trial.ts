import { fallBack } from './fall-back.ts'
import type { TrialAgent } from './trial-agent.ts'
import { startTrialContext, type TrialPorts } from './trial-context.ts'
import type { AgentSettings, FinishedTrial, TrialPlan } from './trial-plan.ts'

/** Who acts, and the word that it must stop. */
interface Acting {
  readonly agent: TrialAgent
  readonly signal: AbortSignal
}

/**
 * One trial from its first message to its end; where the agent may or can not go on, the candidate's
 * fallback has the last word.
 *
 * An abort ends it as `aborted`. A fault in our own code is not dressed up as an outcome: it is
 * thrown on, and the trial stays incomplete.
 *
 * @throws AgentEvalError when the provider cannot be used at all
 */
export async function runTrial(
  plan: TrialPlan,
  agent: AgentSettings,
  { agent: act, signal, ...ports }: TrialPorts & Acting,
): Promise<FinishedTrial> {
  const context = startTrialContext(plan, agent, ports)
  const tenant = plan.identity?.tenant ?? agent.identity.tenant
  context.record({
    type: 'trial.start',
    layer: plan.layer,
    seed: plan.seed,
    ...(plan.twinOf !== undefined && { twinOf: plan.twinOf }),
    mode: plan.key.mode,
    definitionHash: plan.definitionHash,
    clock: ports.world.now(),
    agent: {
      name: agent.name,
      principal: agent.identity.principal,
      ...(tenant !== undefined && { tenant }),
    },
  })
  const ending = await fallBack(context, await act(context, signal))
  context.life.over = true
  context.record({
    type: 'trial.end',
    termination: ending.termination,
    ...(ending.message !== undefined && { message: ending.message }),
    elapsedMs: context.meter.total('wall_ms'),
  })
  return {
    events: context.events,
    finalState: ports.world.snapshot(),
    termination: ending.termination,
  }
}
