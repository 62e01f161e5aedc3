import { readFile } from 'node:fs/promises'
import { type Controls, createControls } from '../../src/controls/controls.ts'
import { type GradedTrial, gradeTrial } from '../../src/graders/grade-trial.ts'
import type { Clock } from '../../src/ports.ts'
import { outsideAgent } from '../../src/replay/outside-agent.ts'
import type { OutsideTask } from '../../src/replay/outside-task.ts'
import { runTrial } from '../../src/replay/run-trial.ts'
import type { OutsideSession } from '../../src/replay/start-outside-trial.ts'
import type { TrialAgent } from '../../src/replay/trial-agent.ts'
import type { FinishedTrial } from '../../src/replay/trial-plan.ts'
import { openModels } from '../../src/run-evalset/open-models.ts'
import {
  type PreparedCase,
  prepareCase,
  type RunMaterials,
  toolDefinitions,
} from '../../src/run-evalset/prepare-case.ts'
import { startUser } from '../../src/run-evalset/prepare-user.ts'
import { userSimulator } from '../../src/run-evalset/user-simulator.ts'
import type { Candidate } from '../../src/schema/candidate.ts'
import type { EvalCase } from '../../src/schema/case.ts'
import type { JsonObject, JsonValue } from '../../src/schema/json.ts'
import { parseCandidate } from '../../src/suites/load-candidate.ts'
import type { LoadedEvalSet } from '../../src/suites/load-evalset.ts'
import { prepareWorld } from '../../src/world/prepare-world.ts'
import { rememberCalls } from '../../src/world/remember-calls.ts'
import { startWorld } from '../../src/world/start-world.ts'

/** How a function calls the tools of its trial. */
interface PlayedTools {
  readonly call: (
    name: string,
    args: JsonObject,
    options?: { readonly reason?: string },
  ) => Promise<{ readonly isError: boolean; readonly value: JsonValue }>
}

/** What a `module` target names. */
export type AgentFunction = (
  task: OutsideTask,
  tools: PlayedTools,
  signal: AbortSignal,
) => Promise<string>

/** One case, played and judged. */
export interface PlayedCase {
  readonly evalCase: EvalCase
  readonly finished: FinishedTrial
  readonly graded: GradedTrial
}

/** Time stands still for an agent that waits for nobody. */
const stillClock: Clock = {
  nowMs: () => 0,
  sleep: (_, signal) =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        resolve()
      })
    }),
}

/**
 * Plays a function in this process as a `module` target plays it in a process of its own: what goes
 * in and comes out is copied, and nothing else connects the two.
 */
function functionAgent(agent: AgentFunction): TrialAgent {
  return outsideAgent({
    clock: stillClock,
    token: () => 'in-process',
    timeoutMs: 60_000,
    open: (session) => ({
      takeTurn: async (task) => {
        void playTurn(agent, structuredClone(task), session)
      },
      leave: () => undefined,
    }),
  })
}

async function playTurn(
  agent: AgentFunction,
  task: OutsideTask,
  { fail, reply, trial }: OutsideSession,
): Promise<void> {
  const call: PlayedTools['call'] = async (tool, args, options = {}) => {
    const [result] = await trial.call([{ tool, args: structuredClone(args), ...options }])
    if (result === undefined) throw new Error('no result')
    return structuredClone({ isError: result.isError, value: result.value })
  }
  try {
    reply(await agent(task, { call }, trial.over))
  } catch (error) {
    fail(String(error))
  }
}

/** A candidate file as it stands; who plays it is the caller's business. */
export async function readCandidate(file: URL): Promise<Candidate> {
  const parsed = await parseCandidate(await readFile(file, 'utf8'), file.pathname, {
    models: {},
    overrides: { models: {}, set: [] },
    readPromptFile: async () => undefined,
  })
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'))
  return parsed.value
}

/** Plays each case once, in order. */
export async function playAgent(
  agent: AgentFunction,
  subject: {
    readonly evalSet: LoadedEvalSet
    readonly candidate: Candidate
    readonly cases: readonly EvalCase[]
  },
): Promise<readonly PlayedCase[]> {
  const { candidate, cases, evalSet } = subject
  const materials: RunMaterials = {
    evalSet,
    candidate,
    world: await prepareWorld(evalSet.world, new Map()),
    tools: toolDefinitions(evalSet, candidate),
  }
  const shared = {
    agent: functionAgent(agent),
    controls: createControls(candidate, evalSet.policy),
    run: rememberCalls(evalSet.world, 10_000),
    materials,
  }
  const played: PlayedCase[] = []
  for (const evalCase of cases) played.push(await playCase(evalCase, shared))
  return played
}

async function playCase(
  evalCase: EvalCase,
  {
    agent,
    controls,
    materials,
    run,
  }: {
    readonly agent: TrialAgent
    readonly controls: Controls
    readonly materials: RunMaterials
    readonly run: ReturnType<typeof rememberCalls>
  },
): Promise<PlayedCase> {
  const { cluster, id, layer } = evalCase
  const planned = { id, cluster, layer, trials: 1, definitionHash: '' }
  const prepared = await prepareCase(planned, evalCase, materials)
  const { budgets, graders, markers, task } = prepared
  const { identity, name, sampling, stop, versions } = materials.candidate
  const finished = await runTrial(
    {
      key: { case: id, trial: 1, attempt: 1, mode: 'enforce' },
      seed: 0,
      layer,
      definitionHash: '',
      task,
      budgets,
      approvers: evalCase.approvers,
    },
    { name, identity, sampling, stop, versions, logFields: [] },
    {
      world: startWorld(materials.world, { ...prepared.start, run }),
      controls,
      agent,
      user: userOf(prepared),
      run: 'play-agent',
      write: () => undefined,
      signal: new AbortController().signal,
    },
  )
  const { events, finalState } = finished
  return { evalCase, finished, graded: gradeTrial({ graders, events, finalState, markers }) }
}

function userOf({ evalCase, user }: PreparedCase): ReturnType<typeof startUser> {
  if (user.kind === 'scripted') return startUser(user, undefined)
  const simulator = userSimulator('reference:', () => user, openModels(undefined))
  return startUser(user, { ...simulator, seed: 0, trial: evalCase.id })
}
