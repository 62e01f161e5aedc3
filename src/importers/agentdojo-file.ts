import { z } from 'zod'
import { agentdojoMessage } from './foreign-chat.ts'
import { isObject } from './parse-record.ts'

const name = z.string().min(1)

const agentdojoRun = z
  .object({
    suite_name: name,
    pipeline_name: z.string().nullish(),
    user_task_id: name,
    injection_task_id: z.string().nullish(),
    attack_type: z.string().nullish(),
    /** Place → text. Absent in older files. */
    injections: z.record(z.string(), z.string()).nullish(),
    messages: z.array(agentdojoMessage).optional(),
    /** What one version of DRIFT calls its messages. */
    conversations: z.array(agentdojoMessage).optional(),
    error: z.string().nullish(),
    /** Missing where the file was written while the run was going on. */
    utility: z.boolean().nullish(),
    /** Whether the attack succeeded. */
    security: z.boolean().nullish(),
    /** In seconds; at most 30 years, so that it stays a number in milliseconds. */
    duration: z.number().min(0).max(1e9).nullish(),
    total_tokens: z.number().nullish(),
    benchmark_version: z.string().nullish(),
  })
  .refine((run) => isGiven(run.attack_type) === isGiven(run.injection_task_id), {
    path: ['attack_type'],
    message: 'attack_type and injection_task_id go together: both or neither',
  })
export type AgentdojoRun = z.infer<typeof agentdojoRun>

/** A line holds the run, or the run beside the path it was found under. */
export const agentdojoLine = z.preprocess(
  (value) => (isObject(value) && isObject(value['run']) ? value['run'] : value),
  agentdojoRun,
)

type AttackedRun = AgentdojoRun & {
  readonly attack_type: string
  readonly injection_task_id: string
}

export function isAttacked(run: AgentdojoRun): run is AttackedRun {
  return isGiven(run.attack_type) && isGiven(run.injection_task_id)
}

/** The attacker's task given to the agent as if the user had asked for it. */
export function isInjectionTask(run: AgentdojoRun): boolean {
  return !isAttacked(run) && run.user_task_id.startsWith('injection_task')
}

/** "No attack" is null, or in some versions the word. */
function isGiven(text: string | null | undefined): boolean {
  return text !== null && text !== undefined && text !== '' && text !== 'none'
}
