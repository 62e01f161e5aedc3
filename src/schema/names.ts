import { z } from 'zod'

/** The version every document of ours carries. A breaking change of a format makes it v2. */
export const apiVersion = z.literal('agent-eval/v1')

const idPattern = /^[a-z0-9][a-z0-9._-]*$/
const toolNamePattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/

/** Ids in files: stable, lower-case, dots and dashes, never reused. */
export const id = z
  .string()
  .max(120)
  .regex(idPattern, 'use lower-case letters, digits, dots, dashes and underscores')

/** The id of a case: as any id, and `template[key]` for one that a `foreach` made. */
export const caseId = z
  .string()
  .max(200)
  .regex(
    /^[a-z0-9][a-z0-9._-]*(?:\[[A-Za-z0-9._-]+\])?$/,
    'use lower-case letters, digits, dots, dashes and underscores',
  )

/** Policy rules come from the team's own configuration, so their ids may have capitals. */
export const ruleId = z
  .string()
  .max(120)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]*$/, 'use letters, digits, dots, dashes and underscores')

export const toolName = z
  .string()
  .regex(toolNamePattern, 'use letters, digits, dots, dashes and underscores, at most 64')

/** An expression in CEL; whether it compiles is checked where the eval set is loaded. */
export const expression = z.string().min(1)

/** A pattern in RE2 syntax: linear time, so no look-around and no back-references. */
export const pattern = z.string().min(1)

/** Risk tier: 0 read-only, 1 low impact, 2 reversible, 3 high impact, 4 irreversible. */
export const riskTier = z.union([
  z.literal(0),
  z.literal(1),
  z.literal(2),
  z.literal(3),
  z.literal(4),
])
export type RiskTier = z.infer<typeof riskTier>

export const layers = ['schema', 'behavioral', 'outcome', 'adversarial'] as const
export const layer = z.enum(layers)
export type Layer = z.infer<typeof layer>

/** Whether a tool only looks, changes the world, or reaches outside it. */
export const effect = z.enum(['read', 'write', 'external'])
export type Effect = z.infer<typeof effect>

/** What a control says of one proposed action. `modify`: it may pass in another form. */
export const decision = z.enum(['allow', 'modify', 'escalate', 'deny'])
export type Decision = z.infer<typeof decision>

/** A share in [0, 1]; percentages exist only where text is made. */
export const share = z.number().min(0).max(1)
export const count = z.int().min(0)
/** US dollars, never negative. */
export const usd = z.number().min(0)
/** An ISO date such as 2026-12-31. */
export const isoDate = z.iso.date()
