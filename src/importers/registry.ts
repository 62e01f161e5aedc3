import { agentdojo } from './agentdojo.ts'
import type { Importer } from './importer.ts'
import { tauBench } from './tau-bench.ts'

/** Every format that `import` understands, by the name on the command line. */
export const importers: ReadonlyMap<string, Importer> = new Map(
  [tauBench, agentdojo].map((importer) => [importer.id, importer]),
)
