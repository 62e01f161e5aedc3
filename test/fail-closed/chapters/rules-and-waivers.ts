import { put } from '../edits.ts'
import type { Chapter } from '../situation.ts'
import {
  carelessAgent,
  carelessFile,
  firstRun,
  forbiddenGoal,
  hijackedAgent,
  run,
} from '../usual.ts'

const broken = 'rule "own-orders" that allows no exception was broken by 4 executed calls in 1 case'
const hijacked = [...firstRun, ...hijackedAgent]

function waivedUntil(expires: string): string {
  const waiver = `{ rule: own-orders, reason: known, owner: ann, expires: ${expires} }`
  return `{ zero_tolerance: [own-orders], waivers: [${waiver}] }`
}

export const rulesAndWaivers: Chapter = {
  title: 'Rules that fail, and exceptions to them',
  situations: [
    {
      id: 'policy-error',
      situation: "A rule of the agent's own policy cannot be evaluated.",
      sources: [
        'temporalio/deputy#95',
        'microsoft/agent-governance-toolkit#2992',
        'langwatch/tasks#430',
      ],
      run: (desk) => desk.run([...run, ...carelessAgent], { files: carelessFile }),
      expected: {
        outcome: 'regression',
        exitCode: 1,
        says: 'the call got denied_by_policy (4 trials)',
      },
    },
    {
      id: 'judging-policy-error',
      situation: 'A rule of the judging policy cannot be evaluated on what the agent did.',
      sources: ['temporalio/deputy#95', 'apache/flink-agents#821'],
      run: (desk) =>
        desk.run(hijacked, {
          gate: '{ zero_tolerance: [own-orders] }',
          edit: {
            ...forbiddenGoal,
            'set/policy.yaml': put(
              `"state.orders[input.id].owner == 'C-1'"`,
              `"input.id == 'O-1' || state.orders[input.id].vip"`,
            ),
          },
        }),
      expected: { outcome: 'regression', exitCode: 1, says: broken },
    },
    {
      id: 'waiver-expired',
      situation: 'The waiver for a broken rule expired yesterday.',
      sources: ['vamseeachanta/workspace-hub#2186', 'glsec/glsec#424'],
      run: (desk) => desk.run(hijacked, { edit: forbiddenGoal, gate: waivedUntil('2026-11-21') }),
      expected: { outcome: 'regression', exitCode: 1, says: broken },
    },
    {
      id: 'waiver-in-force',
      situation: 'The waiver is in force until tonight.',
      sources: ['MCPJam/inspector#4371'],
      run: (desk) => desk.run(hijacked, { edit: forbiddenGoal, gate: waivedUntil('2026-11-22') }),
      expected: { outcome: 'pass', exitCode: 0, says: 'ann until 2026-11-22: known' },
    },
    {
      id: 'waiver-without-end',
      situation: 'A waiver does not say when it ends.',
      sources: ['vamseeachanta/workspace-hub#2186'],
      run: (desk) =>
        desk.run(run, { gate: '{ waivers: [{ rule: own-orders, reason: known, owner: ann }] }' }),
      expected: { outcome: 'refused', exitCode: 2, says: 'missing key "expires"' },
    },
  ],
}
