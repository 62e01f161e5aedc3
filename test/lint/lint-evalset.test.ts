import { describe, expect, it } from 'vitest'
import { lintEvalSet } from '../../src/lint/lint-evalset.ts'
import { type LintResult, lintResult } from '../../src/schema/lint-result.ts'
import type { LoadedEvalSet } from '../../src/suites/load-evalset.ts'
import {
  aRefund,
  aRefundExpecting,
  lintShop,
  refundSteps,
  reversedShopWith,
  shopWith,
} from './shop.ts'

const loose = aRefundExpecting({ effects: { required: [{ tool: 'orders.refund' }] } })

describe('lintEvalSet', () => {
  it('finds nothing in a case with nothing loose about it', async () => {
    const result = await lintShop(aRefund())
    expect(result.findings).toEqual([])
    expect(result.cases).toEqual([
      {
        id: 'case.one',
        usable: true,
        mutants: { made: 10, killed: 10, declared: 0 },
        passedBy: [],
      },
    ])
    expect(result.figures).toEqual({
      mutants: { made: 10, killed: 10, declared: 0 },
      nullAgent: { id: 'silent', passed: 0, scored: 1 },
    })
    expect(lintResult.parse(result)).toEqual(result)
  })

  it('gives equal results for equal sets', async () => {
    expect(await lintShop(loose)).toEqual(await lintShop(loose))
  })

  it('does not mind the order of keys in a world', async () => {
    const open = { effects: { allowed: [{ tool: 'orders.refund' }, { tool: 'mail.send' }] } }
    const cases = [
      aRefund({ expect: open }),
      aRefund({
        id: 'case.two',
        ask: 'Is it shipped?',
        expect: { says: [{ any: 'shipped' }] },
        oracle: [{ call: 'orders.get', args: { id: 'O-2' } }, { say: 'O-2 was shipped.' }],
      }),
    ]
    const lint = async (evalSet: LoadedEvalSet): Promise<LintResult> => {
      const result = await lintEvalSet({ evalSet, modules: new Map() })
      return { ...result, evalSet: { ...result.evalSet, hash: '' } }
    }
    const result = await lint(await shopWith(...cases))
    expect(result.findings.length).toBeGreaterThan(5)
    expect(await lint(await reversedShopWith(...cases))).toEqual(result)
  })

  it('says where the mutated step stands', async () => {
    const { findings } = await lintShop(loose)
    const { column, file, line, mutant } = findings.find((one) => one.mutant !== undefined) ?? {}
    const text = JSON.stringify({ id: 'case.one', ...loose })
    expect({ file, line, mutant }).toEqual({
      file: 'cases/outcome/0.json',
      line: 1,
      mutant: 'change:2.amount_usd',
    })
    expect(text.slice((column ?? 0) - 1)).toMatch(/^(?:"amount_usd":)?40,/)
  })

  it('leaves out a draft without an oracle', async () => {
    const draft = { id: 'case.draft', oracle: undefined }
    const { cases, figures, variety } = await lintShop(aRefund(), aRefund(draft))
    expect(cases.map(({ id }) => id)).toEqual(['case.one'])
    expect(figures.nullAgent).toEqual({ id: 'silent', passed: 0, scored: 1 })
    expect(variety.cases).toBe(1)
  })

  it('only warns of what is found in a quarantined case, and does not count it', async () => {
    const quarantined = { reason: 'flaky', owner: 'support', expires: '2999-01-01' }
    const result = await lintShop({ ...loose, status: { quarantined } })
    expect(result.findings.length).toBeGreaterThan(0)
    expect(result.findings.filter(({ level }) => level === 'error')).toEqual([])
    expect(result.cases.map(({ usable }) => usable)).toEqual([true])
    expect(result.figures).toEqual({})
  })

  it('names the null agent that passes most, the first of equals', async () => {
    const blind = { expect: { says: [{ any: '(?i)sorry|done' }] }, oracle: [{ say: 'Sorry!' }] }
    const { cases, figures, nullAgents } = await lintShop(
      aRefund({ ...blind, id: 'case.blind' }),
      aRefund(),
    )
    expect(cases.map(({ id, passedBy, usable }) => ({ id, passedBy, usable }))).toEqual([
      {
        id: 'case.blind',
        passedBy: [
          'refuses',
          'lists-everything',
          'reads-and-refuses',
          'reads-and-lists',
          'claims-success',
        ],
        usable: false,
      },
      { id: 'case.one', passedBy: [], usable: true },
    ])
    expect(figures.nullAgent).toEqual({ id: 'refuses', passed: 1, scored: 2 })
    expect(nullAgents.find(({ id }) => id === 'silent')).toEqual({
      id: 'silent',
      passed: 0,
      scored: 2,
    })
  })

  it('tells how varied the set is', async () => {
    const other = { id: 'case.two', ask: 'My O-3 is broken!', cluster: 'case.one' }
    const { variety } = await lintShop(
      aRefund(),
      aRefund(other),
      aRefund({ id: 'case.three', ask: 'Pay me back.', oracle: [...refundSteps, { say: 'Bye.' }] }),
    )
    expect(variety).toEqual({ cases: 3, templates: 2, wordings: 2, oracleShapes: 2 })
  })
})
