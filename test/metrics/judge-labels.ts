import fc from 'fast-check'
import type { JudgeLabels } from '../../src/metrics/judge-accuracy.ts'

/** [agreed, all]: human passes, then human fails. */
export function theLabels(
  [humanPassAgreed, humanPass]: readonly [number, number],
  [humanFailAgreed, humanFail]: readonly [number, number],
): JudgeLabels {
  return { humanPass, humanPassAgreed, humanFail, humanFailAgreed }
}

/** Any judge, good or bad, on few, many or no labels. */
export function anyLabels(): fc.Arbitrary<JudgeLabels> {
  const group = fc
    .oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 300 }))
    .chain((all) => fc.tuple(fc.integer({ min: 0, max: all }), fc.constant(all)))
  return fc.tuple(group, group).map(([pass, fail]) => theLabels(pass, fail))
}
