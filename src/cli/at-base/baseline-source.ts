import path from 'node:path'
import { AgentEvalError } from '../../errors.ts'
import type { Arm } from '../../gate/arm.ts'
import { type Baseline, baseline } from '../../schema/baseline.ts'
import type { RunManifest } from '../../schema/run-manifest.ts'
import type { RunMetrics } from '../../schema/run-metrics.ts'
import { runResult } from '../../schema/run-result.ts'
import { fileAtRef } from '../git/git.ts'
import { namesCommit } from '../git/merge-base.ts'
import { kindAt } from '../outside/if-there.ts'
import { readRun } from '../run-folder/read-run.ts'
import { readDocument, readText, runFiles, usualOutput } from '../run-folder/run-folder.ts'

/** A baseline and where it came from, for the report. */
export interface FoundBaseline {
  readonly arm: Arm
  readonly from: string
  /** Of a run on disk. */
  readonly manifest?: RunManifest
  /** Absent for a committed baseline, which holds cases only. */
  readonly metrics?: RunMetrics
  /** Of a file that git may know the age of. */
  readonly committed?: CommittedFile
}

interface CommittedFile {
  /** Absent for a file on disk, whose last commit is in the history of HEAD. */
  readonly commit?: string
  /** Relative to the working directory. */
  readonly file: string
}

/** Where a baseline may be looked for. */
export interface BaselineRequest {
  /**
   * `--baseline`: a file, a run folder, `git:REF`, `git:merge-base:REF`, or `none`; absent: that of
   * `base`, or else the eval set's own file.
   */
  readonly source: string | undefined
  /** The eval set's baseline file, relative to the working directory. */
  readonly defaultFile: string | undefined
  /** The base of the change, and what was the eval set's baseline file there. */
  readonly base?: { readonly commit: string; readonly file: string | undefined } | undefined
  readonly evalSetId: string
  readonly cwd: string
}

/**
 * Finds what the candidate is compared with.
 *
 * @returns `undefined` where there is none: a first run
 * @throws AgentEvalError (input) for one that exists and cannot be read, or that belongs to another
 *   eval set: both would compare with something else than the user thinks
 */
export async function findBaseline(request: BaselineRequest): Promise<FoundBaseline | undefined> {
  const found = await locate(request)
  if (found === undefined) return undefined
  const { id } = found.arm.provenance.evalSet
  if (id === request.evalSetId) return found
  throw new AgentEvalError(
    `is a baseline of eval set "${id}", not of "${request.evalSetId}"`,
    'input',
    { source: { file: found.from }, hint: 'name another with --baseline, or --baseline none' },
  )
}

async function locate(request: BaselineRequest): Promise<FoundBaseline | undefined> {
  const { base, cwd, defaultFile, source } = request
  if (source === 'none') return undefined
  if (base !== undefined && (source === undefined || namesCommit(source))) {
    return base.file === undefined ? undefined : baselineAt(cwd, base.commit, base.file)
  }
  if (source !== undefined) return readArm(source, cwd)
  if (defaultFile === undefined || (await kindAt(path.resolve(cwd, defaultFile))) === 'missing') {
    return undefined
  }
  return readArm(defaultFile, cwd)
}

/**
 * A committed baseline file as it stands at a commit.
 *
 * @returns `undefined` where the commit has no such file
 * @throws AgentEvalError (input) when it has one that cannot be read
 */
export async function baselineAt(
  cwd: string,
  commit: string,
  file: string,
): Promise<FoundBaseline | undefined> {
  const text = await fileAtRef(cwd, commit, file)
  if (text === undefined) return undefined
  const from = `git:${commit.slice(0, 12)}:${file}`
  return { arm: armOf(parseBaseline(text, from)), from, committed: { commit, file } }
}

/**
 * Reads one side of a comparison: a run folder, a `result.json` or a baseline file.
 *
 * @throws AgentEvalError (input) when it is none of them
 */
export async function readArm(named: string, cwd: string): Promise<FoundBaseline> {
  const file = await pathOfRun(named, cwd)
  const kind = await kindAt(file)
  if (kind === 'missing') {
    throw new AgentEvalError('there is no such run, result or baseline', 'input', {
      source: { file: named },
    })
  }
  if (kind === 'folder') {
    const { manifest, summary } = await readRun(file)
    return { arm: summary, from: named, manifest, metrics: summary.metrics }
  }
  const document = await readJson(file, named)
  if (document?.kind === 'RunResult') {
    const result = await readDocument(file, runResult)
    const { cases, metrics, provenance } = result
    return { arm: { provenance, cases, metrics }, from: named, metrics }
  }
  const committed = { file: path.relative(cwd, file) }
  return { arm: armOf(parseBaseline(await readText(file), named)), from: named, committed }
}

async function readJson(
  file: string,
  named: string,
): Promise<{ readonly kind?: unknown } | undefined> {
  const value = parseJson(await readText(file), named)
  return typeof value === 'object' && value !== null ? value : undefined
}

function parseJson(text: string, named: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AgentEvalError('is not JSON', 'input', {
      source: { file: named },
      hint: 'make it anew with: npx agent-eval baseline update',
      cause,
    })
  }
}

function parseBaseline(text: string, named: string): Baseline {
  const parsed = baseline.safeParse(parseJson(text, named))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = issue?.path.join('.') ?? ''
  throw new AgentEvalError(`is no baseline: ${where}: ${issue?.message ?? ''}`, 'input', {
    source: { file: named },
    hint: 'make it anew with: npx agent-eval baseline update',
  })
}

function armOf({ provenance, cases }: Baseline): Arm {
  return { provenance, cases }
}

/** The path that a run, a result or a baseline is named by: as it stands, or a run's bare name. */
export async function pathOfRun(named: string, cwd: string): Promise<string> {
  const asItStands = path.resolve(cwd, named)
  const byName = path.resolve(cwd, usualOutput, named)
  if ((await kindAt(asItStands)) === 'missing' && (await isRunFolder(byName))) return byName
  return asItStands
}

/** Whether a path is a run folder: it holds a manifest. */
export async function isRunFolder(folder: string): Promise<boolean> {
  return (await kindAt(path.join(folder, runFiles.manifest))) === 'file'
}
