import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { EventBody } from '../../src/schema/trace.ts'
import { type CliResult, runCli, writeFiles } from '../cli/run-cli.ts'
import { readEvents, readLines, readResult, runFolder } from '../real-models/read-results.ts'
import { candidateFile, fromGuide, root, shopWith } from './shop.ts'

const env = { PATH: process.env['PATH'] ?? '' }
const refunds = 'outcome/refund-full.yaml'
const knife = 'refund.damaged.full[knife]'

/** Each trial by its case, and what became of it. */
function outcomesOf(cwd: string): Readonly<Record<string, string>> {
  return Object.fromEntries(readLines(cwd).map(({ case: id, outcome }) => [id, outcome]))
}

/** The policy's own decisions on one tool: each with the rules that decided. */
function decisionsOf(cwd: string, trial: string, tool: string): readonly unknown[] {
  const events = readEvents(cwd, trial)
  const proposed = events.filter((event) => event.type === 'tool.proposed')
  const ids = new Set(proposed.filter((one) => one.tool === tool).map(({ callId }) => callId))
  return events
    .filter((event) => event.type === 'policy.decision')
    .filter(({ callId, source }) => source === 'policy' && ids.has(callId))
    .map(({ decision, rules }) => [decision, rules.map((rule) => `${rule.id}: ${rule.decision}`)])
}

function proposalsOf(events: readonly EventBody[]): readonly unknown[] {
  return events
    .filter((event) => event.type === 'tool.proposed')
    .map(({ ordinal, tool, turn }) => [turn, ordinal, tool])
}

const hasPython = spawnSync('python3', ['-c', '']).status === 0

describe.runIf(hasPython)('the Python agent of the guide', () => {
  it('talks, calls in parallel, is stopped by the policy, and passes what it can do', async () => {
    const cwd = shopWith(
      { cases: [refunds, 'behavioral/asking.yaml'] },
      fromGuide('agents/agent.py', 'agents/python.yaml'),
    )
    const chosen = ['knife', 'skillet'].flatMap((one) => ['--case', `refund.damaged.full[${one}]`])
    const asked = ['kim', 'nora'].flatMap((one) => ['--case', `ask.order-number[${one}]`])
    const argv = ['run', '--candidate', 'agents/python.yaml', '-n', '1', ...chosen, ...asked]
    const { exitCode, stdout } = await runCli(argv, { cwd, env })
    expect(exitCode).toBe(0)
    expect(outcomesOf(cwd)).toEqual({
      [knife]: 'pass',
      // More than the candidate's own policy lets through.
      'refund.damaged.full[skillet]': 'fail',
      'ask.order-number[kim]': 'pass',
      // The wrong item is no damage, but this agent does not ask.
      'ask.order-number[nora]': 'fail',
    })
    expect(readResult(cwd).metrics.tsr).toMatchObject({ rate: 0.5, n: 4 })
    // Nothing was seen of a model, and nothing is not free.
    expect(stdout).toContain('unknown cost: no model call of the agent was seen')
    expect(decisionsOf(cwd, `${knife}#1`, 'payments.issue_refund')).toEqual([
      ['allow', ['verified_first: allow', 'refund_cap: allow']],
    ])
    expect(decisionsOf(cwd, 'refund.damaged.full[skillet]#1', 'payments.issue_refund')).toEqual([
      ['deny', expect.arrayContaining(['refund_cap: deny'])],
    ])

    const talk = readEvents(cwd, 'ask.order-number[kim]#1')
    const said = talk.filter((event) => event.type === 'message' && event.role !== 'system')
    expect(said.map((event) => event.type === 'message' && [event.turn, event.role])).toEqual([
      [1, 'user'],
      [1, 'assistant'],
      [2, 'user'],
      [2, 'assistant'],
    ])
    // Two calls that were proposed together share a step; the third one came after their results.
    const proposals = proposalsOf(talk) as [number, number, string][]
    const step = proposals[0]?.[1] ?? -1
    expect(proposals).toEqual([
      [2, step, 'crm.verify_customer'],
      [2, step, 'orders.get_status'],
      [2, step + 1, 'payments.issue_refund'],
    ])
  })
})

/** A project with the shell agent under each of its names. */
function shellShop(): string {
  const script = readFileSync(path.join(root, 'test/own-agents/agents/refund.sh'), 'utf8')
  const agent = (...args: readonly string[]): string =>
    candidateFile({
      target: { command: ['sh', 'refund.sh', ...args], timeout_seconds: 20 },
      policy: {
        rules: [
          {
            id: 'verified_first',
            tool: 'payments.issue_refund',
            condition: "calls.exists(c, c.tool == 'crm.verify_customer')",
          },
        ],
      },
    })
  return shopWith(
    { cases: [refunds] },
    {
      'agents/refund.sh': script,
      'agents/careful.yaml': agent('careful'),
      'agents/careless.yaml': agent('careless'),
      'agents/crash.yaml': agent('careful', 'crash'),
      'agents/hang.yaml': agent('careful', 'hang').replace('20', '0.5'),
      'agents/stray.yaml': agent('careful', 'stray'),
    },
  )
}

