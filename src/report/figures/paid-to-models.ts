import type { RunMetrics } from '../../schema/run-metrics.ts'

/** Who asks models, in words. Tools and people of a simulated world are paid by nobody. */
const askers = [
  ['agent', 'agent'],
  ['router', 'router'],
  ['user_simulator', 'simulated user'],
  ['judge', 'judge'],
] as const

/** What was paid for the answers that one role got. */
interface Paid {
  readonly role: string
  readonly amount: number
}

/** What was really paid to model services, by who asked; empty where nobody recorded anything. */
export function paidToModels({ spentUsd }: Pick<RunMetrics, 'spentUsd'>): readonly Paid[] {
  return askers.flatMap(([id, role]) => {
    const amount = spentUsd[id]
    return amount === undefined ? [] : [{ role, amount }]
  })
}
