import { expect, it } from 'vitest'
import { progressMode } from '../../../src/cli/progress/progress-mode.ts'

it.each([
  [{}, true, 'live'],
  [{}, false, 'lines'],
  [{ TERM: 'dumb' }, true, 'lines'],
  [{ TERM: 'xterm-256color' }, true, 'live'],
  [{ CI: 'true' }, true, 'lines'],
  [{ CI: '' }, true, 'live'],
  [{ CLAUDECODE: '1' }, true, 'failures'],
  [{ CURSOR_AGENT: '1' }, false, 'failures'],
  [{ GEMINI_CLI: '1', CI: 'true' }, false, 'failures'],
  [{ AI_AGENT: 'some-agent@2' }, true, 'failures'],
  [{ AI_AGENT: '  ' }, true, 'live'],
  // Settings that people export for themselves are no sign that an agent is at work.
  [{ AIDER_MODEL: 'x', GOOSE_PROVIDER: 'y', REPL_ID: 'z' }, true, 'live'],
] as const)('%j with a terminal: %s means %s', (env, isTTY, mode) => {
  expect(progressMode({ env, stderr: { isTTY } })).toBe(mode)
  expect(progressMode({ env, stderr: { isTTY } }, true)).toBe('silent')
})
