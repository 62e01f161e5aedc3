import { z } from 'zod'

/** What we read of the REST API's answers; whatever else they hold is passed over. */

const sha = z.string().regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/i, 'is no commit')

export const apiPull = z.object({
  number: z.int().positive(),
  head: z.object({
    sha,
    ref: z.string(),
    /** `null`: the fork was deleted. */
    repo: z.object({ full_name: z.string() }).nullish(),
  }),
  base: z.object({ repo: z.object({ full_name: z.string(), html_url: z.string() }) }),
})
export type ApiPull = z.infer<typeof apiPull>

export const apiComment = z.object({
  id: z.int().positive(),
  body: z.string().nullish(),
  html_url: z.string(),
  /** `null`: the account was deleted. */
  user: z.object({ login: z.string(), type: z.string() }).nullish(),
})
export type ApiComment = z.infer<typeof apiComment>

export const apiUser = z.object({ login: z.string().min(1) })

/** The file at GITHUB_EVENT_PATH, for the two events that know of a change. */
export const eventFile = z.object({
  pull_request: z
    .object({ number: z.int().positive(), head: z.object({ sha }) })
    .optional()
    .catch(undefined),
  workflow_run: z
    .object({
      head_sha: sha,
      /** `null`: it has not ended. */
      conclusion: z.string().nullish(),
      html_url: z.string().optional(),
      head_branch: z.string().nullish(),
      head_repository: z.object({ full_name: z.string() }).nullish(),
    })
    .optional()
    .catch(undefined),
})
export type EventFile = z.infer<typeof eventFile>
