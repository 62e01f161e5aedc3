import type { GateInput } from '../../gate/gate-input.ts'
import { samplingOfRun } from '../../gate/sampling-of-run.ts'
import type { Compared } from '../at-base/judging-ground.ts'
import type { RunOnDisk } from '../run-folder/read-run.ts'
import type { Shell } from './prepare-run.ts'

/** What the gate is asked about a run: its trial rows on disk, against what was prepared for it. */
export function gateInputOf(
  { advice, anchor, baseline, goneSets, rules }: Compared,
  { manifest, summary }: RunOnDisk,
  { io, options }: Shell,
): GateInput {
  const sampling = samplingOfRun(manifest, summary.cases)
  const strict = { ...manifest.gate, preset: 'release' as const }
  return {
    candidate: summary,
    ...(baseline !== undefined && { baseline }),
    ...(anchor !== undefined && { anchor }),
    ...(rules !== undefined && { rules }),
    ...(advice !== undefined && { advice }),
    ...(goneSets !== undefined && { goneSets }),
    gate: options.strict === true ? strict : manifest.gate,
    ...(sampling !== undefined && { sampling }),
    today: io.today().slice(0, 10),
    notSelected: new Set(manifest.notSelected),
  }
}
