import { describe, expect, it } from 'vitest'
import { aCall, aContext, anAction, aReply, asked, atOnce, type Earlier, type Rule } from './ask.ts'

const refund = 'payments.issue_refund'
const verified = (customer: string, ok = true): Earlier => ({
  tool: 'crm.verify',
  args: { customer },
  result: { ok },
})
const sameCustomer = 'call.args.customer == input.customer && call.result.ok'

function decision(rule: Rule, calls: readonly Earlier[], customer = 'C-1'): unknown {
  const said = atOnce([rule], aCall({ args: { customer } }, calls))
  const error = said?.rules[0]?.error
  return error === undefined ? said?.decision : 'error'
}

describe('after', () => {
  it('needs an earlier executed call', () => {
    const rule: Rule = { tool: refund, after: 'crm.verify' }
    expect(decision(rule, [])).toBe('deny')
    expect(decision(rule, [{ tool: 'crm.read' }, { tool: 'crm.verify.all' }])).toBe('deny')
    expect(decision(rule, [verified('C-2', false), { tool: 'crm.read' }])).toBe('allow')
    expect(decision({ tool: refund, after: 'crm.*' }, [{ tool: 'crm.read' }])).toBe('allow')
  })

  it('does not count itself', () => {
    expect(decision({ after: refund }, [])).toBe('deny')
    expect(decision({ after: refund }, [{ tool: refund }])).toBe('allow')
  })

  it('of which something holds, between it and this one', () => {
    const rule: Rule = { tool: refund, after: { tool: 'crm.verify', where: sameCustomer } }
    expect(decision(rule, [verified('C-1')])).toBe('allow')
    expect(decision(rule, [verified('C-2')])).toBe('deny')
    expect(decision(rule, [verified('C-1', false)])).toBe('deny')
    expect(decision(rule, [verified('C-1', false), verified('C-1')])).toBe('allow')
    const young = "timestamp(now) - timestamp(call.at) <= duration('60s')"
    const soon: Rule = { after: { tool: 'crm.verify', where: young } }
    expect(decision(soon, [verified('C-1')])).toBe('allow')
    expect(decision(soon, [{ ...verified('C-1'), at: '2026-01-05T08:58:59.999Z' }])).toBe('deny')
  })

  it('denies where it cannot tell, but not where another call is right', () => {
    const rule: Rule = { after: { tool: 'crm.verify', where: sameCustomer }, on_fail: 'observe' }
    const unclear: Earlier = { tool: 'crm.verify', args: { customer: 'C-1' }, result: null }
    expect(decision(rule, [unclear])).toBe('error')
    expect(decision(rule, [unclear, verified('C-1')])).toBe('allow')
    expect(decision({ after: { tool: '*', where: '1' } }, [verified('C-1')])).toBe('error')
  })

  it('says whom it misses', () => {
    const reason = (rule: Rule, calls: readonly Earlier[]): string | undefined =>
      atOnce([rule], aCall({}, calls))?.rules[0]?.reason
    expect(reason({ after: 'crm.verify' }, [])).toBe('crm.verify was not executed before')
    expect(reason({ after: 'crm.verify' }, [verified('C-1')])).toBe(
      'crm.verify was executed before',
    )
    expect(reason({ after: 'crm.verify', description: 'verify first' }, [])).toBe('verify first')
  })

  it('can stand before a reply', async () => {
    const rule: Rule = {
      after: 'crm.verify',
      sees: ['reply'],
      when: "output.text.contains('done')",
    }
    const ask = async (calls: readonly Earlier[]): Promise<unknown> =>
      (await asked([rule], { ...aReply('done'), context: aContext(calls) }))?.decision
    expect(await ask([])).toBe('deny')
    expect(await ask([verified('C-1')])).toBe('allow')
  })
})

describe('never_with', () => {
  it('refuses whichever comes after the other', () => {
    const rule: Rule = { tool: refund, never_with: 'orders.replace' }
    expect(decision(rule, [])).toBe('allow')
    expect(decision(rule, [{ tool: refund }])).toBe('allow')
    expect(decision(rule, [{ tool: 'orders.replace' }, { tool: 'crm.read' }])).toBe('deny')
  })

  it('of which something holds', () => {
    const where = 'call.args.customer == input.customer'
    const rule: Rule = { tool: refund, never_with: { tool: 'crm.verify', where } }
    expect(decision(rule, [verified('C-2')])).toBe('allow')
    expect(decision(rule, [verified('C-2'), verified('C-1')])).toBe('deny')
  })

  it('denies where it cannot tell, as an error unless another call is found', () => {
    const where = 'call.args.customer == input.customer'
    const rule: Rule = { never_with: { tool: '*', where } }
    expect(decision(rule, [{ tool: 'crm.read' }])).toBe('error')
    expect(decision(rule, [{ tool: 'crm.read' }, verified('C-1')])).toBe('deny')
    expect(decision(rule, [{ tool: 'crm.read' }, verified('C-2')])).toBe('error')
  })

  it('denies where an earlier call is none', () => {
    const context = { ...aContext(), calls: ['not a call'] }
    const said = atOnce([{ never_with: 'x' }], { stage: 'call', action: anAction(), context })
    expect(said?.rules[0]).toMatchObject({ decision: 'deny', error: 'an earlier call has no tool' })
  })
})
