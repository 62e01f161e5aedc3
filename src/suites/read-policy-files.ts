import type { Folder } from '../ports.ts'
import type { JudgingPolicy } from '../schema/policy.ts'
import {
  type EngineFiles,
  engineFilesIn,
  type ReadEngineFiles,
  readEngineFiles,
} from './engine-files.ts'
import { leadsOut } from './folder-files.ts'
import { innerPath } from './inner-path.ts'
import type { Checked } from './problem.ts'
import type { Part } from './read-parts.ts'

const none: ReadEngineFiles = { paths: [], findings: [] }

/** Reads the files that the engines of a judging policy name, for its hash. */
export async function readPolicyFiles(
  folder: Folder,
  policy: Checked<Part<JudgingPolicy>>,
): Promise<Checked<ReadEngineFiles>> {
  if (!policy.ok || policy.value.source === undefined) return { ok: true, value: none }
  const { source, value } = policy.value
  const outside: string[] = []
  const read = await readEngineFiles(value, onlyInner(engineFilesIn(folder), outside))
  const findings = read.findings.map((finding) => {
    const led = outside.find((path) => finding.message.includes(path))
    return led === undefined ? finding : { ...finding, message: leadsOut(led) }
  })
  if (findings.length === 0) return { ok: true, value: read }
  return { ok: false, problems: findings.map(source.problem) }
}

/** A path that leads out of the eval set's folder is not opened. */
function onlyInner({ list, readBytes }: EngineFiles, outside: string[]): EngineFiles {
  return {
    readBytes,
    list: (path) => {
      const inner = innerPath(path)
      if (inner !== undefined) return list(inner)
      outside.push(path)
      return Promise.resolve([])
    },
  }
}
