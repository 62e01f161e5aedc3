import {
  type Candidate,
  type CandidateFile,
  candidate,
  candidateFile,
  type TargetSettings,
} from '../schema/candidate.ts'
import { asJson } from '../schema/json.ts'
import { hashOf } from '../text/hash.ts'
import { overrideFile } from './candidate-overrides.ts'
import { checkCandidate, checkModelOverrides } from './check-candidate.ts'
import { quote } from './describe.ts'
import { type EngineFiles, readEngineFiles } from './engine-files.ts'
import { below, type Checked } from './problem.ts'
import { checkSchema } from './schema-findings.ts'
import { readSource } from './source.ts'

export interface CandidateContext {
  /** What tiers mean where the file does not say so: `models` of `agent-eval.yaml`. */
  readonly models: Readonly<Record<string, string>>
  readonly overrides: {
    /** `--model TIER=ref`. */
    readonly models: Readonly<Record<string, string>>
    /** `--set path=value`, in order. */
    readonly set: readonly string[]
  }
  /** The text of `prompt: { file: … }`; `undefined` where there is no such file. */
  readonly readPromptFile: (path: string) => Promise<string | undefined>
  /**
   * The hash of the files that a target is made of. Where they are not known, as of a server that
   * somebody else runs, `versions.code` stands for them.
   */
  readonly codeOf?: (target: TargetSettings) => Promise<string | undefined>
  /** The files that policy engines name; absent: there are none. */
  readonly engineFiles?: EngineFiles
}

/**
 * Reads a candidate file, its sections under `agent` or beside it, with the overrides of the
 * command line; every default is filled in. All problems are told at once; those of an override
 * name the option.
 */
export async function parseCandidate(
  text: string,
  file: string,
  context: CandidateContext,
): Promise<Checked<Candidate>> {
  const read = readSource({ text, file })
  if (!read.ok) return read
  const overridden = overrideFile(read.value, context.overrides.set)
  if (!overridden.ok) return overridden
  const { value, problem, sectionProblem } = overridden.value
  const checked = checkSchema(candidateFile, value)
  if (!checked.ok) return { ok: false, problems: checked.findings.map(problem) }

  const sections = sectionsOf(checked.value)
  const prompt = await promptOf(sections, context)
  if (!prompt.ok) {
    const path = ['prompt', 'file']
    return { ok: false, problems: [sectionProblem({ path, message: prompt.message })] }
  }
  const wrongModels = checkModelOverrides(context.overrides.models, sections.model_tier)
  if (wrongModels.length > 0) return { ok: false, problems: wrongModels }

  const code = await codeOf(sections, context)
  const engines = await readEngineFiles(sections.policy ?? {}, context.engineFiles ?? noFiles)
  const policyFiles = engines.hash
  const resolved = resolve(sections, { prompt: prompt.text, code, policyFiles }, context)
  const findings = [...checkCandidate(resolved), ...below(['policy'], engines.findings)]
  if (findings.length > 0) return { ok: false, problems: findings.map(sectionProblem) }
  return { ok: true, value: resolved }
}

const noFiles: EngineFiles = {
  readBytes: () => Promise.resolve(undefined),
  list: () => Promise.resolve([]),
}

type Sections = CandidateFile['agent']

function sectionsOf({ agent, ...beside }: CandidateFile): Sections {
  return { ...beside, ...agent }
}

async function codeOf(
  { target, versions }: Sections,
  context: CandidateContext,
): Promise<string | undefined> {
  const known = target && (await context.codeOf?.(target))
  return known ?? versions?.code
}

type Prompt =
  | { readonly ok: true; readonly text: string | undefined }
  | { readonly ok: false; readonly message: string }

async function promptOf(
  { prompt }: Sections,
  { readPromptFile }: CandidateContext,
): Promise<Prompt> {
  if (typeof prompt !== 'object') return { ok: true, text: prompt }
  const text = await readPromptFile(prompt.file)
  if (text === undefined) return { ok: false, message: `there is no file ${quote(prompt.file)}` }
  return { ok: true, text }
}

/** What stands in files of their own. */
interface Contents {
  readonly prompt: string | undefined
  readonly code: string | undefined
  /** Hash of the files that policy engines name. */
  readonly policyFiles: string | undefined
}

function resolve(
  sections: Sections,
  { code, policyFiles, prompt }: Contents,
  { models, overrides }: CandidateContext,
): Candidate {
  const draft = candidate.strip().parse({
    ...sections,
    prompt,
    // An agent of one's own asks no model of ours, whatever the tiers of others mean.
    models: {
      ...(sections.target === undefined && models),
      ...sections.models,
      ...overrides.models,
    },
    versions: { prompt: '', policy: '' },
  })
  return {
    ...draft,
    versions: {
      prompt: sections.versions?.prompt ?? shortHash(draft.prompt),
      policy: sections.versions?.policy ?? shortHash(policyOf(draft, policyFiles)),
      ...(code !== undefined && { code }),
      ...(policyFiles !== undefined && { policyFiles }),
    },
  }
}

/** All that decides: a looser approval is another policy, too. */
function policyOf(
  { approvals, identity, policy }: Candidate,
  files: string | undefined,
): ReturnType<typeof asJson> {
  return asJson({ ...policy, approvals, identity, files })
}

/** Twelve hexadecimal digits: enough to tell versions apart in a log. */
function shortHash(value: Parameters<typeof hashOf>[0]): string {
  return hashOf(value).replace('sha256:', '').slice(0, 12)
}
