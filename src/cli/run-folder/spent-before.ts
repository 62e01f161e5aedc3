import path from 'node:path'
import type { LedgerRole } from '../../schema/trace.ts'
import { linesOf, readTrials, runFiles } from './run-folder.ts'

/** The only event that says what a model was paid. */
const mark = '"type":"model.response"'

/** Ledgers of what is reckoned and not sent anybody. */
const notModels: ReadonlySet<string> = new Set<LedgerRole>(['human', 'tools'])

/**
 * What the models of a run were paid by the processes that went before, in US dollars: for trials that
 * were cut off as well, which have no line. Of a holdout case there are no events, only its line.
 */
export async function spentBefore(folder: string): Promise<number> {
  let inEvents = 0
  for await (const text of linesOf(path.join(folder, runFiles.events))) {
    if (text.includes(mark)) inEvents += paidIn(text)
  }
  let inLines = 0
  for await (const { costByRole, paidByRole = costByRole } of readTrials(folder)) {
    for (const [role, usd] of Object.entries(paidByRole)) if (!notModels.has(role)) inLines += usd
  }
  return Math.max(inEvents, inLines)
}

/** A torn line is what a kill leaves. */
function paidIn(text: string): number {
  try {
    const { costUsd, from } = JSON.parse(text) as { readonly costUsd?: unknown; from?: unknown }
    return from === 'live' && typeof costUsd === 'number' ? costUsd : 0
  } catch {
    return 0
  }
}
