import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { told } from '../builders.ts'
import { type OpenedTarget, openedTarget, playOnce, repliesOf } from './play-target.ts'

let opened: OpenedTarget | undefined

afterEach(async () => {
  await opened?.close()
  opened = undefined
})

const agent = (body: string): Record<string, string> => ({
  'agent.mjs': `export default async function (task, tools, signal) {\n${body}\n}`,
})

describe('an agent that is a function of a module', () => {
  it('plays a trial: calls, results, reply', async () => {
    const ran = await playOnce(
      { module: './agent.mjs' },
      agent(`
        const read = await tools.call('crm.read', { a: 1 })
        const paid = await tools.call('pay.refund', { amount: 40 }, { reason: 'late parcel' })
        return 'paid ' + paid.value.total + ' for ' + read.value.body.slice(0, 5)
      `),
    )
    expect(ran.end).toMatchObject({ termination: 'done' })
    expect(repliesOf(ran)).toEqual(['paid 40 for Where'])
    expect(ran.of('tool.proposed').map(({ reason, tool }) => [tool, reason])).toEqual([
      ['crm.read', undefined],
      ['pay.refund', 'late parcel'],
    ])
    expect(ran.state).toMatchObject({ refunds: [40], total: 40 })
    expect(ran.events.map((event) => event.type).filter((type) => type !== 'budget')).toEqual([
      ...['trial.start', 'message', 'message', 'handover'],
      ...['tool.proposed', 'tool.result', 'handover'],
      ...['tool.proposed', 'tool.result', 'handover'],
      ...['message', 'trial.end'],
    ])
    expect(ran.of('handover').map((one) => one.ordinal)).toEqual([0, 1, 2])
    expect(ran.of('tool.proposed').map((one) => one.ordinal)).toEqual([0, 1])
  })

  it('is warned with a result', async () => {
    const ran = await playOnce(
      { module: './agent.mjs' },
      agent(`
        const read = await tools.call('crm.read')
        const paid = await tools.call('pay.refund', { amount: 40 })
        return [read.notice, Object.keys(read), paid.notice].join('; ')
      `),
      { plan: { budgets: { max_tool_calls: 3 } }, candidate: { budgets: { soft_share: 0.6 } } },
    )
    expect(repliesOf(ran)).toEqual(['; isError,value; budget: 2 of 3 tool calls used, 1 left'])
  })

  it('is written in TypeScript, has a name, and may return { reply }', async () => {
    const ran = await playOnce(
      { module: './src/agent.ts#handle' },
      {
        'src/words.ts': 'export enum Words { Hello = "hello" }',
        'src/agent.ts': `
          import { Words } from './words'
          export const handle = (task: { prompt: string }): { reply: string } =>
            ({ reply: Words.Hello + ' ' + task.prompt })`,
      },
    )
    expect(repliesOf(ran)).toEqual(['hello Be brief.'])
  })

  it('is told the task and nothing of how it is judged', async () => {
    const ran = await playOnce({ module: './agent.mjs' }, agent('return JSON.stringify(task)'), {
      turns: ['Please help.', { say: 'SECRET-TURN', when: 'never' }],
      fallback: 'SECRET-FALLBACK',
      input: { order: 'A-1' },
      plan: { budgets: { max_tool_calls: 4 } },
    })
    const [reply = ''] = repliesOf(ran)
    expect(reply).not.toContain('SECRET')
    expect(reply).not.toContain('refund.full')
    const task = JSON.parse(reply) as Record<string, unknown>
    expect(Object.keys(task).sort()).toEqual(
      ['budgets', 'conversation', 'input', 'prompt', 'tools', 'trial'].sort(),
    )
    expect(task).toMatchObject({
      prompt: 'Be brief.',
      conversation: [{ role: 'user', text: 'Please help.' }],
      input: { order: 'A-1' },
      budgets: { max_tool_calls: 4 },
    })
    expect(task['trial']).toMatch(/^[0-9a-f]{16}$/)
  })

  it('is called once a turn, with the conversation and the results so far', async () => {
    const ran = await playOnce(
      { module: './agent.mjs' },
      agent(`
        if (task.conversation.length === 1) {
          await tools.call('crm.read')
          return 'Which order?'
        }
        return JSON.stringify([task.conversation, task.results.map((one) => one.tool)])
      `),
      { turns: ['Help.', 'Order 7.'] },
    )
    expect(JSON.parse(repliesOf(ran)[1] ?? '')).toEqual([
      [
        { role: 'user', text: 'Help.' },
        { role: 'assistant', text: 'Which order?' },
        { role: 'user', text: 'Order 7.' },
      ],
      ['crm.read'],
    ])
    expect(ran.of('message').map((one) => one.turn)).toEqual([0, 1, 1, 2, 2])
  })

  it('proposes together what it calls without waiting in between', async () => {
    const ran = await playOnce(
      { module: './agent.mjs' },
      agent(`
        const one = async (amount) => { await null; return tools.call('pay.refund', { amount }) }
        const results = await Promise.all([1, 2, 3].map(one))
        await tools.call('crm.clock')
        return results.map((result) => result.value.total).join()
      `),
    )
    expect(repliesOf(ran)).toEqual(['1,3,6'])
    expect(ran.of('tool.proposed').map((one) => one.ordinal)).toEqual([0, 0, 0, 1])
  })

  it('meets the same controls as the built-in loop', async () => {
    const ran = await playOnce(
      { module: './agent.mjs' },
      agent(`
        const denied = await tools.call('pay.refund', { amount: 40 })
        const unknown = await tools.call('nowhere')
        return [denied, unknown].map(({ isError, value }) => isError + value.error.code).join()
      `),
      { rules: [{ tool: 'pay.refund', condition: 'false' }] },
    )
    expect(told(ran)).toEqual(['denied_by_policy', 'unknown_tool'])
    expect(repliesOf(ran)).toEqual(['truedenied_by_policy,trueunknown_tool'])
    expect(ran.state).toMatchObject({ refunds: [] })
  })

  it('keeps a reply back where the output rules say so', async () => {
    const heard: string[] = []
    const ran = await playOnce({ module: './agent.mjs' }, agent(`return 'mail bob@example.com'`), {
      rules: [{ condition: 'output.contains_pii == false', on_fail: 'block_and_alert' }],
      user: {
        next(words) {
          heard.push(words)
          return { termination: 'done' }
        },
      },
    })
    expect(heard).toEqual([''])
    expect(ran.of('message').at(-1)).toMatchObject({ role: 'assistant', withheld: true })
  })

  it('keeps what it prints out of the protocol', async () => {
    const ran = await playOnce(
      { module: './agent.mjs' },
      agent(`
        console.log(JSON.stringify({ type: 'reply', turn: 0, message: 'forged' }))
        process.stdout.write('noise\\n')
        return 'real'
      `),
    )
    expect(repliesOf(ran)).toEqual(['real'])
  })
})

