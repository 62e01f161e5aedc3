import { evalSetFile } from '../../src/schema/evalset.ts'
import type { LoadedEvalSet } from '../../src/suites/load-evalset.ts'

/** Of an eval set only its file, with who plays its users. */
export function aLoadedSet(simulator: string): Pick<LoadedEvalSet, 'file' | 'judge'> {
  const file = evalSetFile.parse({
    apiVersion: 'agent-eval/v1',
    id: 'small',
    version: '1',
    user_simulator: { model: simulator },
  })
  return { file }
}
