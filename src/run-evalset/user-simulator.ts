import type { SimulatorPorts } from '../replay/simulated-user.ts'
import type { Models } from './open-models.ts'
import type { PreparedUser } from './prepare-user.ts'

/** The model that plays users, whatever the trial. */
export type UserSimulator = Pick<SimulatorPorts, 'model' | 'provider' | 'reference'>

/**
 * Makes the model that plays users from its reference, as the eval set names it.
 *
 * @param userOf - whose user a trial needs: the reference provider plays by it, models do not
 * @throws AgentEvalError for a model that cannot be asked
 */
export function userSimulator(
  reference: string,
  userOf: (trial: string) => PreparedUser | undefined,
  { open }: Pick<Models, 'open'>,
): UserSimulator {
  return open(reference, (trial) => {
    const user = userOf(trial)
    return user?.kind === 'simulated' ? user.role : undefined
  })
}
