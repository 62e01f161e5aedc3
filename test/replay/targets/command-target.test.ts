import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { told } from '../builders.ts'
import { jsonl, type OpenedTarget, openedTarget, playOnce, repliesOf } from './play-target.ts'

const node = process.execPath

/** A process that ended and that nobody has waited for yet still has its number. */
function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', `${pid}`], { encoding: 'utf8' })
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z')
}

let opened: OpenedTarget | undefined

afterEach(async () => {
  await opened?.close()
  opened = undefined
})

const settings = { command: [node, 'agent.mjs'] }
const agent = (body: string): Record<string, string> => ({ 'agent.mjs': jsonl + body })

/** Asks for its task, and answers each turn with what the function makes of it. */
const talk = (reply: string): string => `
  let turn = 0
  for (let message = await next(); message && message.type !== 'end'; message = await next()) {
    turn += 1
    send({ type: 'reply', text: await (${reply})(message, turn) })
  }
`

describe('an agent that is a program', () => {
  it('plays a trial of several turns in one process', async () => {
    const ran = await playOnce(
      settings,
      agent(
        talk(`async (message, turn) => {
          const { value } = await call('pay.refund', { amount: turn }, { reason: 'asked' })
          return [process.pid, message.text ?? message.conversation[0].text, value.total].join(' ')
        }`),
      ),
      { turns: ['first', 'second', 'third'] },
    )
    expect(ran.end).toMatchObject({ termination: 'done' })
    const said = repliesOf(ran).map((reply) => reply.split(' '))
    expect(said.map(([, ...rest]) => rest)).toEqual([
      ['first', '1'],
      ['second', '3'],
      ['third', '6'],
    ])
    expect(new Set(said.map(([pid]) => pid)).size).toBe(1)
    expect(ran.of('tool.proposed')[0]).toMatchObject({ callId: '1', reason: 'asked', turn: 1 })
  })

  it('proposes several calls together', async () => {
    const ran = await playOnce(
      settings,
      agent(`
        await next()
        const both = [1, 2].map((amount) => ({ id: 'c' + amount, tool: 'pay.refund', args: { amount } }))
        send({ type: 'calls', calls: both })
        const results = [await next(), await next()]
        send({ type: 'reply', text: JSON.stringify(results.map(({ id, value }) => [id, value.total])) })
      `),
    )
    expect(JSON.parse(repliesOf(ran)[0] ?? '')).toEqual([
      ['c1', 1],
      ['c2', 3],
    ])
    expect(ran.of('tool.proposed').map(({ callId, ordinal }) => [callId, ordinal])).toEqual([
      ['c1', 0],
      ['c2', 0],
    ])
  })

  it('is started again for the next turn where it ends after its reply', async () => {
    const ran = await playOnce(
      settings,
      agent(`
        const { conversation, results = [] } = await next()
        if (conversation.length === 1) await call('crm.read')
        const said = conversation.map(({ role, text }) => role + ':' + text)
        process.stdout.write(JSON.stringify({ type: 'reply', text: said.join(' ') + results.length }))
        process.exit(0)
      `),
      { turns: ['a', 'b'] },
    )
    expect(ran.termination).toBe('done')
    expect(repliesOf(ran)).toEqual(['user:a0', 'user:a assistant:user:a0 user:b1'])
  })

  it('may say whatever else it likes', async () => {
    const ran = await playOnce(
      settings,
      agent(`
        await next()
        console.log('starting …')
        console.log('[1, 2]')
        console.log('{"type":')
        console.log('{"level":"info","msg":"a log of its own"}')
        send({ type: 'log', text: 'thinking' })
        process.stdout.write('x'.repeat(9_000_000) + '\\n')
        send({ type: 'reply', text: 'still here' })
      `),
    )
    expect(repliesOf(ran)).toEqual(['still here'])
    expect(ran.of('log')).toMatchObject([{ logId: 'log-line-1', text: 'thinking' }])
  })

  it('writes its own log through the rules about logs, in the order of what it does', async () => {
    const rules = [{ id: 'no_mail', sees: ['log' as const], never_says: ['@'] }]
    const ran = await playOnce(
      settings,
      agent(`
        await next()
        send({ type: 'log', text: 'asking' })
        send({ type: 'log', text: 'bob@example.com asks' })
        send({ type: 'log' })
        send({ type: 'log', text: 7 })
        send({ type: 'log', text: ' ' })
        await call('crm.read')
        console.error('stderr is no log')
        for (let line = 0; line < 300; line += 1) send({ type: 'log', text: 'x'.repeat(5000) })
        send({ type: 'reply', text: 'done' })
      `),
      { rules },
    )
    const logged = ran.of('log')
    expect(logged.slice(0, 2)).toMatchObject([
      { text: 'asking' },
      { text: 'bob@example.com asks', withheld: true },
    ])
    expect(logged[0]).not.toHaveProperty('withheld')
    expect(logged[2]?.text).toBe('x'.repeat(4_000))
    expect(logged).toHaveLength(201)
    expect(logged.at(-1)?.text).toBe('…')
    const types = ran.events.map(({ type }) => type)
    expect(types.indexOf('log')).toBeLessThan(types.indexOf('tool.proposed'))
    expect(ran.events.at(-1)).toMatchObject({ type: 'trial.end', termination: 'done' })
  })

  it('is warned with a result, and knows it when it is started again', async () => {
    const ran = await playOnce(
      settings,
      agent(`
        const { conversation, results = [] } = await next()
        const said = results.map(({ notice }) => notice)
        if (conversation.length === 1) {
          for (const each of [1, 2]) said.push((await call('pay.refund', { amount: each })).notice)
        }
        send({ type: 'reply', text: JSON.stringify(said.map((notice) => notice ?? null)) })
        process.exit(0)
      `),
      {
        plan: { budgets: { max_tool_calls: 4 } },
        candidate: { budgets: { soft_share: 0.5 } },
        turns: ['a', 'b'],
      },
    )
    const told = [null, 'budget: 2 of 4 tool calls used, 2 left']
    expect(repliesOf(ran).map((reply) => JSON.parse(reply) as unknown)).toEqual([told, told])
  })

  it('is told of calls that make no sense', async () => {
    const ran = await playOnce(
      settings,
      agent(`
        await next()
        const codes = []
        for (const odd of [
          { type: 'call' },
          { type: 'call', id: 7, tool: 'pay.refund', args: [1] },
          { type: 'call', id: { a: 1 }, tool: 'pay.refund', args: 'no json' },
          { type: 'calls', calls: ['x'] },
        ]) {
          send(odd)
          const { id, isError, value } = await next()
          codes.push(JSON.stringify(id) + isError + value.error.code)
        }
        send({ type: 'reply', text: codes.join(' ') })
      `),
    )
    expect(repliesOf(ran)).toEqual([
      'nulltrueunknown_tool 7trueinvalid_arguments {"a":1}trueinvalid_arguments nulltrueunknown_tool',
    ])
    expect(told(ran)).toHaveLength(4)
  })

  it('changes nothing by calls after its reply, or after the end', async () => {
    const ran = await playOnce(
      settings,
      agent(`
        await next()
        const late = { type: 'call', tool: 'pay.refund', args: { amount: 5 } }
        const reply = { type: 'reply', text: 'done' }
        process.stdout.write([reply, late, reply].map((one) => JSON.stringify(one)).join('\\n') + '\\n')
        while (await next()) send(late)
      `),
    )
    expect(ran.termination).toBe('done')
    expect(repliesOf(ran)).toEqual(['done'])
    expect(ran.of('tool.proposed')).toEqual([])
    expect(ran.state).toMatchObject({ refunds: [] })
  })

  it('sees no key of ours, and what it is given by name', async () => {
    const ran = await playOnce(
      { ...settings, env: { OWN: 'own' }, pass_env: ['PASSED'] },
      agent(talk('() => JSON.stringify(process.env)')),
      { env: { OPENAI_API_KEY: 'sk-marked-key', GITHUB_TOKEN: 'ghp_marked', PASSED: 'passed' } },
    )
    const [reply = ''] = repliesOf(ran)
    expect(reply).not.toContain('marked')
    const env = JSON.parse(reply) as Record<string, string>
    expect(env).toMatchObject({
      PATH: process.env['PATH'],
      OWN: 'own',
      PASSED: 'passed',
      OPENAI_API_KEY: 'agent-eval',
      ANTHROPIC_API_KEY: 'agent-eval',
    })
    expect(env['AGENT_EVAL_MCP_URL']).toMatch(
      /^http:\/\/127\.0\.0\.1:1\/[0-9a-f]{32}\/mcp\?names=plain$/,
    )
    expect(env['OPENAI_BASE_URL']).toMatch(/\/openai\/v1$/)
    expect(JSON.parse(env['AGENT_EVAL_TASK'] ?? '')).toMatchObject({
      trial: env['AGENT_EVAL_TRIAL'],
      prompt: 'Be brief.',
    })
    expect(env['AGENT_EVAL_TRIAL']).not.toContain('refund')
  })

  it('closes its doors when the trial is over', async () => {
    opened = await openedTarget(settings, agent(talk(`() => 'ok'`)))
    await opened.play()
    expect(opened.doors.size).toBe(0)
  })
})

