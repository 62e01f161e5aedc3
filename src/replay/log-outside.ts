import type { OutsideTalk } from './outside-talk.ts'
import { recordLog } from './record-log.ts'

/** Longer lines are no log; what is cut off is not kept anywhere. */
const longestLine = 4_000
/** An agent that writes without end fills no disk of ours. */
const mostLines = 200

/** Takes a line of an agent's own log through the controls and into the trace, in its turn. */
export function logOutside(talk: OutsideTalk, text: string): void {
  if (text.trim() === '' || talk.logLines >= mostLines) return
  talk.logLines += 1
  const line = { id: `log-line-${talk.logLines}`, text: text.slice(0, longestLine) }
  void talk.incoming.take(async () => {
    if (talk.ending === undefined) await recordLog(talk.context, line)
  }, undefined)
}
