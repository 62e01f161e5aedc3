import type { EffectiveValue } from '../../schema/effective-config.ts'
import type { Project } from '../project.ts'
import { heldValues } from './held-values.ts'
import type { PlacedFile } from './placed-file.ts'

interface ProjectSides {
  /** As it holds. */
  readonly held: Project
  readonly own: Project
  readonly placed: PlacedFile
  readonly base: string | undefined
}

/** Told among the options of the run, with what beats them. */
const toldElsewhere: ReadonlySet<string> = new Set([
  'apiVersion',
  'evalsets',
  'trials',
  'seed',
  'concurrency',
  'output',
  'money.budget_usd',
])

/** What `agent-eval.yaml` says: money, services, what tiers mean. */
export function projectValues({
  base,
  held,
  own,
  placed,
}: ProjectSides): readonly EffectiveValue[] {
  return heldValues({ held: held.config, own: own.config, placed, base }).filter(
    ({ key }) => !toldElsewhere.has(key),
  )
}
