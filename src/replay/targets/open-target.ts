import type { TargetSettings } from '../../schema/candidate.ts'
import { openCommandTarget } from './command-target.ts'
import { openHttpTarget } from './http-target.ts'
import { openModuleTarget } from './module-target.ts'
import type { Target, TargetPorts } from './target.ts'

/**
 * Makes an agent of the user's own ready for trials. A module is loaded and a server waited for, so
 * that what cannot work is found before anything is spent.
 *
 * @throws AgentEvalError (input or usage) for an agent that cannot be started
 */
export async function openTarget(settings: TargetSettings, ports: TargetPorts): Promise<Target> {
  if ('module' in settings) return await openModuleTarget(settings, ports)
  if ('http' in settings) return await openHttpTarget(settings, ports)
  return openCommandTarget(settings, ports)
}
