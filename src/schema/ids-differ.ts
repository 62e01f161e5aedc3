import type { z } from 'zod'

/** Refuses a case that is listed twice: its trials would count twice. */
export function idsDiffer(cases: readonly { readonly id: string }[], ctx: z.RefinementCtx): void {
  const seen = new Set<string>()
  for (const [index, { id }] of cases.entries()) {
    if (seen.has(id)) {
      ctx.addIssue({ code: 'custom', path: [index, 'id'], message: `case ${id} stands here twice` })
    }
    seen.add(id)
  }
}
