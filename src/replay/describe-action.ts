import type { ProposedAction } from '../controls/policy-engine.ts'
import type { JsonObject } from '../schema/json.ts'
import type { ToolCallPart } from '../schema/message.ts'
import type { Effect } from '../schema/names.ts'
import type { TrialContext } from './trial-context.ts'

/** A proposed call and what the tools' declarations say of it. */
export interface DescribedCall {
  readonly args: JsonObject
  readonly schemaErrors: readonly string[]
  /** `undefined`: no such tool. */
  readonly effect: Effect | undefined
  /** `undefined`: no tool, or the arguments do not fit, so nobody can say which risk the call is. */
  readonly action: ProposedAction | undefined
}

/** What the world's declarations say of a call before anything happens. */
export function describeAction(
  { ports: { world } }: Pick<TrialContext, 'ports'>,
  part: ToolCallPart,
): DescribedCall {
  const { reason, tool } = part
  const effect = world.effectOf(tool)
  if (typeof part.args === 'string' && effect !== undefined) {
    const schemaErrors = ['the arguments are no JSON object']
    return { args: {}, schemaErrors, effect, action: undefined }
  }
  const args = typeof part.args === 'string' ? {} : part.args
  const schemaErrors = world.validate(tool, args)
  const tier = schemaErrors.length === 0 ? world.tierOf(tool, args) : undefined
  if (effect === undefined || tier === undefined) {
    return { args, schemaErrors, effect, action: undefined }
  }
  const action: ProposedAction = {
    tool,
    args,
    tier,
    effect,
    ...(reason !== undefined && { reason }),
    ...world.factsOf(tool, args),
  }
  return { args, schemaErrors, effect, action }
}
