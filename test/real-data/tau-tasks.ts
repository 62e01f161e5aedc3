import { z } from 'zod'
import { readTauRuns } from '../../src/importers/tau-bench-file.ts'
import { silentScore } from '../../src/importers/tau-bench-silent.ts'
import { readData, readDataJson } from './data-folder.ts'
import type { Recording } from './recordings.ts'

/** Does nothing and says nothing; or does nothing and says every required output. */
export type NullAgent = 'silent' | 'all-knowing'

/** Cases that an agent passes which never calls a tool that writes. */
export function passedWithoutWork({ file }: Recording, agent: NullAgent): ReadonlySet<string> {
  const passed = readTauRuns(readData(file), file).filter(({ info: { task } }) => {
    const judged = agent === 'silent' ? task : task && { ...task, outputs: [] }
    return silentScore([judged])?.passed === 1
  })
  return new Set(passed.map((run) => caseOf(run.task_id)))
}

const replayed = z.array(
  z.object({ task_id: z.number(), trial: z.number(), recomputed: z.number() }),
)

/** By case and recorded trial: whether its calls, replayed against the benchmark's tools, succeed. */
export function replayedOutcomes({ file }: Recording): ReadonlyMap<string, boolean> {
  const rows = replayed.parse(readDataJson(file.replace('.json', '.recomputed.json')))
  return new Map(
    rows.map((row) => [`${caseOf(row.task_id)} trial ${row.trial}`, row.recomputed === 1]),
  )
}

function caseOf(task: number): string {
  return `task-${String(task).padStart(3, '0')}`
}
