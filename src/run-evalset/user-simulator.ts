import { resolveModel } from '../providers/registry.ts'
import type { SimulatorPorts } from '../replay/simulated-user.ts'
import type { PreparedUser } from './prepare-user.ts'

/** The model that plays users, whatever the trial. */
export type UserSimulator = Pick<SimulatorPorts, 'model' | 'provider' | 'reference'>

/**
 * Makes the model that plays users from its reference, as the eval set names it.
 *
 * @param userOf - whose user a trial needs: the reference provider plays by it, models do not
 * @throws AgentEvalError for a model that no provider has
 */
export function userSimulator(
  reference: string,
  userOf: (trial: string) => PreparedUser | undefined,
): UserSimulator {
  const { model, provider } = resolveModel(reference)
  const client = provider.create({
    scriptOf(trial) {
      const user = userOf(trial)
      return user?.kind === 'simulated' ? user.role : undefined
    },
  })
  return { model, reference, provider: client }
}
