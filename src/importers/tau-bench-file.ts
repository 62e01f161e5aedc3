import { z } from 'zod'
import { jsonValue } from '../schema/json.ts'
import { openAiMessage } from './foreign-chat.ts'
import { arrayElements } from './json-array.ts'
import { parseRecord } from './parse-record.ts'
import { inputError, type Place } from './place.ts'

export const expectedFile = 'expected a τ-bench result: a JSON array of runs'

/** What defines a task; keys that only describe it (annotators, ids) do not change it. */
const task = z.object({
  user_id: z.string().default(''),
  instruction: z.string().default(''),
  actions: z.array(jsonValue).default([]),
  outputs: z.array(jsonValue).default([]),
})

const flag = z.union([z.number(), z.boolean()]).nullish()

const rewardInfo = z.object({
  info: z
    .object({
      r_actions: flag,
      r_outputs: flag,
      outputs: z.record(z.string(), z.boolean()).nullish(),
    })
    .nullish(),
})

const tauRun = z.object({
  task_id: z.int().min(0),
  trial: z.int().min(0),
  reward: z
    .number()
    .min(0)
    .max(1 + 1e-6),
  info: z.object({
    task: task.optional(),
    /** `null`: the run stopped before it was scored. Absent: nothing is known. */
    reward_info: rewardInfo.nullish(),
    error: z.string().nullish(),
    user_cost: z.number().nullish(),
  }),
  traj: z.array(openAiMessage),
})

export type RewardParts = z.infer<typeof rewardInfo>['info']
export type TauRun = z.infer<typeof tauRun> & { readonly place: Place }

/**
 * Every run of a file, by task and recorded trial.
 *
 * Twice the same trial of a task is refused: whether one is a copy of the other, a retry, or a
 * repetition that lost its number cannot be seen, and each would count differently.
 *
 * @throws AgentEvalError `input` with line and index where the file is not what it should be
 */
export function readTauRuns(text: string, file: string): readonly TauRun[] {
  const byKey = new Map<string, TauRun>()
  for (const element of arrayElements(text.replace(/^\ufeff/, ''), file, expectedFile)) {
    const run = { ...parseRecord(tauRun, element.text, element.place), place: element.place }
    const key = `task ${run.task_id}, trial ${run.trial}`
    const before = byKey.get(key)
    if (before !== undefined) {
      throw inputError(
        element.place,
        `${key} stands on line ${before.place.line} already`,
        'give every repetition its own trial number, and every configuration its own file',
      )
    }
    byKey.set(key, run)
  }
  if (byKey.size === 0) throw inputError({ file, line: 1 }, `${expectedFile}, found an empty one`)
  return [...byKey.values()].sort((a, b) => a.task_id - b.task_id || a.trial - b.trial)
}
