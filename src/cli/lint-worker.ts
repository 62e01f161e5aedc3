import { parentPort, workerData } from 'node:worker_threads'
import { openSet } from '../lint/lint-evalset.ts'
import type { LintWork } from './lint-in-parallel.ts'
import { loadModuleTools } from './module-tools.ts'
import { openEvalSet } from './project.ts'

/**
 * Takes cases of an eval set until none is left, and tells what it found of each. It reads the set
 * itself: compiled cases cannot be handed from thread to thread.
 */
const { folder, next, project } = workerData as LintWork
const evalSet = await openEvalSet(project, folder)
const modules = await loadModuleTools(evalSet)
const { ids, lint } = await openSet({ evalSet: evalSet.loaded, modules })
for (let id = ids[take()]; id !== undefined; id = ids[take()]) {
  parentPort?.postMessage({ id, report: await lint(id) })
}

function take(): number {
  return Atomics.add(next, 0, 1)
}
