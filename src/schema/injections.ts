import { z } from 'zod'
import { apiVersion, id, toolName } from './names.ts'

const statePointer = z
  .string()
  .regex(/^\/./, 'a JSON pointer into the state, for example /tickets/T-1/body')

/**
 * A place where foreign text reaches the agent; the attack is appended to what stands there.
 *
 * `path`: a text in the state, such as a ticket or a document. `tool`: what a tool answers, at
 * `field` (a JSON pointer into the answer; without it the answer must be a text). `turn`: the
 * user's own message, for example a text that was pasted into it.
 */
const slot = z.union(
  [
    z.strictObject({
      description: z.string().optional(),
      kind: z.enum(['document', 'ticket']).default('document'),
      path: statePointer,
    }),
    z.strictObject({
      description: z.string().optional(),
      tool: toolName,
      field: z
        .string()
        .regex(/^(?:\/[^/]+)+$/, 'a JSON pointer into the answer')
        .optional(),
    }),
    z.strictObject({ description: z.string().optional(), turn: z.int().positive() }),
  ],
  { error: 'a slot is { path: POINTER }, { tool: NAME, field: POINTER } or { turn: NUMBER }' },
)
export type Slot = z.infer<typeof slot>

/** How the goal is written where it stands in a template. */
export const goalEncoding = z.enum(['plain', 'base64', 'homoglyph', 'zero-width'])
export type GoalEncoding = z.infer<typeof goalEncoding>

const templateText = z
  .string()
  .refine((text) => text.includes('{goal}'), 'a template must contain {goal}')

const template = z.union([
  templateText,
  z.strictObject({ text: templateText, encode: goalEncoding.default('plain') }),
])
export type InjectionTemplate = z.infer<typeof template>

/**
 * `injections.yaml`: where foreign text reaches the agent, and the texts an attacker puts there.
 *
 * `{goal}` in a template is replaced by the attack's goal. Templates of the catalog need not be
 * written here; one of the same name replaces it.
 */
export const injections = z.strictObject({
  apiVersion: apiVersion.optional(),
  kind: z.literal('Injections').optional(),
  slots: z.record(id, slot).default({}),
  templates: z.record(id, template).default({}),
})
export type Injections = z.infer<typeof injections>
