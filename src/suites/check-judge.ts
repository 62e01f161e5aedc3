import type { WrittenCase } from '../schema/case.ts'
import { demandsOf } from '../schema/expect.ts'
import type { Rubric } from '../schema/judge.ts'
import { quote, unknownName } from './describe.ts'
import type { Finding } from './problem.ts'

/**
 * Ids of the rubric's criteria; `none` where the eval set has no judge, `undefined` where its rubric
 * could not be read.
 */
export type KnownCriteria = ReadonlySet<string> | 'none' | undefined

/** Criteria with one name: nobody could tell their votes apart in a report. */
export function checkRubric({ criteria }: Rubric): readonly Finding[] {
  const earlier = new Set<string>()
  return criteria.flatMap(({ id }, index) => {
    const isRepeated = earlier.has(id)
    earlier.add(id)
    const message = `there is a criterion ${quote(id)} above already`
    return isRepeated ? [{ path: ['criteria', index, 'id'], message }] : []
  })
}

/** What a case asks of a judge that is not there, and what no judge may decide by itself. */
export function checkJudged({ expect }: WrittenCase, known: KnownCriteria): readonly Finding[] {
  const { judge, ...others } = demandsOf(expect)
  if (judge === undefined) return []
  const path = ['expect', 'judge']
  if (known === 'none') {
    const hint = 'add `judge: { model: … }` to evalset.yaml and the criteria to rubric.yaml'
    return [{ path, message: 'the eval set has no judge', hint }]
  }
  const isAlone = Object.values(others).every((part) => part === undefined)
  return [
    ...(isAlone ? [aloneFinding] : []),
    ...judge.flatMap((id, index) => {
      const at = [...path, index]
      if (judge.indexOf(id) !== index) return [{ path: at, message: `${quote(id)} stands twice` }]
      if (known === undefined || known.has(id)) return []
      return [{ path: at, message: unknownName('criterion', id, known) }]
    }),
  ]
}

const aloneFinding: Finding = {
  path: ['expect', 'judge'],
  at: 'key',
  message: 'a judge never decides alone, and this case has nothing else to be judged by',
  hint: 'add what can be computed: an effect, evidence of looking, words that must be said',
}
