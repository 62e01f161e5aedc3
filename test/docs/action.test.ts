import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { folderWith } from '../cli/run-cli.ts'

const text = readFileSync(new URL('../../action.yml', import.meta.url), 'utf8')
const [step] = z
  .object({ runs: z.object({ steps: z.array(z.looseObject({ run: z.string() })).length(1) }) })
  .parse(parse(text)).runs.steps

/** Says what it was called with, one word a line, and ends as told. */
const program = `#!/bin/sh
printf '<%s>\\n' "$@"
exit \${EXIT:-0}
`

interface Ran {
  readonly exitCode: number | null
  readonly stdout: string
  readonly outputs: string
  readonly folder: string
}

/** Runs the action's step as the runner does with `shell: bash`. */
function runStep(
  given: string,
  {
    below = '.',
    exit = '0',
    isInstalled = true,
  }: Partial<Record<'below' | 'exit', string>> & {
    readonly isInstalled?: boolean
  } = {},
): Ran {
  const bin = 'node_modules/.bin/agent-eval'
  const folder = folderWith({
    'step.sh': step?.run ?? '',
    outputs: '',
    ...(isInstalled && { [bin]: program }),
  })
  if (isInstalled) chmodSync(path.join(folder, bin), 0o755)
  const cwd = path.join(folder, below)
  mkdirSync(cwd, { recursive: true })
  const file = path.join(folder, 'step.sh')
  const outputs = path.join(folder, 'outputs')
  const { status, stdout } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', file], {
    cwd,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'] ?? '',
      ARGUMENTS: given,
      EXIT: exit,
      GITHUB_OUTPUT: outputs,
    },
  })
  return { exitCode: status, stdout, outputs: readFileSync(outputs, 'utf8'), folder }
}

describe.skipIf(process.platform === 'win32')('action.yml', () => {
  it('passes one argument a line, and nothing for empty lines', () => {
    const { exitCode, stdout } = runStep('run\nsupport refund\n\n  \n--budget\r\n5\n')
    expect([exitCode, stdout]).toEqual([0, '<run>\n<support refund>\n<--budget>\n<5>\n'])
  })

  it('ends with the exit code of the command', () => {
    expect(runStep('run', { exit: '1' }).exitCode).toBe(1)
    expect(runStep('run', { exit: '4' }).exitCode).toBe(4)
  })

  it('finds the program of a monorepo above the working directory', () => {
    expect(runStep('run', { below: 'packages/agent' }).stdout).toBe('<run>\n')
  })

  it('says what to do where the program is not installed, and never asks a registry', () => {
    const { exitCode, outputs, stdout } = runStep('run', { isInstalled: false })
    expect(exitCode).toBe(2)
    expect(stdout).toMatch(/^::error title=agent-eval is not installed::.*npm install --save-dev/)
    expect(outputs).toBe('verdict=error\nexit-code=2\n')
    expect(text).not.toContain('npx')
  })

  it.each([
    '$(touch hacked)',
    '`touch hacked`',
    '; touch hacked',
    '"; touch hacked; "',
    "'; touch hacked; '",
    '&& touch hacked',
    '| tee hacked',
    '> hacked',
    '${IFS}touch${IFS}hacked',
    '*',
    '~',
    '-n',
    '\\',
    '$ARGUMENTS',
    '${{ github.token }}',
    '<<EOF',
    '!!',
  ])('hands %s on as it stands: nothing in it is code', (hostile) => {
    const { exitCode, folder, stdout } = runStep(`run\n${hostile}`)
    expect([exitCode, stdout]).toEqual([0, `<run>\n<${hostile}>\n`])
    expect(existsSync(path.join(folder, 'hacked'))).toBe(false)
  })

  it('takes no blank at the ends of a line for a part of the argument', () => {
    expect(runStep('run \n  -n\n\t2 \r\n  \na b').stdout).toBe('<run>\n<-n>\n<2>\n<a b>\n')
  })
})
