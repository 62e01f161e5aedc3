import { z } from 'zod'

/** What we read of the REST API's answers; whatever else they hold is passed over. */

export const commitHash = z.string().regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/i, 'is no commit')

export const apiPull = z.object({
  number: z.int().positive(),
  head: z.object({
    sha: commitHash,
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
