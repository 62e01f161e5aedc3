import { dataText } from '../../report/page/document.ts'
import { pageTraceOf } from '../../report/page/page-trace.ts'
import type { OrderedTrial } from '../../report/page/trace-order.ts'
import type { ArmName } from '../../report/page/trial-key-on.ts'
import type { PageTrace } from '../../schema/page-data.ts'
import { formatTrialKey } from '../../schema/trial-key.ts'
import type { EventIndex } from './event-index.ts'

/** Bytes of traces that one file carries. */
const mostBytes = 25_000_000

export type ArmEvents = Readonly<Record<ArmName, EventIndex | undefined>>

/** Traces in the order given, up to the first that does not fit any more. */
export async function fillTraces(
  order: readonly OrderedTrial[],
  events: ArmEvents,
  most: number = mostBytes,
): Promise<readonly PageTrace[]> {
  const traces: PageTrace[] = []
  let bytes = 0
  for (const { arm, line } of order) {
    const index = events[arm]
    const key = formatTrialKey(line)
    if (index?.has(key) !== true) continue
    const trace = pageTraceOf({ arm, line, events: await index.read(key) })
    bytes += Buffer.byteLength(dataText(trace))
    if (bytes > most) return traces
    traces.push(trace)
  }
  return traces
}
