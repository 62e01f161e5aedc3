import path from 'node:path'
import type { Candidate } from '../../schema/candidate.ts'
import { parseCandidate } from '../../suites/load-candidate.ts'

/** What a file says of an agent: its text, and the agent where it can be read as one. */
export interface AgentInFile {
  readonly text: string
  readonly agent?: Candidate
}

/**
 * The agent that a file names, and what lies beside it, in a tree that need not be the one that is checked
 * out.
 *
 * @param file - in the tree, by slashes
 * @param models - of the project, by the name of their tier
 * @param read - the text of a file of the tree; `undefined` where it is not there
 * @returns `undefined` where there is no such file
 */
export async function agentInFile(
  file: string,
  models: Readonly<Record<string, string>>,
  read: (name: string) => Promise<string | undefined>,
): Promise<AgentInFile | undefined> {
  const text = await read(file)
  if (text === undefined) return undefined
  const beside = (name: string): string => path.posix.join(path.posix.dirname(file), name)
  const parsed = await parseCandidate(text, file, {
    models,
    overrides: { models: {}, set: [] },
    readPromptFile: (name) => read(beside(name)),
    engineFiles: {
      readBytes: async (name) => bytesOf(await read(beside(name))),
      list: async (name) => ((await read(beside(name))) === undefined ? [] : [name]),
    },
  })
  return parsed.ok ? { text, agent: parsed.value } : { text }
}

function bytesOf(text: string | undefined): Uint8Array | undefined {
  return text === undefined ? undefined : new TextEncoder().encode(text)
}
