import { z } from 'zod'
import { runMetricsOf } from '../../src/metrics/run-metrics.ts'
import type { CaseStats } from '../../src/schema/case-stats.ts'
import type { Verdict } from '../../src/schema/verdict.ts'
import { hashOf } from '../../src/text/hash.ts'
import { aCaseStats } from '../builders/case-stats.ts'
import { decided } from '../gate/arms.ts'
import { rounded } from './run-figures.ts'
import { unpackJson } from './unpack-archive.ts'

const sql = (name: string): readonly string[] => [`data/results/sql/${name}_10_turns.json`]

/** The files of each configuration: one, or one a file system. */
const files = {
  'gpt-4': sql('gpt-4/ic_sql_multiturn_gpt-4'),
  'gpt-4, 1 turn': ['data/results/sql/gpt-4/ic_sql_multiturn_gpt-4_1_turns.json'],
  'gpt-3.5': sql('gpt-3.5/ic_sql_multiturn_gpt-3.5'),
  'gpt-3.5, hint': ['data/results/sql/gpt-3.5/ic_sql_multiturn_gpt-3.5_10_turns_handicap.json'],
  'gpt-3.5, ReAct': sql('gpt-3.5/ic_sql_react'),
  'text-davinci-003': sql('text-davinci-003/ic_sql_multiturn_text-davinci-003'),
  'gpt-4, bash': [1, 2, 3, 4].map(
    (system) => `data/results/bash/gpt-4/ic_bash_multiturn_gpt-4_10_turns_fs_${system}.json`,
  ),
} as const

export type InterCodeAgent = keyof typeof files
export const interCodeAgents = Object.keys(files) as readonly InterCodeAgent[]

const attempts = z.record(
  z.string(),
  z.object({
    query: z.string(),
    turn_history: z.object({ rewards: z.array(z.number()) }),
    summary: z.object({ max_reward: z.number() }),
  }),
)

let read: ReadonlyMap<string, readonly CaseStats[]> | undefined

/**
 * One case a task, with its single trial. A task is solved when some turn's reward is 1.
 *
 * The query is the definition: rows that are no longer the same task would not be compared.
 */
export function interCode(agent: InterCodeAgent): readonly CaseStats[] {
  read ??= readAll()
  return read.get(agent) ?? []
}

/** Tasks, success rate, and the bounds of its 95 % interval. */
export function interCodeSuccess(agent: InterCodeAgent): readonly (number | undefined)[] {
  const { ciLower, ciUpper, n, rate } = runMetricsOf([], interCode(agent)).tsr
  return [n, ...[rate, ciLower, ciUpper].map((value) => rounded(value, 3))]
}

/** What the gate says of one configuration after another. */
export function interCodeVerdict(baseline: InterCodeAgent, candidate: InterCodeAgent): Verdict {
  return decided({ baseline: interCode(baseline), candidate: interCode(candidate) })
}

function readAll(): ReadonlyMap<string, readonly CaseStats[]> {
  const members = Object.values(files).flat()
  const documents = unpackJson('intercode/intercode-results.tar.xz', members)
  const byMember = new Map(members.map((member, index) => [member, documents[index]]))
  return new Map(
    Object.entries(files).map(([agent, own]) => [
      agent,
      own.flatMap((member, part) => casesOf(byMember.get(member), part)),
    ]),
  )
}

function casesOf(document: unknown, part: number): readonly CaseStats[] {
  return Object.entries(attempts.parse(document)).map(
    ([task, { query, summary, turn_history }]) => {
      const best = Math.max(0, ...turn_history.rewards)
      if (best !== summary.max_reward)
        throw new Error(`task ${task}: max_reward is not the maximum`)
      return aCaseStats({
        id: `part-${part}.task-${task.padStart(4, '0')}`,
        definitionHash: hashOf(query),
        scored: 1,
        passed: best === 1 ? 1 : 0,
        // No policy judged these runs.
        judged: 0,
      })
    },
  )
}
