import { describe, expect, it } from 'vitest'
import { type CliResult, folderWith, runCli } from '../run-cli.ts'
import { smallProject } from '../small-set.ts'

const cases = Array.from(
  { length: 240 },
  (_, at) => `
- id: status.a-case-with-a-name-of-some-length-${at}
  ask: What did O-2 cost?
  expect:
    evidence: [{ tool: orders.get, args: { id: O-2 } }]
    says: [{ any: '\\b90\\b', max_distinct: 2 }]
  oracle:
    - { call: orders.get, args: { id: O-2 } }
    - { say: "O-2 cost $90." }
`,
).join('')
const cwd = folderWith({ ...smallProject, 'set/cases/behavioral/status.yaml': cases })

/** As CI runs it, with a clock on which every trial takes half a second. */
async function runInCi(...more: readonly string[]): Promise<CliResult> {
  let ms = 0
  const env = { CI: 'true', FORCE_COLOR: '' }
  const argv = ['run', '--allow-unlinted', '-n', '2', '--baseline', 'none', ...more]
  return runCli(argv, { cwd, env, nowMs: () => (ms += 250) })
}

function linesOf({ stderr, stdout }: CliResult): readonly string[] {
  return `${stdout}${stderr}`.trimEnd().split('\n')
}

describe('a run of 240 cases in CI', () => {
  it.each([
    ['that go well', []],
    ['of which every one fails', ['--candidate', 'set/agents/mute.yaml']],
  ])('%s prints fewer than 200 lines, none of them painted', async (_, candidate) => {
    const result = await runInCi(...candidate)
    expect(linesOf(result).length, result.stderr).toBeLessThan(200)
    expect(result.stdout + result.stderr).not.toMatch(/[\r\u001b]/)
    // Ten tenths of the trials, and the heading.
    expect(result.stderr.match(/^ *\d+ % {2}/gm)).toHaveLength(10)
    expect(result.stderr).toMatch(/^agent-eval \S+ {2}set {2}242 cases x 2 trials/)
  })
})

describe('an 80-column terminal', () => {
  it.each([
    ['good', []],
    ['mute', ['--candidate', 'set/agents/mute.yaml']],
  ])('gets no longer line of a %s agent, but commands and paths', async (_, candidate) => {
    const small = folderWith(smallProject)
    const argv = ['run', '-n', '3', '--no-color', ...candidate]
    expect((await runCli(['run', '-n', '3', '-q', '--no-gate'], { cwd: small })).exitCode).toBe(0)
    await runCli(['baseline', 'update'], { cwd: small })
    const result = await runCli(argv, { cwd: small, isTTY: false })
    const tooLong = linesOf(result).filter((line) => Array.from(line).length > 80)
    expect(tooLong.filter((line) => !line.includes('npx agent-eval'))).toEqual([])
  })
})
