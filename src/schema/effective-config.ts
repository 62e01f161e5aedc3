import { z } from 'zod'
import { jsonValue } from './json.ts'
import { apiVersion } from './names.ts'
import { ruleChange } from './verdict-findings.ts'

/** Who says so. */
const valueSource = z.discriminatedUnion('from', [
  /** The command line, by the option's name; its text may be a secret. */
  z.strictObject({ from: z.literal('flag'), flag: z.string() }),
  z.strictObject({ from: z.literal('environment'), variable: z.string() }),
  z.strictObject({
    from: z.literal('file'),
    file: z.string(),
    line: z.int().positive().optional(),
  }),
  /** The commit that a pull request starts from: its rule is the stricter one, or nobody may choose. */
  z.strictObject({ from: z.literal('base'), base: z.string() }),
  z.strictObject({ from: z.literal('default') }),
  /** It follows from other values. */
  z.strictObject({ from: z.literal('derived'), why: z.string() }),
])
export type ValueSource = z.infer<typeof valueSource>

const effectiveValue = z.strictObject({
  /** As one would write it, for example `budgets.max_tool_calls`. */
  key: z.string(),
  value: jsonValue,
  source: valueSource,
  /** What to know besides. */
  note: z.string().optional(),
})
export type EffectiveValue = z.infer<typeof effectiveValue>

/** Sections in the order in which they are printed. */
export const configSections = [
  'run',
  'project',
  'candidate',
  'services',
  'evalset',
  'gate',
] as const

const configSection = z.strictObject({
  name: z.enum(configSections),
  values: z.array(effectiveValue),
})
export type ConfigSection = z.infer<typeof configSection>

/** What one eval set would be run and judged with. */
const effectiveSet = z.strictObject({
  id: z.string(),
  /** As the user would type it. */
  folder: z.string(),
  /** The commit whose rules hold until the change is merged; absent outside of pull requests. */
  base: z.string().optional(),
  /** The agent as a run of it would record it; a deployment can be held against the hash. */
  candidate: z.strictObject({ name: z.string(), hash: z.string() }),
  sections: z.array(configSection),
  /** What the change does to its rules, and whose value holds. */
  changes: z.array(ruleChange),
})
export type EffectiveSet = z.infer<typeof effectiveSet>

/** What `run --print-config --json` prints. Secrets stand in it by the names of their variables only. */
export const effectiveConfig = z.strictObject({
  apiVersion,
  kind: z.literal('EffectiveConfig'),
  tool: z.string(),
  evalSets: z.array(effectiveSet),
})
export type EffectiveConfig = z.infer<typeof effectiveConfig>
