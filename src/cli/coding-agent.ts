import type { Io } from './io.ts'

/**
 * Variables that coding agents set in the shells they open. Those that people set to configure an agent
 * (`GOOSE_PROVIDER`, `AIDER_MODEL`) or that a place sets for everybody in it (`REPL_ID`) are not among
 * them: a person would lose the bar.
 *
 * @see unjs/std-env src/agents.ts and vercel/vercel packages/detect-agent, which read the process themselves
 */
const marks = [
  // What several of them have agreed on.
  'AI_AGENT',
  'ANTIGRAVITY_AGENT',
  'AUGMENT_AGENT',
  'CLAUDECODE',
  'CLAUDE_CODE',
  'CLINE_ACTIVE',
  'CODEX_CI',
  'CODEX_SANDBOX',
  'CODEX_THREAD_ID',
  'COPILOT_AGENT',
  'COPILOT_CLI',
  'CURSOR_AGENT',
  'GEMINI_CLI',
  'OPENCODE',
  'OPENCODE_CLIENT',
  'TRAE_AI_SHELL_ID',
]

/** Whether a coding agent reads what we print, which pays for every line and answers no question. */
export function isDrivenByAgent(env: Io['env']): boolean {
  return marks.some((name) => (env[name] ?? '').trim() !== '')
}