describe('how a program can fail', () => {
  const failure = async (body: string, more: object = {}): Promise<readonly unknown[]> => {
    const { end } = await playOnce({ ...settings, ...more }, agent(body))
    return [end.termination, end.message]
  }

  it('by its exit, with the end of what it wrote to stderr', async () => {
    expect(await failure(`process.exit(0)`)).toEqual([
      'agent_error',
      'exited with code 0; it had not replied',
    ])
    expect(await failure(`console.log('hm'); throw new Error('no model')`)).toEqual([
      'agent_error',
      expect.stringMatching(
        /^exited with code 1; stderr: Error: no model \(agent\.mjs:\d+ .*\); it had not replied; it printed 1 line that is no message, the first: "hm" \(a program that prints plain text needs protocol: text\)$/,
      ),
    ])
    expect(await failure(`process.kill(process.pid, 'SIGSEGV')`)).toEqual([
      'agent_error',
      'was ended by SIGSEGV; it had not replied',
    ])
  })

  it('by saying nothing for too long', async () => {
    expect(await failure('setInterval(() => {}, 1000)', { timeout_seconds: 0.3 })).toEqual([
      'agent_error',
      'no reply within 0.3 seconds',
    ])
  })

  it('by plain text where messages are spoken, which its silence is explained by', async () => {
    const body = `console.log('Hello!'); console.log('Bye.'); setInterval(() => {}, 1000)`
    expect(await failure(body, { timeout_seconds: 0.4 })).toEqual([
      'agent_error',
      'no reply within 0.4 seconds; it printed 2 lines that are no message, the first: "Hello!" ' +
        '(a program that prints plain text needs protocol: text)',
    ])
  })

  it.each([
    ['{"type":"answer","text":"x"}', 'of unknown type "answer"; did you mean "reply"?'],
    ['{"type":"replay"}', 'of unknown type "replay"; did you mean "reply"?'],
    ['{"type":"tool_use"}', 'of unknown type "tool_use"; did you mean "call"?'],
    [
      '{"type":"heartbeat"}',
      'of unknown type "heartbeat"; an agent\'s messages are of type call, calls, reply, log',
    ],
    ['{"type":"reply","content":"x"}', 'of type "reply" without a text'],
    ['{"type":"calls","calls":[]}', 'of type "calls" without a list of calls'],
  ])('at once by a message that we do not know: %s', async (line, what) => {
    const body = `await next(); console.log('${line}'); setInterval(() => {}, 1000)`
    expect(await failure(body, { timeout_seconds: 20 })).toEqual([
      'agent_error',
      `printed a message ${what}`,
    ])
  })

  it('at once by a message that is longer than any, whether it ends or not', async () => {
    const body = `
      process.stdout.write('{"type":"reply","text":"')
      for (let i = 0; i < 5; i += 1) process.stdout.write('x'.repeat(1024 * 1024))
      setInterval(() => {}, 1000)`
    expect(await failure(body, { timeout_seconds: 40 })).toEqual([
      'agent_error',
      expect.stringContaining('it sent a message of more than 4 MiB'),
    ])
  }, 20_000)

  it('not by a long line that is no message', async () => {
    const ran = await playOnce(
      settings,
      agent(
        `await next(); console.log('x'.repeat(5 * 1024 * 1024)); send({ type: 'reply', text: 'done' })`,
      ),
    )
    expect(repliesOf(ran)).toEqual(['done'])
  })

  it('not by one after its reply, which nobody waits for', async () => {
    const lines = `'{"type":"reply","text":"ok"}\\n{"type":"done"}\\n'`
    expect(await failure(`await next(); process.stdout.write(${lines})`)).toEqual([
      'done',
      undefined,
    ])
  })

  it('together with all that it started', async () => {
    opened = await openedTarget(
      { command: ['sh', 'agent.sh'], timeout_seconds: 0.4 },
      {
        'agent.sh': `
          sh -c 'trap "" TERM; echo $$ > grandchild; while :; do sleep 0.05; done' &
          wait`,
      },
    )
    const { end } = await opened.play()
    expect(end.termination).toBe('agent_error')
    await opened.close()
    const pid = Number(readFileSync(path.join(opened.folder, 'grandchild'), 'utf8'))
    await expect.poll(() => isRunning(pid)).toBe(false)
  })

  it('by its budget, and is ended then', async () => {
    opened = await openedTarget(
      settings,
      agent(`
        import { writeFileSync } from 'node:fs'
        writeFileSync('pid', String(process.pid))
        await next()
        for (let amount = 1; ; amount++) await call('pay.refund', { amount })
      `),
    )
    const ran = await opened.play({ plan: { budgets: { max_tool_calls: 2 } } })
    expect(ran.end).toMatchObject({ termination: 'budget' })
    expect(ran.state).toMatchObject({ refunds: [1, 2] })
    await opened.close()
    const pid = Number(readFileSync(path.join(opened.folder, 'pid'), 'utf8'))
    await expect.poll(() => isRunning(pid)).toBe(false)
  })

  it('by its wall time', async () => {
    const ran = await playOnce(settings, agent('setInterval(() => {}, 1000)'), {
      plan: { budgets: { max_wall_time_seconds: 0.2 } },
    })
    expect(ran.termination).toBe('budget')
    expect(ran.end.elapsedMs).toBeGreaterThanOrEqual(200)
  })

  it('not at all, where it cannot be started: that is ours', async () => {
    const { end } = await playOnce({ command: ['./no-such-program'] })
    expect(end.termination).toBe('harness_error')
    expect(end.message).toContain('./no-such-program cannot be started')
  })

  it('nor where the run is aborted', async () => {
    const controller = new AbortController()
    const user = {
      next: (): { say: string } => {
        controller.abort()
        return { say: 'more' }
      },
    }
    const ran = await playOnce(settings, agent(talk(`() => 'ok'`)), {
      user,
      signal: controller.signal,
    })
    expect(ran.termination).toBe('aborted')
  })
})

