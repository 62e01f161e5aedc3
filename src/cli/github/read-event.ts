import { readFile } from 'node:fs/promises'
import { type EventFile, eventFile } from './api-documents.ts'

type Env = Readonly<Record<string, string | undefined>>

/**
 * What GitHub tells a job about its event: written by the runner, never by the change under test.
 *
 * @returns `undefined` outside of GitHub, or where the file says nothing that can be read
 */
export async function readEvent(env: Env): Promise<EventFile | undefined> {
  const file = env['GITHUB_EVENT_PATH'] ?? ''
  if (file === '') return undefined
  try {
    return eventFile.safeParse(JSON.parse(await readFile(file, 'utf8'))).data
  } catch {
    return undefined
  }
}
