import type { EffectiveValue } from '../../schema/effective-config.ts'
import type { ProjectEvalSet } from '../project.ts'
import { heldValues } from './held-values.ts'
import type { PlacedFile } from './placed-file.ts'

interface SetSides {
  /** As it holds. */
  readonly held: ProjectEvalSet
  readonly own: ProjectEvalSet
  readonly placed: PlacedFile
  readonly base: string | undefined
}

/** Told among the options of the run, with what beats them. */
const toldElsewhere: ReadonlySet<string> = new Set([
  'apiVersion',
  'kind',
  'candidate',
  'baseline',
  'defaults.trials',
])
/** A JSON Schema is one value. */
const whole: ReadonlySet<string> = new Set(['task.input'])

/** What `evalset.yaml` says besides the gate. */
export function evalSetValues({ base, held, own, placed }: SetSides): readonly EffectiveValue[] {
  const { file } = held.loaded
  return heldValues({ held: file, own: own.loaded.file, placed, base, whole }).filter(
    ({ key }) => !toldElsewhere.has(key) && !key.startsWith('gate.'),
  )
}

/** The rules of the gate that hold. */
export function gateValues({ base, held, own, placed }: SetSides): readonly EffectiveValue[] {
  const document = { held: held.loaded.file.gate, own: own.loaded.file.gate, placed, base }
  return heldValues({ ...document, at: ['gate'] }).map((one) =>
    one.key === 'zero_tolerance' && one.source.from !== 'base' ? withPolicyRules(one, own) : one,
  )
}

/** Rules of the policy that allow no exception by themselves stand in the list as well. */
function withPolicyRules(value: EffectiveValue, { loaded }: ProjectEvalSet): EffectiveValue {
  const flagged = loaded.policy.rules.filter((rule) => rule.zero_tolerance).length
  if (flagged === 0) return value
  return { ...value, note: `${flagged} of them by ${loaded.file.policy}` }
}
