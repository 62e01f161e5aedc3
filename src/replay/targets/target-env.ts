import type { TargetSettings } from '../../schema/candidate.ts'
import type { OutsideTask } from '../outside-task.ts'
import type { Doors } from '../outside-trial.ts'
import type { TargetPorts } from './target.ts'

/** What programs need to run at all. No key is among them: those are passed on by name only. */
const plainNames = [
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'TERM', 'TZ', 'TMPDIR', 'TMP', 'TEMP'],
  ...['LANG', 'LC_ALL', 'LC_CTYPE', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS'],
  ...['SystemRoot', 'SYSTEMROOT', 'ComSpec', 'PATHEXT', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA'],
]

/** Clients refuse to start without a key; whoever stands behind the door needs none. */
const noKey = 'agent-eval'

/** A longer variable would keep the program from starting: systems allow 128 KiB each. */
const longestTask = 100_000

/** The environment of a program that is started for an agent: nothing is inherited but what is named. */
export function targetEnv(
  { env = {}, pass_env = [] }: Pick<TargetSettings, 'env' | 'pass_env'>,
  { outside }: Pick<TargetPorts, 'outside'>,
): Record<string, string> {
  const passed = [...plainNames, ...pass_env].flatMap((name) => {
    const value = outside.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...Object.fromEntries(passed), ...env }
}

/** The doors of a trial as variables that clients of models and tools know. */
export function doorsEnv(doors: Doors): Record<string, string> {
  return {
    AGENT_EVAL_MCP_URL: plainMcpUrl(doors),
    OPENAI_BASE_URL: doors.openaiBaseUrl,
    OPENAI_API_KEY: noKey,
    ANTHROPIC_BASE_URL: doors.anthropicBaseUrl,
    ANTHROPIC_API_KEY: noKey,
  }
}

/** With the dots of our tools' names many model services refuse a request. */
export function plainMcpUrl({ mcpUrl }: Doors): string {
  return `${mcpUrl}?names=plain`
}

/** The task as variables. Of one that is too long for that the tools are left out, then all of it. */
export function taskEnv(task: OutsideTask): Record<string, string> {
  const { tools, ...rest } = task
  const texts = [JSON.stringify(task), JSON.stringify({ ...rest, tools: tools.slice(0, 0) })]
  const fitting = texts.find((text) => new TextEncoder().encode(text).length <= longestTask)
  return {
    AGENT_EVAL_TRIAL: task.trial,
    ...(fitting !== undefined && { AGENT_EVAL_TASK: fitting }),
  }
}
