import { refusedBy } from './failed-attempt.ts'
import type { Wire } from './live-service.ts'
import type { ModelRequest } from './provider.ts'

/** Asks once; with `forcesTool`, for a structured answer as a call of a tool that must be called. */
type Post = (request: ModelRequest, signal: AbortSignal, forcesTool: boolean) => Promise<Response>

/** How services complain that knew nothing of schemas when they were made. */
const complaint = /response_format|output_config|output_format|json_schema|structured output/i

/**
 * Asks for a structured answer by schema and, of a model that refuses to know what that is, by a tool
 * that must be called. What a model refused once it is not asked again.
 */
export function askStructured(post: Post): Wire['send'] {
  const withoutSchemas = new Set<string>()
  return async (request, signal) => {
    if (request.output === undefined) return post(request, signal, false)
    if (withoutSchemas.has(request.model)) return post(request, signal, true)
    try {
      return await post(request, signal, false)
    } catch (error) {
      const refused = refusedBy(error)
      if (refused?.status !== 400 || !complaint.test(refused.message)) throw error
      withoutSchemas.add(request.model)
      return post(request, signal, true)
    }
  }
}
