import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import type { Candidate } from '../../schema/candidate.ts'
import { parseCandidate } from '../../suites/load-candidate.ts'
import { problemsError } from '../../suites/render-problems.ts'
import { textIfThere } from '../outside/if-there.ts'
import type { Project, ProjectEvalSet } from '../project.ts'
import { readText } from '../run-folder/run-folder.ts'
import { refuseMisspelt } from './misspelt-tools.ts'
import { filesIn } from './open-engines.ts'
import { targetCode } from './target-code.ts'

/** What the command line says of the candidate. */
export interface CandidateChoice {
  readonly candidate?: string
  readonly model?: readonly string[]
  readonly set?: readonly string[]
}

/** A candidate and where its file lies: what it names besides is relative to that. */
export interface OpenedCandidate {
  readonly candidate: Candidate
  /** Absolute. */
  readonly folder: string
}

/**
 * The agent configuration under test: `--candidate`, or the one that the eval set names, with
 * `--model` and `--set` on top.
 *
 * @throws AgentEvalError with every problem of the file, or when there is no candidate at all
 */
export async function openCandidate(
  project: Project,
  evalSet: ProjectEvalSet,
  options: CandidateChoice,
): Promise<OpenedCandidate> {
  const { file, key, shown } = candidatePath(project, evalSet, options)
  const folder = path.dirname(file)
  const { output } = project.config
  const parsed = await parseCandidate(await readCandidate({ file, key, shown }), shown, {
    models: project.config.models,
    overrides: { models: modelOverrides(options.model ?? []), set: options.set ?? [] },
    readPromptFile: (name) => textIfThere(path.resolve(folder, name)),
    engineFiles: filesIn(folder),
    codeOf: (target) =>
      targetCode(target, { folder, ignore: [path.resolve(project.root, output)] }),
  })
  if (!parsed.ok) throw problemsError(parsed.problems)
  refuseForeign(parsed.value, evalSet, shown)
  refuseMisspelt(parsed.value, Object.keys(evalSet.loaded.world.tools), shown)
  return { candidate: parsed.value, folder }
}

/** An agent that may use no tool of an eval set fails all of it, and says nothing by that. */
function refuseForeign({ tools }: Candidate, evalSet: ProjectEvalSet, file: string): void {
  const { allowlist } = tools
  if (allowlist === undefined || allowlist.length === 0) return
  if (allowlist.some((tool) => Object.hasOwn(evalSet.loaded.world.tools, tool))) return
  throw new AgentEvalError(
    `this candidate may use none of the tools of ${evalSet.shown}`,
    'usage',
    {
      source: { file },
      hint: 'it may be for another eval set: name the one that it is for: npx agent-eval run EVALSET --candidate FILE',
    },
  )
}

/** Where a candidate file is, and what names it. */
interface CandidatePlace {
  readonly file: string
  readonly shown: string
  readonly key: string
}

function readCandidate({ file, key, shown }: CandidatePlace): Promise<string> {
  const base = key === '--candidate' ? 'the current folder' : 'the folder of the eval set'
  return readText(file, shown, `${key} names this file; the path is relative to ${base}`)
}

function candidatePath(
  project: Project,
  evalSet: ProjectEvalSet,
  options: CandidateChoice,
): CandidatePlace {
  if (options.candidate !== undefined) {
    return {
      file: path.resolve(project.cwd, options.candidate),
      shown: options.candidate,
      key: '--candidate',
    }
  }
  const named = evalSet.loaded.file.candidate
  if (named !== undefined) {
    const shown = path.join(evalSet.shown, named)
    return { file: path.resolve(evalSet.folder, named), shown, key: 'candidate of evalset.yaml' }
  }
  throw new AgentEvalError(`eval set "${evalSet.id}" names no candidate`, 'usage', {
    hint: 'name the agent configuration under test with --candidate FILE',
  })
}

/** `--model frontier=openai:gpt-4o`. */
function modelOverrides(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const equals = text.indexOf('=')
      if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)]
      throw new AgentEvalError(`--model ${text}: expected TIER=MODEL`, 'usage', {
        hint: 'for example --model frontier=reference:?mute=0.1',
      })
    }),
  )
}
