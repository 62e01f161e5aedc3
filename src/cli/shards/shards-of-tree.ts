import { AgentEvalError } from '../../errors.ts'
import { candidateHash } from '../../run-evalset/plan-run.ts'
import type { RunManifest } from '../../schema/run-manifest.ts'
import type { FoundBaseline } from '../at-base/baseline-source.ts'
import { type GroundOptions, judgingGround } from '../at-base/judging-ground.ts'
import { type CandidateChoice, openCandidate } from '../candidate/candidate-file.ts'
import { ownEvalSet } from '../compare/compare-ground.ts'
import type { Io } from '../io.ts'
import type { Project } from '../project.ts'

interface Ask {
  readonly io: Io
  readonly options: GroundOptions
  readonly project: Project
}

/**
 * Why shards say nothing of what is checked out here, in words: they ran another agent, or another eval set.
 * Shards of another commit are green for every change.
 *
 * @returns none where this project does not have their eval set: nobody knows then
 */
export async function otherThanTree(
  run: FoundBaseline & { readonly manifest: RunManifest },
  { io, options, project }: Ask,
): Promise<readonly string[]> {
  const own = await ownEvalSet(run, project)
  if (own === undefined) return []
  const { provenance } = run.manifest
  const { evalSet } = await judgingGround(own, project, { io, options })
  const agent = await agentHere(() => openCandidate(project, evalSet, chosenIn(run.manifest)))
  const sets =
    evalSet.loaded.hash === provenance.evalSet.hash
      ? []
      : ['the shards ran another eval set than the one that is checked out here']
  return [...otherAgent(agent, provenance.candidate.hash), ...sets]
}

type AgentHere = { readonly hash: string } | { readonly why: string }

async function agentHere(open: () => ReturnType<typeof openCandidate>): Promise<AgentHere> {
  try {
    return { hash: candidateHash((await open()).candidate) }
  } catch (error) {
    if (error instanceof AgentEvalError) return { why: error.message }
    throw error
  }
}

function otherAgent(here: AgentHere, ran: string): readonly string[] {
  if ('why' in here) {
    return [`nobody knows whether the shards ran the agent that is checked out here: ${here.why}`]
  }
  if (here.hash === ran) return []
  return ['the shards ran another agent than the one that is checked out here']
}

/** What the shards were told of their agent. */
function chosenIn({ options }: RunManifest): CandidateChoice {
  const { candidate } = options
  return {
    ...(typeof candidate === 'string' && { candidate }),
    model: textsOf(options['model']),
    set: textsOf(options['set']),
  }
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}
