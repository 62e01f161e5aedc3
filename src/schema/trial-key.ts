import { z } from 'zod'

export const trialMode = z.enum(['enforce', 'observe'])
export type TrialMode = z.infer<typeof trialMode>

/** How a run treats the controls of its agent. `both`: each trial once so and once so; the first decides. */
export type RunMode = TrialMode | 'both'

/** What identifies one attempt: case, trial (from 1), attempt (from 1), mode. */
export const trialKey = z.strictObject({
  case: z.string(),
  trial: z.int().positive(),
  attempt: z.int().positive(),
  mode: trialMode,
})
export type TrialKey = z.infer<typeof trialKey>

/** `refund.full#2`, with `.a3` for a further attempt and `@observe` for that mode. */
export function formatTrialKey(key: TrialKey): string {
  const attempt = key.attempt === 1 ? '' : `.a${key.attempt}`
  const mode = key.mode === 'enforce' ? '' : `@${key.mode}`
  return `${key.case}#${key.trial}${attempt}${mode}`
}

/** The reverse of {@link formatTrialKey}; `undefined` where the text is no trial key. */
export function parseTrialKey(text: string): TrialKey | undefined {
  const match = /^(.+)#(\d{1,9})(?:\.a(\d{1,9}))?(?:@(enforce|observe))?$/.exec(text)
  if (match?.[1] === undefined) return undefined
  return {
    case: match[1],
    trial: Number(match[2]),
    attempt: Number(match[3] ?? 1),
    mode: match[4] === 'observe' ? 'observe' : 'enforce',
  }
}
