import { z } from 'zod'
import { apiVersion, id } from './names.ts'

/**
 * `injections.yaml`: where foreign text reaches the agent, and the texts an attacker puts there.
 *
 * A slot is a place in the state (a JSON pointer to a string); the rendered template is appended
 * to what stands there. `{goal}` in a template is replaced by the attack's goal.
 */
export const injections = z.strictObject({
  apiVersion: apiVersion.optional(),
  kind: z.literal('Injections').optional(),
  slots: z.record(
    id,
    z.strictObject({
      description: z.string().optional(),
      path: z
        .string()
        .regex(/^\/./, 'a JSON pointer into the state, for example /tickets/T-1/body'),
    }),
  ),
  templates: z.record(
    id,
    z.string().refine((text) => text.includes('{goal}'), 'a template must contain {goal}'),
  ),
})
export type Injections = z.infer<typeof injections>
