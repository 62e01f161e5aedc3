import { listed } from '../../../report/format.ts'
import type { Candidate } from '../../../schema/candidate.ts'
import { type Check, failuresOf } from '../check.ts'

/** Whether the agent under test can be read. */
export const candidatesCheck: Check = {
  id: 'candidates',
  run: ({ sets }) =>
    sets.flatMap(({ candidate, name }) => {
      if (candidate === undefined) return []
      if (!candidate.ok) return failuresOf(candidate.error, name)
      const message = describe(candidate.value.candidate)
      return [{ status: 'ok', about: name, message }]
    }),
}

function describe({ models, name, target }: Candidate): string {
  if (target !== undefined) return `${name}, an agent of its own`
  const tiers = Object.entries(models).map(([tier, model]) => `${tier} is ${model}`)
  return `${name}; ${tiers.length === 0 ? 'it names no model' : listed(tiers, 4)}`
}
