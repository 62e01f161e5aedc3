import type { WrittenCase } from '../schema/case.ts'
import type { EvalSetFile } from '../schema/evalset.ts'
import { layers } from '../schema/names.ts'
import { unknownName } from './describe.ts'
import type { Finding } from './problem.ts'

const tiers = [0, 1, 2, 3, 4]

/** Slices that shall gate and that no case can be in: the gate would guard nothing, and say so too late. */
export function checkSlices(
  { gate }: EvalSetFile,
  cases: readonly Pick<WrittenCase, 'strata' | 'tags'>[],
): readonly Finding[] {
  const known = new Set([
    ...layers.map((layer) => `layer:${layer}`),
    ...tiers.map((tier) => `tier:${tier}`),
    ...cases.flatMap(({ strata, tags }) => [
      ...tags.map((tag) => `tag:${tag}`),
      ...Object.entries(strata).map(([stratum, value]) => `${stratum}:${value}`),
    ]),
  ])
  return gate.slices.flatMap((slice, index) =>
    known.has(slice)
      ? []
      : [{ path: ['gate', 'slices', index], message: unknownName('slice', slice, known) }],
  )
}
