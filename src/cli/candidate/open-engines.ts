import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import type { PolicyEngines } from '../../controls/controls.ts'
import type { EnginePorts, EngineProblem, OpenedEngine } from '../../controls/engine-ports.ts'
import type { PolicyEngine } from '../../controls/policy-engine.ts'
import { AgentEvalError } from '../../errors.ts'
import type { Outside } from '../../ports.ts'
import type { Candidate } from '../../schema/candidate.ts'
import type { CedarPolicy, OpaPolicy } from '../../schema/policy-engines.ts'
import { type EngineFiles, engineFilesIn } from '../../suites/engine-files.ts'
import { isMissing, nodeFolder } from '../outside/node-folder.ts'
import type { Project, ProjectEvalSet } from '../project.ts'
import { regoCompiler } from './compile-rego.ts'
import { tokenOf } from './policy-tokens.ts'

/** Whose policies are to be opened. */
interface WantedEngines {
  /** With what holds: it says which variables they may send to their servers. */
  readonly project: Project
  /** Absent: only those of the eval set judge. */
  readonly own?: { readonly candidate: Candidate; readonly folder: string }
  readonly evalSet?: ProjectEvalSet
}

/**
 * Opens the policy engines of a candidate and of an eval set's judging policy. Everything about them
 * that can be wrong without a decision is found here: files, schemas, entry points.
 *
 * @throws AgentEvalError (input) with every problem; for a variable that they may not send
 */
export async function openEngines(
  { evalSet, own, project }: WantedEngines,
  outside: Pick<Outside, 'clock' | 'env' | 'fetch' | 'spawn'>,
): Promise<PolicyEngines> {
  const { clock, env, fetch } = outside
  const compileRego = regoCompiler(outside)
  const portsOn = (files: EngineFiles): EnginePorts => ({
    ...files,
    clock,
    env: {},
    fetch,
    compileRego,
  })
  const from = { project, env }
  return {
    own:
      own === undefined
        ? []
        : await openSections(own.candidate.policy, {
            ...from,
            ports: portsOn(filesIn(own.folder)),
            whose: `candidate "${own.candidate.name}"`,
          }),
    judging:
      evalSet === undefined
        ? []
        : await openSections(evalSet.loaded.policy, {
            ...from,
            ports: portsOn(engineFilesIn(nodeFolder(evalSet.folder, evalSet.shown))),
            whose: path.join(evalSet.shown, evalSet.loaded.file.policy),
          }),
  }
}

interface Sections {
  readonly opa?: OpaPolicy | undefined
  readonly cedar?: CedarPolicy | undefined
}

interface Opening {
  /** Without any variable of the environment: each engine gets those that it may send. */
  readonly ports: EnginePorts
  readonly whose: string
  readonly project: Project
  readonly env: Project['env']
}

/** The engines' own code is large: it is loaded only where a policy needs it. */
async function openSections(
  { cedar, opa }: Sections,
  { env, ports, project, whose }: Opening,
): Promise<readonly PolicyEngine[]> {
  const engines: PolicyEngine[] = []
  if (opa !== undefined) {
    const { openOpa } = await import('../../controls/engines/opa/open-opa.ts')
    const where = `${whose}: policy.opa`
    const token = await tokenOf(opa, { project, where, env })
    engines.push(ready(await openOpa(opa, { ...ports, env: token }), where))
  }
  if (cedar !== undefined) {
    const { openCedar } = await import('../../controls/engines/cedar/open-cedar.ts')
    engines.push(ready(await openCedar(cedar, ports), `${whose}: policy.cedar`))
  }
  return engines
}

function ready(opened: OpenedEngine<PolicyEngine>, where: string): PolicyEngine {
  if (opened.ok) return opened.engine
  const [first, ...more] = opened.problems
  const message = [first, ...more].map((problem) => `${where}${inWords(problem)}`).join('\n')
  throw new AgentEvalError(message, 'input', first?.hint === undefined ? {} : { hint: first.hint })
}

function inWords(problem: EngineProblem | undefined): string {
  if (problem === undefined) return ' cannot be opened'
  const at = problem.path.map((step) => `.${step}`).join('')
  return `${at}: ${problem.message}`
}

/** Files of a candidate, by paths relative to its own; it may share policies with production. */
export function filesIn(folder: string): EngineFiles {
  const readBytes = async (name: string): Promise<Uint8Array | undefined> => {
    try {
      const at = path.resolve(folder, name)
      return (await stat(at)).isFile() ? await readFile(at) : undefined
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }
  return {
    readBytes,
    async list(name) {
      if ((await readBytes(name)) !== undefined) return [name]
      try {
        const at = path.resolve(folder, name)
        const entries = await readdir(at, { recursive: true, withFileTypes: true })
        return entries
          .filter((entry) => entry.isFile())
          .map((entry) => path.relative(at, path.join(entry.parentPath, entry.name)))
          .map((file) => path.posix.join(name, file.split(path.sep).join('/')))
          .sort((a, b) => (a < b ? -1 : 1))
      } catch (error) {
        if (isMissing(error)) return []
        throw error
      }
    },
  }
}
