import { describe, expect, it } from 'vitest'
import { agentdojo } from '../../src/importers/agentdojo.ts'
import { tauBench } from '../../src/importers/tau-bench.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import type { LintFigures } from '../../src/schema/lint-figures.ts'
import { aDojoRun, asLines, aTauRun, importText } from './builders.ts'

/** A run of each task, by its reference actions and its required outputs. */
function silentAgentOf(
  tasks: readonly (JsonObject | undefined)[],
  trials?: readonly number[],
): LintFigures['nullAgent'] {
  const runs = tasks.map((task, index) => ({
    ...aTauRun({ task_id: index, trial: index % 2 }),
    info: { reward_info: null, ...(task !== undefined && { task }) },
  }))
  const text = JSON.stringify(runs)
  return importText(tauBench, text, { ...(trials !== undefined && { trials }) }).lint?.nullAgent
}

const actions = (...names: readonly string[]): JsonObject => ({
  actions: names.map((name) => ({ name, kwargs: {} })),
})
const silent = (passed: number, scored: number) => ({ id: 'silent', passed, scored })

describe('what a silent agent scores', () => {
  it('is every task whose reference writes nothing and needs no output', () => {
    expect(
      silentAgentOf([
        {},
        actions('get_order_details', 'think', 'transfer_to_human_agents'),
        actions('get_user_details', 'cancel_reservation'),
        actions('return_delivered_order_items'),
        { outputs: ['54.04'] },
      ]),
    ).toEqual(silent(2, 5))
  })

  it('counts tasks, not trials', () => {
    const run = (trial: number): JsonObject => aTauRun({ trial })
    const text = JSON.stringify([run(0), run(1), run(2)])
    expect(importText(tauBench, text).lint).toEqual({ nullAgent: silent(1, 1) })
  })

  it('is not known where a task or a tool is not', () => {
    expect(silentAgentOf([{}, undefined])).toBeUndefined()
    expect(silentAgentOf([{}, actions('open_account')])).toBeUndefined()
    expect(silentAgentOf([{}, { actions: ['cancel_reservation'] }])).toBeUndefined()
    expect(silentAgentOf([{}, { actions: [{ name: 7 }] }])).toBeUndefined()
  })

  it('is not known of a recording that holds no reference', () => {
    expect(importText(agentdojo, asLines(aDojoRun()))).not.toHaveProperty('lint')
  })
})
