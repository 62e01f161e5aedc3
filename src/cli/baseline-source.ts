import { stat } from 'node:fs/promises'
import path from 'node:path'
import { AgentEvalError } from '../errors.ts'
import type { Arm } from '../gate/arm.ts'
import { type Baseline, baseline } from '../schema/baseline.ts'
import type { RunManifest } from '../schema/run-manifest.ts'
import { type RunMetrics, runResult } from '../schema/run-result.ts'
import { fileAtRef } from './git.ts'
import { isMissing } from './node-folder.ts'
import { readRun } from './read-run.ts'
import { readDocument, readText, runFiles, usualOutput } from './run-folder.ts'

/** A baseline and where it came from, for the report. */
export interface FoundBaseline {
  readonly arm: Arm
  readonly from: string
  /** Of a run on disk. */
  readonly manifest?: RunManifest
  /** Absent for a committed baseline, which holds cases only. */
  readonly metrics?: RunMetrics
}

/** Where a baseline may be looked for. */
export interface BaselineRequest {
  /** `--baseline`: a file, a run folder, `git:REF`, or `none`; absent: the eval set's own file. */
  readonly source: string | undefined
  /** The eval set's baseline file, relative to the working directory. */
  readonly defaultFile: string | undefined
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
  const { cwd, defaultFile, source } = request
  if (source === 'none') return undefined
  if (source?.startsWith('git:') === true) return atRef(request, source.slice('git:'.length))
  if (source !== undefined) return readArm(source, cwd)
  if (defaultFile === undefined || (await kindOf(path.resolve(cwd, defaultFile))) === 'missing') {
    return undefined
  }
  return readArm(defaultFile, cwd)
}

async function atRef(
  { cwd, defaultFile }: BaselineRequest,
  ref: string,
): Promise<FoundBaseline | undefined> {
  if (defaultFile === undefined) {
    throw new AgentEvalError('git:REF needs an eval set that names its baseline file', 'usage')
  }
  const text = await fileAtRef(cwd, ref, defaultFile)
  if (text === undefined) return undefined
  const from = `git:${ref}:${defaultFile}`
  return { arm: armOf(parseBaseline(text, from)), from }
}

/**
 * Reads one side of a comparison: a run folder, a `result.json` or a baseline file.
 *
 * @throws AgentEvalError (input) when it is none of them
 */
export async function readArm(named: string, cwd: string): Promise<FoundBaseline> {
  const file = await pathOfRun(named, cwd)
  const kind = await kindOf(file)
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
    return { arm: { provenance, cases }, from: named, metrics }
  }
  return { arm: armOf(parseBaseline(await readText(file), named)), from: named }
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
      hint: 'make it anew with: agent-eval baseline update',
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
    hint: 'make it anew with: agent-eval baseline update',
  })
}

function armOf({ provenance, cases }: Baseline): Arm {
  return { provenance, cases }
}

async function kindOf(file: string): Promise<'folder' | 'file' | 'missing'> {
  try {
    return (await stat(file)).isDirectory() ? 'folder' : 'file'
  } catch (error) {
    if (isMissing(error)) return 'missing'
    throw error
  }
}

/** The path that a run, a result or a baseline is named by: as it stands, or a run's bare name. */
export async function pathOfRun(named: string, cwd: string): Promise<string> {
  const asItStands = path.resolve(cwd, named)
  const byName = path.resolve(cwd, usualOutput, named)
  if ((await kindOf(asItStands)) === 'missing' && (await isRunFolder(byName))) return byName
  return asItStands
}

/** Whether a path is a run folder: it holds a manifest. */
export async function isRunFolder(folder: string): Promise<boolean> {
  return (await kindOf(path.join(folder, runFiles.manifest))) === 'file'
}
