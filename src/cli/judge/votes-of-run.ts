import path from 'node:path'
import { voterOf } from '../../judge/stored-votes.ts'
import type { StoredVote } from '../../schema/judge.ts'
import { eventBody } from '../../schema/trace.ts'
import { linesOf, runFiles } from '../run-folder/run-folder.ts'

/** A vote that was cast in a run, and on which trial. */
export interface VoteInRun {
  readonly trial: string
  readonly vote: StoredVote
}

/**
 * All votes that were cast in a run, without what they quote. Lines that are no votes are not even
 * parsed, and a torn one is passed over: a kill leaves it.
 */
export async function votesOfRun(run: string): Promise<readonly VoteInRun[]> {
  const votes: VoteInRun[] = []
  for await (const line of linesOf(path.join(run, runFiles.events))) {
    if (!line.includes('"type":"judge.vote"')) continue
    const found = voteIn(line)
    if (found !== undefined) votes.push(found)
  }
  return votes
}

function voteIn(line: string): VoteInRun | undefined {
  const value = parse(line)
  if (typeof value !== 'object' || value === null) return undefined
  const { trial, ...rest } = value as Readonly<Record<string, unknown>>
  const envelope = new Set(['run', 'seq', 'tMs'])
  const body = Object.fromEntries(Object.entries(rest).filter(([key]) => !envelope.has(key)))
  const parsed = eventBody.safeParse(body)
  if (!parsed.success || typeof trial !== 'string') return undefined
  if (parsed.data.type !== 'judge.vote' || parsed.data.vote === undefined) return undefined
  const { criterion, criterionHash, model, ordinal, reason, transcriptHash, vote } = parsed.data
  const judge = voterOf(model)
  const known = { criterion, criterionHash, transcriptHash, judge, ordinal, vote }
  return { trial, vote: { ...known, ...(reason !== undefined && { reason }) } }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
