import path from 'node:path'
import { type Controls, createControls } from '../../controls/controls.ts'
import type { ActingAgent } from '../../controls/policy-engine.ts'
import type { Outside } from '../../ports.ts'
import { type Candidate, candidate as candidateSchema } from '../../schema/candidate.ts'
import { quote } from '../../suites/describe.ts'
import { problemsError } from '../../suites/render-problems.ts'
import { type PreparedWorld, prepareWorld } from '../../world/prepare-world.ts'
import { type OpenedCandidate, openCandidate } from '../candidate/candidate-file.ts'
import { loadModuleTools } from '../candidate/module-tools.ts'
import { openEngines } from '../candidate/open-engines.ts'
import { isThere } from '../outside/node-folder.ts'
import { openEvalSet, type Project, type ProjectEvalSet } from '../project.ts'
import { actingAs } from './acting-as.ts'
import type { TestDocument } from './read-tests.ts'

/** The policy that a file of tests is about, ready to be asked. */
export interface PolicySubject {
  readonly ask: Controls['decide']
  readonly agent: ActingAgent
  readonly world: PreparedWorld
}

/** Opens what a file of tests is about; of several files each policy and each eval set once. */
export type OpenSubject = (document: TestDocument) => Promise<PolicySubject>

interface OpenerParts {
  readonly project: Project
  /** `--candidate`: stands for whatever candidate a file names. */
  readonly candidate: string | undefined
  readonly outside: Outside
}

/** What it opens throws AgentEvalError where a candidate, a policy or an eval set cannot be read. */
export function subjectOpener(parts: OpenerParts): OpenSubject {
  const { candidate, project } = parts
  const sets = new Map<string, Promise<OpenSet>>()
  const subjects = new Map<string, Promise<PolicySubject>>()
  return async (document) => {
    const { found, value } = document
    if (candidate === undefined) await requireCandidate(document)
    const isJudging = value.judging === true
    const file = candidate ?? besideFile(found.shown, value.candidate)
    const key = JSON.stringify([found.evalSet, isJudging, file])
    const set = await remembered(sets, found.evalSet, () => openSet(project, found.evalSet))
    return remembered(subjects, key, () => openPolicy({ file, set, isJudging }, parts))
  }
}

interface OpenSet {
  readonly evalSet: ProjectEvalSet
  readonly world: PreparedWorld
}

interface WantedPolicy {
  /** As the command line would name it; absent: the eval set's own candidate. */
  readonly file: string | undefined
  readonly set: OpenSet
  readonly isJudging: boolean
}

async function openPolicy(
  wanted: WantedPolicy,
  { outside, project }: OpenerParts,
): Promise<PolicySubject> {
  const { isJudging, set } = wanted
  const { evalSet, world } = set
  const own = await agentOf(wanted, project)
  const engines = await openEngines(
    { project, ...(isJudging ? { evalSet } : own && { own }) },
    outside,
  )
  const agent = own?.candidate ?? nobody
  const controls = createControls(agent, evalSet.loaded.policy, engines)
  return { ask: isJudging ? controls.judge : controls.decide, agent: actingAs(agent), world }
}

/** A judging policy can be asked where nobody says which agent is meant. */
async function agentOf(
  { file, isJudging, set: { evalSet } }: WantedPolicy,
  project: Project,
): Promise<OpenedCandidate | undefined> {
  const isNamed = file !== undefined || evalSet.loaded.file.candidate !== undefined
  if (isJudging && !isNamed) return undefined
  return openCandidate(project, evalSet, file === undefined ? {} : { candidate: file })
}

function remembered<T>(
  known: Map<string, Promise<T>>,
  key: string,
  make: () => Promise<T>,
): Promise<T> {
  const one = known.get(key) ?? make()
  known.set(key, one)
  return one
}

async function openSet(project: Project, folder: string): Promise<OpenSet> {
  const evalSet = await openEvalSet(project, folder)
  const world = await prepareWorld(evalSet.loaded.world, await loadModuleTools(evalSet))
  return { evalSet, world }
}

function besideFile(testFile: string, named: string | undefined): string | undefined {
  return named === undefined ? undefined : path.join(path.dirname(testFile), named)
}

/** @throws AgentEvalError (input) where the candidate that a file of tests names is not there */
async function requireCandidate({ found, source, value }: TestDocument): Promise<void> {
  const named = value.candidate
  if (named === undefined || (await isThere(path.resolve(path.dirname(found.file), named)))) return
  const message = `there is no file ${quote(named)}`
  const hint = 'the path is relative to this file'
  throw problemsError([source.problem({ path: ['candidate'], message, hint })])
}

/** Whose identity a judging policy sees where its eval set names no candidate. */
const nobody: Candidate = candidateSchema.parse({
  name: 'agent',
  versions: { prompt: '', policy: '' },
})