describe('a program that knows nothing of us', () => {
  const text = (script: string): [object, Record<string, string>] => [
    { command: ['sh', 'agent.sh'], protocol: 'text' },
    { 'agent.sh': script },
  ]

  it('gets the words on stdin, and its output is the reply', async () => {
    const ran = await playOnce(...text('printf "  you said: "; cat; echo'), { turns: ['a', 'b'] })
    expect(ran.termination).toBe('done')
    expect(repliesOf(ran)).toEqual(['you said: a', 'you said: b'])
  })

  it('finds the whole talk in its environment', async () => {
    const ran = await playOnce(...text('printf "%s" "$AGENT_EVAL_TASK"'), { turns: ['a', 'b'] })
    const task = JSON.parse(repliesOf(ran)[1] ?? '') as { conversation: unknown[] }
    expect(task.conversation).toHaveLength(3)
  })

  it('fails by its exit code, by silence, and by too many words', async () => {
    const message = async (script: string): Promise<unknown> => {
      const { end } = await playOnce(...text(script))
      expect(end.termination).toBe('agent_error')
      return end.message
    }
    expect(await message('echo partial; echo broken >&2; exit 3')).toBe(
      'exited with code 3; stderr: broken',
    )
    expect(await message('cat > /dev/null')).toBe('exited with code 0; it had printed nothing')
    expect(await message('head -c 3000000 /dev/zero | tr "\\0" x')).toBe(
      'it printed more than 1048576 characters',
    )
  })

  it('fails at once by words without an end', async () => {
    const { end } = await playOnce(...text('while true; do echo and on; done'))
    expect(end).toMatchObject({
      termination: 'agent_error',
      message: 'it printed more than 1048576 characters',
    })
  }, 20_000)
})

