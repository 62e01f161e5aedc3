import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { CaseReport } from '../lint/lint-case.ts'
import { openSet } from '../lint/lint-evalset.ts'
import { summariseLint } from '../lint/summarise-lint.ts'
import type { LintResult } from '../schema/lint-result.ts'
import { loadModuleTools } from './module-tools.ts'
import type { Project, ProjectEvalSet } from './project.ts'

/** What a helper thread is given. */
export interface LintWork {
  readonly project: Project
  /** Absolute. */
  readonly folder: string
  /** Number of the next case that nobody has taken; shared by all threads. */
  readonly next: Int32Array
}

/** A helper has to read the set as well; for fewer cases it would come too late. */
const fewestCases = 100
/** More would read more than they play. */
const mostHelpers = 3

/**
 * What lint says of an eval set, with the help of other threads where it is large.
 *
 * Threads take case after case, so a slow one holds nobody up. Who looked at a case makes no
 * difference to what is found, and what a helper leaves undone this thread does itself.
 *
 * @throws AgentEvalError (input) for whatever in the eval set does not fit together
 */
export async function lintInParallel(
  evalSet: ProjectEvalSet,
  project: Project,
): Promise<LintResult> {
  const next = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const reports = new Map<string, CaseReport>()
  const helpers = startHelpers(
    { project, folder: evalSet.folder, next },
    { cases: evalSet.loaded.cases.length, reports },
  )
  try {
    const modules = await loadModuleTools(evalSet)
    const { ids, lint } = await openSet({ evalSet: evalSet.loaded, modules })
    const take = (): string | undefined => ids[Atomics.add(next, 0, 1)]
    for (let id = take(); id !== undefined; id = take()) reports.set(id, await lint(id))
    await Promise.all(helpers.map((helper) => helper.whenDone(() => reports.size === ids.length)))
    for (const id of ids) if (!reports.has(id)) reports.set(id, await lint(id))
    return summariseLint(evalSet.loaded, reports)
  } finally {
    await Promise.all(helpers.map((helper) => helper.end()))
  }
}

interface Helper {
  /** Settles when the helper has stopped, for whatever reason, or when it is not needed any more. */
  readonly whenDone: (isEnough: () => boolean) => Promise<void>
  readonly end: () => Promise<unknown>
}

/** In a build the helper's file lies beside this one; run from source there are no helpers. */
const helperFile = fileURLToPath(new URL('lint-worker.mjs', import.meta.url))

function startHelpers(
  work: LintWork,
  { cases, reports }: { readonly cases: number; readonly reports: Map<string, CaseReport> },
): readonly Helper[] {
  if (cases < fewestCases || !existsSync(helperFile)) return []
  const count = Math.min(mostHelpers, availableParallelism() - 1)
  return Array.from({ length: Math.max(0, count) }, () => startHelper(work, reports))
}

function startHelper(work: LintWork, reports: Map<string, CaseReport>): Helper {
  const worker = new Worker(helperFile, { workerData: work, stdout: true, stderr: true })
  let isEnough = (): boolean => false
  const done = new Promise<void>((resolve) => {
    worker.on('message', ({ id, report }: { readonly id: string; readonly report: CaseReport }) => {
      reports.set(id, report)
      if (isEnough()) resolve()
    })
    // What a helper cannot do, this thread tries next, and says why it fails.
    worker.on('error', () => {
      resolve()
    })
    worker.on('exit', () => {
      resolve()
    })
  })
  return {
    whenDone(enough) {
      isEnough = enough
      return enough() ? Promise.resolve() : done
    },
    end: () => worker.terminate(),
  }
}
