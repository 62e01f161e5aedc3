import { readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { wantsColour } from '../../../src/cli/print/print-result.ts'
import { folderWith, runCli } from '../run-cli.ts'
import { smallProject } from '../small-set.ts'
import { fakeTerminal } from './fake-terminal.ts'

it.each([
  // Terminal, environment, flag, and whether there is colour.
  [true, {}, undefined, true],
  [false, {}, undefined, false],
  [true, { TERM: 'dumb' }, undefined, false],
  [true, { NO_COLOR: '1' }, undefined, false],
  [true, { NO_COLOR: '' }, undefined, true],
  [false, { FORCE_COLOR: '1' }, undefined, true],
  [false, { FORCE_COLOR: 'true' }, undefined, true],
  [true, { FORCE_COLOR: '0' }, undefined, false],
  [true, { FORCE_COLOR: 'false' }, undefined, false],
  [false, { FORCE_COLOR: '1', TERM: 'dumb' }, undefined, true],
  [true, { NO_COLOR: '1', FORCE_COLOR: '1' }, undefined, false],
  [false, { NO_COLOR: '1' }, true, true],
  [true, { FORCE_COLOR: '1' }, false, false],
] as const)('terminal %s, %j, flag %s: %s', (isTTY, env, color, expected) => {
  const { io } = fakeTerminal({ env })
  const stdout = { ...io.stderr, isTTY }
  expect(wantsColour({ ...io, stdout }, color === undefined ? {} : { color })).toBe(expected)
})

const escapes = /\u001b\[[\d;]*m/g

it.each(['report', 'show', 'lint'])('%s says in words what it says in colours', async (command) => {
  const cwd = folderWith(smallProject)
  const argv = ['run', '-n', '2', '-q', '--no-gate', '--candidate', 'set/agents/mute.yaml']
  expect((await runCli(argv, { cwd })).exitCode).toBe(0)
  const [run = ''] = readdirSync(path.join(cwd, 'agent-eval-results')).filter(
    (one) => one !== 'lint',
  )
  const words = [command, ...(command === 'lint' ? [] : [`agent-eval-results/${run}`])]
  const plain = await runCli(words, { cwd, isTTY: true, env: { NO_COLOR: '1' } })
  const painted = await runCli(words, { cwd, env: { FORCE_COLOR: '1' } })
  expect(plain.stdout).not.toMatch(escapes)
  expect(painted.stdout).toMatch(escapes)
  expect(painted.stdout.replace(escapes, '')).toBe(plain.stdout)
})
