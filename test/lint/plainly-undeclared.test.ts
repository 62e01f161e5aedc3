import { describe, expect, it } from 'vitest'
import { nodeFolder } from '../../src/cli/outside/node-folder.ts'
import { findsShortfall } from '../../src/lint/falls-short.ts'
import { lintSubject } from '../../src/lint/lint-subject.ts'
import { mutantKinds } from '../../src/lint/mutants/registry.ts'
import { openCase } from '../../src/lint/open-case.ts'
import { findsUndeclared } from '../../src/lint/plainly-undeclared.ts'
import { createPlayer } from '../../src/lint/player.ts'
import { playInOrder } from '../../src/lint/scripted-provider.ts'
import type { OracleStep } from '../../src/schema/oracle.ts'
import { loadedFrom } from '../suites/memory-folder.ts'
import { aRefund, aRefundExpecting, opened, type ShopCase } from './shop.ts'

async function undeclaredOf(one: ShopCase): Promise<readonly string[]> {
  const { evalSet, ...rest } = await opened(one)
  const subject = lintSubject(rest, evalSet)
  const isUndeclared = findsUndeclared(subject, rest.player.prepared.graders)
  const found = mutantKinds
    .flatMap((kind) => kind.mutate(subject))
    .filter(({ makes }) => makes !== undefined && isUndeclared(makes))
  return [...new Set(found.map(({ name }) => name))]
}

describe('findsUndeclared', () => {
  it('finds writes that work and that the case does not allow', async () => {
    expect(await undeclaredOf(aRefund())).toEqual([
      'change:2.amount_usd',
      'change:2.reason',
      'redirect:2.id',
      'double:2',
      'add:orders.refund',
      'add:mail.send',
    ])
  })

  it('is not sure where the case allows the call', async () => {
    const effects = { required: [{ tool: 'orders.refund', args: { reason: 'damaged' } }] }
    expect(await undeclaredOf(aRefundExpecting({ effects }))).toEqual([
      'change:2.reason',
      'double:2',
      'add:mail.send',
    ])
  })

  it('is not sure of a call under a key that was used before', async () => {
    const keyed = (id: string): OracleStep => ({
      call: 'orders.refund',
      args: { id, amount_usd: 40, reason: 'damaged', key: 'ticket-7' },
    })
    const oracle = [keyed('O-1'), keyed('O-1'), { say: 'I have refunded it.' }]
    const effects = { required: [{ tool: 'orders.refund', args: { id: 'O-1' } }] }
    expect(await undeclaredOf(aRefund({ oracle, expect: { effects } }))).toEqual([
      'redirect:1.id',
      'double:1',
      'add:mail.send',
    ])
  })

  it('is not sure of a tool that looks at the clock, wherever it does', async () => {
    const { evalSet, ...rest } = await opened(aRefund())
    const { world } = evalSet
    const refund = world.tools['orders.refund']
    if (refund === undefined) throw new Error('no tool')
    const clocked = [
      { guards: [{ require: "now < '2026-09-15'", error: 'late' }] },
      { risk_tier: [{ when: "now > '2026-09-14'", tier: 3 as const }, { tier: 2 as const }] },
      { change: [{ op: 'append' as const, path: '/refunds', value: '=now' }] },
    ]
    const made = clocked.map((changed) => {
      const tools = { ...world.tools, 'orders.refund': { ...refund, ...changed } }
      const subject = lintSubject(rest, { ...evalSet, world: { ...world, tools } })
      const isUndeclared = findsUndeclared(subject, rest.player.prepared.graders)
      const call = { call: 'orders.refund', args: { id: 'O-3', amount_usd: 1, reason: 'late' } }
      return isUndeclared({ call, after: 1 })
    })
    expect(made).toEqual([false, false, false])
  })

  it('is not sure where tools may fail', async () => {
    const faults = [{ tool: 'orders.refund', fault: 'error' as const, on: 9 }]
    expect(await undeclaredOf(aRefund({ world: { faults } }))).toEqual([])
  })

  it('is right, as is whatever falls short: played, each of them is caught', async () => {
    const root = new URL('../../evalsets/repo-maintainer/', import.meta.url).pathname
    const evalSet = await loadedFrom(nodeFolder(root, 'repo-maintainer'))
    const prepare = await createPlayer(evalSet, new Map())
    let sure = 0
    for (const evalCase of evalSet.cases.filter(({ oracle }) => oracle.length > 0)) {
      const one = await openCase(evalCase, prepare)
      const subject = lintSubject(one, evalSet)
      const isUndeclared = findsUndeclared(subject, one.player.prepared.graders)
      const fallsShort = findsShortfall(evalCase.expect)
      for (const { makes, name, steps } of mutantKinds.flatMap((kind) => kind.mutate(subject))) {
        if (!fallsShort(steps) && (makes === undefined || !isUndeclared(makes))) continue
        sure += 1
        const uncaught = await one.player.playUncaught(playInOrder(steps))
        expect([evalCase.id, name, uncaught?.outcome]).toEqual([evalCase.id, name, undefined])
      }
    }
    expect(sure).toBeGreaterThan(20)
  }, 30_000)
})
