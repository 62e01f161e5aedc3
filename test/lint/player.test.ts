import { describe, expect, it } from 'vitest'
import { nodeFolder } from '../../src/cli/outside/node-folder.ts'
import { createPlayer } from '../../src/lint/player.ts'
import { playOracle } from '../../src/lint/scripted-provider.ts'
import { planRun } from '../../src/run-evalset/plan-run.ts'
import { prepareRun } from '../../src/run-evalset/run-evalset.ts'
import { candidate } from '../../src/schema/candidate.ts'
import type { TrialLine } from '../../src/schema/trial.ts'
import type { LoadedEvalSet } from '../../src/suites/load-evalset.ts'
import { loadedFrom } from '../suites/memory-folder.ts'
import { aRefund, aRefundExpecting, opened, refundSteps, type ShopCase } from './shop.ts'

const strictly = { judged: true, limited: true }

async function played(one: ShopCase): ReturnType<typeof opened> {
  return opened(one)
}

describe('playing a case', () => {
  it('tells what was called, with references filled in, and what came of it', async () => {
    const { oracle } = await played(
      aRefund({
        oracle: [
          ...refundSteps.slice(0, 2),
          { call: 'orders.get', args: { id: '$2.refund' }, error: 'not_found' },
          { say: 'Refunded {$2.amount_usd} dollars, {$2.refund}.' },
        ],
      }),
    )
    expect(
      oracle.view.calls.map(({ args, status, tool, tookEffect, value }) => ({
        args,
        status,
        tool,
        tookEffect,
        value,
      })),
    ).toEqual([
      {
        tool: 'orders.get',
        args: { id: 'O-1' },
        status: 'ok',
        tookEffect: false,
        value: {
          customer: 'C-1',
          status: 'delivered',
          total_cents: 4000,
          refunded_cents: 0,
          note: 'left at the door',
        },
      },
      {
        tool: 'orders.refund',
        args: { id: 'O-1', amount_usd: 40, reason: 'damaged' },
        status: 'ok',
        tookEffect: true,
        value: { refund: 'R-1', amount_usd: 40 },
      },
      {
        tool: 'orders.get',
        args: { id: 'R-1' },
        status: 'error',
        tookEffect: false,
        value: undefined,
      },
    ])
    expect(oracle.view.replies.map(({ text }) => text)).toEqual(['Refunded 40 dollars, R-1.'])
    expect(oracle.view.state).toMatchObject({ orders: { 'O-1': { refunded_cents: 4000 } } })
    expect(oracle).toMatchObject({ outcome: 'pass', violations: [], judged: true })
    expect(oracle.failed).toBeUndefined()
  })

  it('names the first grade that failed', async () => {
    const { oracle } = await played(aRefund({ oracle: [{ say: 'Refunded.' }] }))
    expect(oracle.outcome).toBe('fail')
    expect(oracle.failed?.grader).toBe('effects')
    expect(oracle.reason).toBe(oracle.failed?.reason)
  })

  it('asks the judging policy only when told to', async () => {
    const twice = [...refundSteps.slice(0, 2), ...refundSteps.slice(1)]
    const { player } = await played(aRefund())
    const rules = async (judged: boolean): Promise<readonly string[]> => {
      const { violations } = await player.play(playOracle(twice), { judged, limited: false })
      return violations.map(({ rule }) => rule)
    }
    expect(await rules(true)).toEqual(['one-refund', 'undeclared-effect'])
    expect(await rules(false)).toEqual(['undeclared-effect'])
  })

  it('holds the limits of the case only when told to', async () => {
    const { player } = await played(aRefund({ budgets: { max_tool_calls: 1 } }))
    const outcome = async (limited: boolean): Promise<string> =>
      (await player.play(playOracle(refundSteps), { judged: false, limited })).outcome
    expect(await outcome(true)).toBe('fail')
    expect(await outcome(false)).toBe('pass')
  })

  it('does not count tokens, so limits on them never bite', async () => {
    const { oracle } = await played(aRefund({ budgets: { max_total_tokens: 1 } }))
    expect(oracle.outcome).toBe('pass')
  })

  it('waits for approvers of high tiers', async () => {
    const { oracle } = await played(
      aRefund({
        expect: {
          calls: [{ tool: 'orders.refund', args: { id: 'O-3', amount_usd: 70 } }],
          says: [{ any: 'colleague' }],
        },
        oracle: [
          { call: 'orders.refund', args: { id: 'O-3', amount_usd: 70, reason: 'damaged' } },
          { say: 'A colleague has to agree.' },
        ],
      }),
    )
    expect(oracle.outcome).toBe('pass')
    expect(oracle.view.calls.map(({ error }) => error?.code)).toEqual(['approval_pending'])
  })

  it('is served by the tier that the case expects', async () => {
    const { oracle } = await played(aRefundExpecting({ route: 'frontier' }))
    expect(oracle.outcome).toBe('pass')
  })

  it('plays a simulated user without a model', async () => {
    const { oracle } = await played(
      aRefund({
        user: { opening: 'My lamp is broken.', goal: 'money back', knows: { order_id: 'O-1' } },
        oracle: [{ say: 'What is the order id?' }, ...refundSteps],
      }),
    )
    expect(oracle.outcome).toBe('pass')
    expect(oracle.view.heard.map(({ text }) => text)).toEqual([
      'My lamp is broken.',
      'order id: O-1.',
    ])
  })

  it('tells whether anybody would catch a trial', async () => {
    const { player } = await played(aRefund())
    expect(await player.playUncaught(playOracle(refundSteps))).toMatchObject({ outcome: 'pass' })
    expect(await player.playUncaught(() => ({ say: 'I refunded it.' }))).toBeUndefined()
    expect(
      await player.playUncaught(playOracle([...refundSteps.slice(0, 2), ...refundSteps.slice(1)])),
    ).toBeUndefined()
  })
})

