import { AgentEvalError } from '../errors.ts'
import type { ScriptOf } from '../providers/reference/reference.ts'
import { builtInAgent } from '../replay/agent-loop.ts'
import { openTarget } from '../replay/targets/open-target.ts'
import type { TrialAgent } from '../replay/trial-agent.ts'
import type { Candidate, TargetSettings } from '../schema/candidate.ts'
import type { OpenServer } from '../serve/open-server.ts'
import { agentModels } from './agent-models.ts'
import { openDoorServer } from './open-door-server.ts'
import type { Models } from './open-models.ts'
import type { RunMeans } from './run-means.ts'

/** Whoever acts in the trials of a run. */
interface OpenedAgent {
  readonly agent: TrialAgent
  /** Ends what was started for it. */
  readonly close: () => Promise<void>
}

interface AgentGround {
  readonly means: RunMeans | undefined
  readonly models: Models
  readonly scriptOf: ScriptOf
  /** Absolute folder of the candidate file. */
  readonly folder: string | undefined
}

/** Starts an agent, once for all trials of a run. */
export type AgentOpener = () => Promise<OpenedAgent>

/**
 * Finds who acts in the trials: the built-in loop with the candidate's models, or an agent of its own.
 * Everything about it that can be wrong without starting anything is found at once.
 *
 * @returns starts the agent
 * @throws AgentEvalError (usage) for a model that cannot be asked
 */
export function agentOpener(candidate: Candidate, ground: AgentGround): AgentOpener {
  const { folder, means, models, scriptOf } = ground
  const { target } = candidate
  if (target === undefined) {
    const agent = builtInAgent(agentModels(candidate, { open: models.open, scriptOf }))
    return () => Promise.resolve({ agent, close: () => Promise.resolve() })
  }
  if (means === undefined || folder === undefined) {
    throw new AgentEvalError(`"${candidate.name}" is a program of its own`, 'usage', {
      hint: 'this command plays with the reference provider only',
    })
  }
  return () => openOwnAgent(target, means, folder)
}

/** A module is handed its tools, and gets no way to a model from us. */
const noDoors: OpenServer = {
  openDoors: () => {
    throw new Error('a module was given doors')
  },
  close: () => Promise.resolve(),
}

async function openOwnAgent(
  target: TargetSettings,
  means: RunMeans,
  folder: string,
): Promise<OpenedAgent> {
  const server = 'module' in target ? noDoors : await openDoorServer(means)
  try {
    const { host, outside } = means
    const opened = await openTarget(target, {
      outside,
      folder,
      host,
      openDoors: server.openDoors,
    })
    return {
      agent: opened.agent,
      async close() {
        await opened.close()
        await server.close()
      },
    }
  } catch (error) {
    await server.close()
    throw error
  }
}
