import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { commitHash } from './api-documents.ts'

const repository = z.object({ full_name: z.string() })

/**
 * What we read of the file at GITHUB_EVENT_PATH, for the events that know of a change. What looks like
 * nothing GitHub writes is as if it were not there; the rest of the event holds all the same.
 */
const eventFile = z.object({
  pull_request: z
    .object({
      number: z.int().positive().optional().catch(undefined),
      head: z.object({
        sha: commitHash.optional().catch(undefined),
        /** `null`: the fork was deleted. */
        repo: repository.nullish(),
      }),
      base: z.object({ repo: repository.optional() }).optional(),
    })
    .optional()
    .catch(undefined),
  merge_group: z
    .object({
      head_sha: z.string().optional().catch(undefined),
      base_sha: z.string().optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  workflow_run: z
    .object({
      head_sha: commitHash,
      /** `null`: it has not ended. */
      conclusion: z.string().nullish(),
      html_url: z.string().optional(),
      head_branch: z.string().nullish(),
      head_repository: repository.nullish(),
    })
    .optional()
    .catch(undefined),
})
export type EventFile = z.infer<typeof eventFile>
export type EventPull = NonNullable<EventFile['pull_request']>

/**
 * What GitHub tells a job about its event: written by the runner, never by the change under test.
 *
 * @param file - as GITHUB_EVENT_PATH names it; unset or empty outside of GitHub
 * @returns `undefined` outside of GitHub, or where the file says nothing that can be read
 */
export async function readEvent(file: string | undefined): Promise<EventFile | undefined> {
  if (file === undefined || file === '') return undefined
  try {
    return eventFile.safeParse(JSON.parse(await readFile(file, 'utf8'))).data
  } catch {
    return undefined
  }
}
