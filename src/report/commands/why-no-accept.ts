import type { Subject } from '../subject.ts'

/** Whoever looks for the command that accepts a broken rule is told that there is none. */
export function whyNoAccept({ verdict }: Subject): readonly string[] {
  if (verdict?.status !== 'regression') return []
  const isBroken = verdict.facts.some(
    ({ kind, waivedBy }) => kind !== 'limit' && waivedBy === undefined,
  )
  if (!isBroken) return []
  return [
    'no baseline accepts a broken rule of this kind; only an entry in gate.waivers does, with a reason and an end date',
  ]
}