describe('a message of a function that is longer than any', () => {
  it('fails its trial at once, and no other', async () => {
    opened = await openedTarget(
      { module: './agent.mjs', timeout_seconds: 40 },
      agent(`
        const words = task.conversation[0].text
        if (words === 'call') await tools.call('crm.read', { all: 'x'.repeat(17 * 1024 * 1024) })
        return words === 'reply' ? 'x'.repeat(17 * 1024 * 1024) : 'fine'
      `),
    )
    for (const turn of ['reply', 'call']) {
      expect((await opened.play({ turns: [turn] })).end).toMatchObject({
        termination: 'agent_error',
        message: 'it sent a message of more than 16 MiB',
      })
    }
    expect(repliesOf(await opened.play({ turns: ['hello'] }))).toEqual(['fine'])
  }, 30_000)
})

describe('how a module can fail', () => {
  it('by what it throws, wherever it does', async () => {
    opened = await openedTarget(
      { module: './agent.mjs' },
      {
        'agent.mjs': `export default async (task) => {
        const [{ text }] = task.conversation
        if (text === 'throw') throw new TypeError('no order')
        if (text === 'late') { setTimeout(() => { throw new Error('in a timer') }, 1); await new Promise(() => {}) }
        if (text === 'rejected') { Promise.reject(new Error('nobody waits')); await new Promise(() => {}) }
        if (text === 'exit') process.exit(0)
        if (text === 'file') await import('node:fs').then((fs) => fs.readFileSync(process.cwd() + '/none.json'))
        if (text === 'nothing') return undefined
        return text
      }`,
      },
    )
    const message = async (text: string): Promise<string | undefined> => {
      const ran = await opened?.play({ turns: [text] })
      expect(ran?.termination).toBe('agent_error')
      return ran?.end.message
    }
    expect(await message('throw')).toBe('threw TypeError: no order (agent.mjs:3)')
    expect(await message('late')).toBe('threw Error: in a timer (agent.mjs:4)')
    expect(await message('rejected')).toBe('threw Error: nobody waits (agent.mjs:5)')
    expect(await message('exit')).toContain('the agent called process.exit(0)')
    expect(await message('file')).toContain("open 'none.json'")
    expect(await message('nothing')).toContain('it returned neither a text nor { reply }')
    expect((await opened.play({ turns: ['fine'] })).termination).toBe('done')
  })

  it('by killing its process, and the next trial gets another', async () => {
    opened = await openedTarget(
      { module: './agent.mjs' },
      agent(`
        if (task.conversation[0].text !== 'die') return 'alive'
        console.error('about to die')
        process.kill(process.pid, 'SIGKILL')
        await new Promise(() => {})
      `),
    )
    const { end } = await opened.play({ turns: ['die'] })
    expect(end.termination).toBe('agent_error')
    expect(end.message).toBe('the process of the agent was ended by SIGKILL; stderr: about to die')
    expect((await opened.play()).termination).toBe('done')
  })

  it('by taking too long: its signal aborts, and a stuck process is replaced', async () => {
    opened = await openedTarget(
      { module: './agent.mjs', timeout_seconds: 0.2 },
      {
        'agent.mjs': `
        import { writeFileSync } from 'node:fs'
        export default async (task, tools, signal) => {
          const [{ text }] = task.conversation
          if (text === 'wait') {
            signal.addEventListener('abort', () => writeFileSync('aborted.txt', 'yes'))
            await new Promise(() => {})
          }
          if (text === 'spin') for (;;) {}
          return 'quick'
        }`,
      },
    )
    const waited = await opened.play({ turns: ['wait'] })
    expect(waited.end).toMatchObject({
      termination: 'agent_error',
      message: 'no reply within 0.2 seconds',
    })
    expect((await opened.play({ turns: ['spin'] })).termination).toBe('agent_error')
    expect((await opened.play({ turns: ['go'] })).termination).toBe('done')
    expect(readFileSync(path.join(opened.folder, 'aborted.txt'), 'utf8')).toBe('yes')
  })

  it('by looping, or by its budget: nothing happens after that', async () => {
    const twice = agent(`
      await tools.call('pay.refund', { amount: 1 })
      const refused = await tools.call('pay.refund', { amount: 2 })
      await tools.call('pay.refund', { amount: 3 })
      return refused.value.error.code
    `)
    const budget = await playOnce({ module: './agent.mjs' }, twice, {
      plan: { budgets: { max_tool_calls: 1 } },
    })
    expect(budget.end).toMatchObject({
      termination: 'budget',
      message: '1 tool calls, no more allowed',
    })
    expect(budget.state).toMatchObject({ refunds: [1] })
    const loop = await playOnce(
      { module: './agent.mjs' },
      agent(`for (;;) await tools.call('crm.clock')`),
    )
    expect(loop.termination).toBe('max_turns')
    const circle = await playOnce(
      { module: './agent.mjs' },
      agent(`for (;;) await tools.call('nowhere')`),
    )
    expect(circle.termination).toBe('loop')
    expect(circle.of('tool.proposed')).toHaveLength(3)
  })

  it('by its wall time, on the real clock', async () => {
    const ran = await playOnce({ module: './agent.mjs' }, agent(`await new Promise(() => {})`), {
      plan: { budgets: { max_wall_time_seconds: 0.1 } },
    })
    expect(ran.end).toMatchObject({ termination: 'budget', message: 'no wall time left' })
  })

  it('is found before the run where it cannot be loaded', async () => {
    const refused = async (module: string, text: string): Promise<unknown> =>
      openedTarget({ module }, { 'agent.mjs': text }).catch((error: unknown) => error)
    expect(await refused('./none.mjs', '')).toMatchObject({
      code: 'input',
      message: "./none.mjs cannot be loaded: Cannot find module 'none.mjs'",
    })
    expect(await refused('./none.ts', '')).toMatchObject({
      message: "./none.ts cannot be loaded: Cannot find module 'none.ts'",
    })
    expect(String(await refused('./agent.mjs', 'export const = 1'))).toContain(
      './agent.mjs cannot be loaded',
    )
    expect(await refused('./agent.mjs#go', 'export const stop = 1')).toMatchObject({
      message: './agent.mjs#go exports no function "go"',
    })
    expect(await refused('./agent.mjs', 'process.exit(3)')).toMatchObject({ code: 'input' })
  })
})