function runShell(cwd: string, name: string, ...argv: readonly string[]): Promise<CliResult> {
  const candidate = `agents/${name}.yaml`
  return runCli(['run', '--candidate', candidate, '-n', '1', '-q', ...argv], { cwd, env })
}

describe('a plain shell script', () => {
  it('passes what it does right, and nothing else', async () => {
    const cwd = shellShop()
    const { exitCode } = await runShell(cwd, 'careful', '-g', 'refunded in full|T-3001')
    expect(exitCode).toBe(0)
    const outcomes = outcomesOf(cwd)
    expect(outcomes[knife]).toBe('pass')
    // Nobody named an order here, and it does not read tickets.
    expect(outcomes['refund.ticket.keyed[lunchbox]']).toBe('fail')
    expect(Object.keys(outcomes)).toHaveLength(8)
    expect(decisionsOf(cwd, `${knife}#1`, 'payments.issue_refund')).toEqual([
      ['allow', ['verified_first: allow']],
    ])
  })

  it('is denied what the policy denies', async () => {
    const cwd = shellShop()
    await runShell(cwd, 'careless', '--case', knife)
    expect(outcomesOf(cwd)).toEqual({ [knife]: 'fail' })
    expect(decisionsOf(cwd, `${knife}#1`, 'payments.issue_refund')).toEqual([
      ['deny', ['verified_first: deny']],
    ])
  })

  it.each([
    ['crash', 'agent_error', 'exited with code 3; stderr: no disk left; it had not replied'],
    ['hang', 'agent_error', 'no reply within 0.5 seconds'],
  ])('fails by a %s, and says by what', async (name, termination, message) => {
    const cwd = shellShop()
    const { exitCode } = await runShell(cwd, name, '--case', knife)
    expect(exitCode).toBe(0)
    expect(readLines(cwd)).toMatchObject([{ outcome: 'fail', termination }])
    const ends = readEvents(cwd, `${knife}#1`).filter((event) => event.type === 'trial.end')
    expect(ends).toMatchObject([{ termination, message }])
  })

  it('may print what it likes', async () => {
    const cwd = shellShop()
    await runShell(cwd, 'stray', '--case', knife)
    expect(outcomesOf(cwd)).toEqual({ [knife]: 'pass' })
  })

  it('that is not there ends nothing but the command: exit 2, no run', async () => {
    const cwd = shellShop()
    const missing = candidateFile({ target: { command: ['./refund-agent', 'x'] } })
    writeFiles(cwd, { 'agents/missing.yaml': missing })
    const { exitCode, stderr } = await runShell(cwd, 'missing')
    expect(exitCode).toBe(2)
    expect(stderr).toContain('the agent\'s program "./refund-agent" cannot be started')
    expect(() => runFolder(cwd)).toThrow('agent-eval-results')
  })

  it('goes on where a stopped run was, and not with other code', async () => {
    const cwd = shellShop()
    const run = ['run', '--candidate', 'agents/careful.yaml', '-q', '-j', '1', '-n', '1']
    const some = [...run, '-g', 'refunded in full']
    await runCli(some, {
      cwd,
      env,
      onListening: (send) => {
        const waiting = setInterval(() => {
          if (linesSoFar(cwd) < 2) return
          clearInterval(waiting)
          send('SIGINT')
        }, 5)
      },
    })
    const before = readLines(cwd)
    expect(before.length).toBeGreaterThanOrEqual(2)
    expect(before.length).toBeLessThan(7)

    const script = path.join(cwd, 'agents/refund.sh')
    const text = readFileSync(script, 'utf8')
    writeFiles(cwd, { 'agents/refund.sh': text.replace('is on its way', 'comes') })
    const refused = await runCli([...some, '--resume'], { cwd, env })
    expect(refused.exitCode).toBe(2)
    expect(refused.stderr).toContain('made with other inputs: provenance differs')

    writeFiles(cwd, { 'agents/refund.sh': text })
    const { exitCode } = await runCli([...some, '--resume'], { cwd, env })
    expect(exitCode).toBe(0)
    const after = readLines(cwd)
    expect(after).toHaveLength(7)
    expect(after.slice(0, before.length)).toEqual(before)
  })
})

function linesSoFar(cwd: string): number {
  try {
    return readLines(cwd).length
  } catch {
    return 0
  }
}
