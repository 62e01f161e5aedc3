import type { RuleDecision } from '../schema/control-events.ts'
import type { OutsideTalk } from './outside-talk.ts'
import { recordLog } from './record-log.ts'
import type { TrialContext } from './trial-context.ts'

/** Longer lines go through the controls in pieces of this length. */
const longestLine = 4_000
/** Pieces share this much, so that no cut hides what stands across it. */
const overlap = 200
/** An agent that writes without end fills no disk of ours. */
const mostLines = 200

/** What is not looked at may break any rule that sees the log; so it counts as broken. */
const cutRule: RuleDecision = {
  id: 'log.cut',
  decision: 'deny',
  reason: 'what rules see of the log is bounded',
  error: 'more log lines than are looked at',
}

/**
 * Takes a line of an agent's own log through the controls and into the trace, in its turn.
 *
 * A long line counts as several. What is written beyond the bounds is kept nowhere; where some rule
 * sees the log, the trace says once that it was written and that nobody looked.
 */
export function logOutside(talk: OutsideTalk, text: string): void {
  if (text.trim() === '') return
  let start = 0
  do {
    if (talk.logLines > mostLines) return
    takeLine(talk, text.slice(start, start + longestLine))
    start += longestLine - overlap
  } while (start + overlap < text.length)
}

function takeLine(talk: OutsideTalk, text: string): void {
  talk.logLines += 1
  const line = { id: `log-line-${talk.logLines}`, text }
  const isCut = talk.logLines > mostLines
  void talk.incoming.take(async () => {
    if (talk.ending !== undefined) return
    if (isCut) recordCut(talk.context, line.id)
    else await recordLog(talk.context, line)
  }, undefined)
}

/** Nothing is enforced: the agent has written it, and no control kept that from anybody. */
function recordCut(context: TrialContext, id: string): void {
  if (!context.ports.controls.readsLog) return
  const said = { type: 'policy.decision', callId: id, decision: 'deny', enforced: false } as const
  for (const source of ['policy', 'judging'] as const) {
    context.record({ ...said, source, rules: [{ ...cutRule }] })
  }
  context.record({ type: 'log', logId: id, text: '…' })
}