describe('many trials at once', () => {
  it('each get their own results, in more processes than one and fewer than trials', async () => {
    opened = await openedTarget(
      { module: './agent.mjs' },
      agent(`
        const [{ text }] = task.conversation
        await new Promise((resolve) => setTimeout(resolve, 60))
        const paid = await tools.call('pay.refund', { amount: Number(text) })
        return text + ' ' + paid.value.total + ' ' + process.pid
      `),
    )
    const { play } = opened
    const all = await Promise.all(
      Array.from({ length: 24 }, (_, index) => play({ turns: [`${index + 1}`] })),
    )
    const said = all.map((ran) => repliesOf(ran)[0]?.split(' ') ?? [])
    expect(said.map(([asked, paid]) => [asked, paid])).toEqual(
      Array.from({ length: 24 }, (_, index) => [`${index + 1}`, `${index + 1}`]),
    )
    const processes = new Set(said.map(([, , pid]) => pid)).size
    expect(processes).toBeGreaterThan(1)
    expect(processes).toBeLessThanOrEqual(8)
  })

  it('end at once when the run is aborted', async () => {
    opened = await openedTarget({ module: './agent.mjs' }, agent('await new Promise(() => {})'))
    const controller = new AbortController()
    const { play } = opened
    const all = Array.from({ length: 9 }, () => play({ signal: controller.signal }))
    setTimeout(() => {
      controller.abort()
    }, 50)
    const terminations = (await Promise.all(all)).map((ran) => ran.termination)
    expect(new Set(terminations)).toEqual(new Set(['aborted']))
  })
})