const hasPython = spawnSync('python3', ['-c', '']).status === 0

describe.runIf(hasPython)('a Python script', () => {
  it('that falls says by what first, and names no place of this machine', async () => {
    const { end } = await playOnce(
      { command: ['python3', 'agent.py'] },
      {
        'agent.py':
          'def deep(n):\n    if n == 0: raise ValueError("boom")\n    deep(n - 1)\n\ndeep(1)\n',
      },
    )
    expect(end.message).toMatch(
      /^exited with code 1; stderr: ValueError: boom \(Traceback .*\); it/,
    )
    expect(end.message).toContain('File "agent.py", line 5')
  })

  it('plays a trial with nothing but its standard library', async () => {
    const ran = await playOnce(
      { command: ['python3', 'agent.py'] },
      {
        'agent.py': `
import json, sys

def send(message):
    print(json.dumps(message), flush=True)

def call(tool, args):
    send({"type": "call", "id": tool, "tool": tool, "args": args, "reason": "the user asked"})
    return json.loads(sys.stdin.readline())

for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "end":
        break
    result = call("pay.refund", {"amount": 40, "key": "k1"})
    send({"type": "reply", "text": f"total {result['value']['total']}"})
`,
      },
      { turns: ['Refund me.', 'Again?'] },
    )
    expect(ran.end).toMatchObject({ termination: 'done' })
    expect(repliesOf(ran)).toEqual(['total 40', 'total 40'])
    expect(ran.state).toMatchObject({ refunds: [40] })
  })
})
