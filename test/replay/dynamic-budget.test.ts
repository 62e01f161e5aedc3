import { describe, expect, it } from 'vitest'
import { call, type Ran, run, scripted, type TrialOptions, told } from './builders.ts'
import { played } from './play-outside.ts'

const search = (found: unknown, index = 0): ReturnType<typeof call> =>
  call('crm.search', { found, index } as never)
const refund = (amount: number): ReturnType<typeof call> => call('pay.refund', { amount })

const plan = { budgets: { max_tool_calls: 10, max_total_tokens: 1_000 } }

/** A candidate whose limits get tighter. */
function withSigns(dynamic: object, more: TrialOptions = {}): TrialOptions {
  return { plan, ...more, candidate: { budgets: { dynamic }, ...more.candidate } }
}

describe('repeated empty results', () => {
  const emptyTwice = [[search([], 1), search(null, 2)], [refund(5)], 'Done.'] as const

  it('leave half of what is left, and make writes need a person', async () => {
    const model = scripted([...emptyTwice])
    const ran = await run(model, withSigns({ empty_results: 2 }))
    // 2 of 10 calls and 110 of 1,000 tokens were used by then.
    const limits = { tool_calls: 2 + 4, tokens: 110 + 445 }
    const why = '2 reads in a row found nothing'
    expect(ran.of('budget.shrunk')).toMatchObject([{ why, limits, escalate: true }])
    expect(ran.of('notice')).toMatchObject([
      {
        callId: ran.of('tool.proposed')[1]?.callId,
        text:
          `budget cut: ${why}; 110 of 555 tokens used, 445 left; 2 of 6 tool calls used, 4 left; ` +
          'what you change needs a person from now on',
      },
    ])
    expect(told(ran).at(-1)).toBe('approval_pending')
    expect(ran.of('policy.decision').at(-1)).toMatchObject({
      source: 'budget',
      decision: 'escalate',
      rules: [{ id: 'budget.dynamic', reason: why }],
    })
    expect(ran.state).toMatchObject({ refunds: [] })
  })

  it('leave writes alone where the candidate says so, and reads in any case', async () => {
    const answers = [[search([], 1), search([], 2)], [refund(5), search(['x'])], 'Done.']
    const loose = await run(answers, withSigns({ empty_results: 2, escalate: false }))
    expect(loose.of('budget.shrunk')).toMatchObject([{ escalate: false }])
    expect(loose.of('notice')[0]?.text).not.toContain('person')
    expect(loose.state).toMatchObject({ refunds: [5] })
    const strict = await run(answers, withSigns({ empty_results: 2 }))
    expect(told(strict).at(-1)).toEqual(['x'])
  })

  it('hold: the limit is the tighter one from then on', async () => {
    const searches = Array.from({ length: 10 }, (_, index) => search(['x'], index))
    const answers = [[search('', 11), search({}, 12)], searches]
    const ran = await run(answers, withSigns({ empty_results: 2, shrink_to: 0.25 }))
    expect(ran.of('budget.shrunk')[0]?.limits).toMatchObject({ tool_calls: 4 })
    expect(ran.end).toMatchObject({
      termination: 'budget',
      message: '4 tool calls, no more allowed',
    })
  })

  it.each([
    ['one that found something in between', [search([]), search(['x']), search([])]],
    ['no and zero are answers', [search(false), search(0)]],
    ['a read that failed found nothing out', [search([]), call('nowhere')]],
    ['writes find nothing and look for nothing', [refund(1), refund(2)]],
  ] as const)('are none: %s', async (_, calls) => {
    const ran = await run([[...calls], 'Done.'], withSigns({ empty_results: 2 }))
    expect(ran.of('budget.shrunk')).toEqual([])
  })

  it('count on over a write in between', async () => {
    const ran = await run(
      [[search([], 1), refund(1), search({ a: { b: [] }, c: '' }, 2)], 'Done.'],
      withSigns({ empty_results: 2 }),
    )
    expect(ran.of('budget.shrunk')).toHaveLength(1)
  })

  it('come once in a trial', async () => {
    const calls = Array.from({ length: 6 }, (_, index) => search([], index))
    const ran = await run([calls, 'Done.'], withSigns({ empty_results: 2 }))
    expect(ran.of('budget.shrunk')).toHaveLength(1)
  })

  it('are seen in an agent outside, whose own time is cut, too', async () => {
    let left = 0
    const ran = await played(
      async ({ session, trial }) => {
        await trial.call(
          [1, 2].map((index) => ({ tool: 'crm.search', args: { found: [], index } })),
        )
        left = session.wallLeftMs()
        session.reply('done')
      },
      withSigns(
        { empty_results: 2, shrink_to: 0.1 },
        { plan: { budgets: { max_wall_time_seconds: 20 } } },
      ),
    )
    // Each read took 100 ms of the 20 seconds.
    expect(ran.of('budget.shrunk')).toMatchObject([{ limits: { wall_ms: 200 + 1_980 } }])
    expect(left).toBe(1_980)
  })

  it('escalate where nothing is limited', async () => {
    const ran = await run(
      [...emptyTwice.map((one) => (typeof one === 'string' ? one : [...one]))],
      {
        candidate: { budgets: { dynamic: { empty_results: 2 } } },
      },
    )
    expect(ran.of('budget.shrunk')).toMatchObject([{ limits: {} }])
    expect(told(ran).at(-1)).toBe('approval_pending')
  })
})

describe('a result that is not to be trusted', () => {
  const low = { low_confidence: 'output.score < 0.5' }

  it('is a sign by its value, its tool or its arguments', async () => {
    const shrunk = async (low_confidence: string, found: unknown): Promise<number> => {
      const ran = await run([[search(found)], 'Done.'], withSigns({ low_confidence }))
      return ran.of('budget.shrunk').length
    }
    expect(await shrunk('output.score < 0.5', { score: 0.4 })).toBe(1)
    expect(await shrunk('output.score < 0.5', { score: 0.6 })).toBe(0)
    expect(await shrunk("tool == 'crm.search' && input.index == 0", 'x')).toBe(1)
  })

  it('is none where the expression errs, or says neither yes nor no', async () => {
    for (const low_confidence of ['output.score < 0.5', 'output', 'calls.size() > 0']) {
      const ran = await run([[search('plain')], 'Done.'], withSigns({ low_confidence }))
      expect(ran.of('budget.shrunk')).toEqual([])
      expect(ran.termination).toBe('done')
    }
  })

  it('stands beside the other sign: each cuts once', async () => {
    const ran: Ran = await run(
      [[search({ score: 0 }, 1), search([], 2), search([], 3), search({ score: 0 }, 4)], 'Done.'],
      withSigns({ ...low, empty_results: 2 }),
    )
    expect(ran.of('budget.shrunk').map(({ limits }) => limits.tool_calls)).toEqual([6, 5])
  })

  it('that does not compile is a fault of the candidate', async () => {
    const broken = run(['Done.'], withSigns({ low_confidence: 'output.' }))
    await expect(broken).rejects.toThrow('budgets.dynamic.low_confidence')
  })
})