describe('the bundled eval sets', () => {
  it.each(['support-refund', 'repo-maintainer', 'starter'])(
    'judges every oracle of %s as the ordinary pipeline does',
    async (name) => {
      const root = new URL(`../../evalsets/${name}/`, import.meta.url).pathname
      const evalSet = await loadedFrom(nodeFolder(root, name))
      expect(await verdictsOfLint(evalSet)).toEqual(await verdictsOfRun(evalSet))
    },
    60_000,
  )
})

type Verdict = readonly [string, Pick<TrialLine, 'outcome' | 'violations' | 'path'>]

async function verdictsOfLint(evalSet: LoadedEvalSet): Promise<readonly Verdict[]> {
  const prepare = await createPlayer(evalSet, new Map())
  const verdicts: Verdict[] = []
  for (const evalCase of evalSet.cases) {
    const player = await prepare(evalCase)
    const { outcome, view, violations } = await player.play(playOracle(evalCase.oracle), strictly)
    const path = view.calls.map(({ status, tool }) =>
      status === 'ok' ? tool : `${tool}!${status}`,
    )
    verdicts.push([evalCase.id, { outcome, violations: [...violations], path }])
  }
  return verdicts
}

async function verdictsOfRun(evalSet: LoadedEvalSet): Promise<readonly Verdict[]> {
  const plain = candidate.parse({
    name: 'plain',
    models: { default: 'reference:' },
    versions: { prompt: 'none', policy: 'none' },
  })
  const plan = planRun({
    run: 'run',
    createdAt: '',
    toolVersion: '',
    evalSet,
    cases: evalSet.cases.map((one) => ({ ...one, trials: 1 })),
    candidate: plain,
    trials: 1,
    seed: 0,
    mode: 'enforce',
    options: {},
  })
  const lines: TrialLine[] = []
  const run = await prepareRun(plan, { evalSet, candidate: plain, modules: new Map() })
  await run.run({
    journal: { event: () => undefined, trial: () => undefined },
    signal: new AbortController().signal,
    concurrency: 1,
    isFinished: () => false,
    onTrial: (line) => lines.push(line),
  })
  return lines
    .filter((line) => !line.case.endsWith('~twin'))
    .map((line) => {
      const { outcome, path, violations } = line
      return [line.case, { outcome, violations, path }] as const
    })
    .sort(([a], [b]) => (a < b ? -1 : 1))
}
