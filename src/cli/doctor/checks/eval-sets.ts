import { plural } from '../../../report/format.ts'
import { type Check, failuresOf } from '../check.ts'
import { gatingCases } from '../gating-cases.ts'

/** Whether every eval set loads, and how much of it gates. */
export const evalSetsCheck: Check = {
  id: 'eval-sets',
  run: ({ sets }) =>
    sets.flatMap(({ evalSet, name }) => {
      if (!evalSet.ok) return failuresOf(evalSet.error, name)
      const { loaded } = evalSet.value
      const gating = gatingCases(loaded).length
      const { id, version } = loaded.file
      const message = `${id} ${version}: ${gating} of ${plural(loaded.cases.length, 'case')} gate`
      if (gating > 0) return [{ status: 'ok', about: name, message }]
      const fix = 'give a case an oracle, and neither status: draft nor a split of its own'
      return [{ status: 'fail', about: name, message: `${message}, so nothing can fail`, fix }]
    }),
}
