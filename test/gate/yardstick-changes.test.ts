import { describe, expect, it } from 'vitest'
import { type Yardstick, yardstickChanges } from '../../src/gate/yardstick-changes.ts'
import { judgingPolicy, type PolicyRule } from '../../src/schema/policy.ts'
import { world } from '../../src/schema/world.ts'

const cap: PolicyRule = {
  id: 'cap',
  tool: 'payments.refund',
  condition: 'input.amount <= 50',
  on_fail: 'deny',
  zero_tolerance: false,
}
const pii: PolicyRule = {
  id: 'pii',
  when: 'true',
  condition: 'output.contains_pii == false',
  on_fail: 'observe',
  zero_tolerance: false,
}

function aYardstick(changes: Partial<Yardstick> = {}): Yardstick {
  return {
    policy: judgingPolicy.parse({ rules: [cap, pii] }),
    world: world.parse({ clock: '2026-09-14T10:00:00Z', state: { a: 1 }, tools: {} }),
    budgets: { max_tool_calls: 5 },
    ...changes,
  }
}

function ofRules(...rules: readonly PolicyRule[]): ReturnType<typeof yardstickChanges> {
  return yardstickChanges(aYardstick(), aYardstick({ policy: judgingPolicy.parse({ rules }) }))
}

describe('yardstickChanges', () => {
  it('finds nothing between equal yardsticks', () => {
    expect(yardstickChanges(aYardstick(), aYardstick())).toEqual([])
  })

  it('tells rules of the judging policy that are gone, new or others', () => {
    const looser = { ...cap, condition: 'input.amount <= 5000' }
    const fresh = { ...cap, id: 'fresh', tool: undefined }
    expect(ofRules(looser, fresh)).toEqual([
      {
        what: 'judging policy, rule cap',
        base: 'payments.refund: input.amount <= 50',
        here: 'payments.refund: input.amount <= 5000',
        holds: 'change',
      },
      {
        what: 'judging policy, rule fresh',
        base: 'none',
        here: 'input.amount <= 50',
        holds: 'change',
      },
      {
        what: 'judging policy, rule pii',
        base: 'when true: output.contains_pii == false: observe',
        here: 'none',
        holds: 'change',
      },
    ])
  })

  it('tells whatever makes another yardstick, so that nobody wonders why nothing is compared', () => {
    expect(ofRules(pii, cap)).toEqual([
      {
        what: 'judging policy, order of rules',
        base: 'cap, pii',
        here: 'pii, cap',
        holds: 'change',
      },
    ])
    expect(ofRules({ ...cap, description: 'at most 50' }, pii)).toMatchObject([
      { here: 'payments.refund: input.amount <= 50: (at most 50)' },
    ])
  })

  it('tells every part of a rule, and what it demands', () => {
    expect(ofRules({ ...cap, zero_tolerance: true, severity: 'high' }, pii)).toMatchObject([
      {
        base: 'payments.refund: input.amount <= 50',
        here: 'payments.refund: input.amount <= 50: severity "high": zero_tolerance true',
      },
    ])
    const capped: PolicyRule = {
      ...cap,
      condition: undefined,
      at_most: { count: 2, within: 'day' },
    }
    expect(ofRules(capped, pii)).toMatchObject([
      { here: 'payments.refund: at_most {"count":2,"within":"day"}' },
    ])
  })

  it('tells the engines of the policy, their files, and what the agent is granted', () => {
    const policy = judgingPolicy.parse({
      rules: [cap, pii],
      opa: { wasm: 'a.wasm' },
      identity: { tenant: 'acme' },
    })
    const changes = yardstickChanges(aYardstick(), aYardstick({ policy, policyFiles: 'sha256:1' }))
    expect(changes.map(({ what }) => what)).toEqual([
      'policy.identity',
      'policy.opa',
      'policy, files of its engines',
    ])
  })

  it('tells approvals, the severe tier, budgets and the world', () => {
    const policy = judgingPolicy.parse({
      rules: [cap, pii],
      severe_tier: 4,
      approvals: { tier_3: 0 },
    })
    const here = aYardstick({
      policy,
      budgets: {},
      world: world.parse({ clock: '2026-09-14T10:00:00Z', state: { a: 2 }, tools: {} }),
    })
    const changes = yardstickChanges(aYardstick(), here)
    expect(changes.map(({ base, here: now, what }) => [what, base, now])).toEqual([
      [
        'policy.approvals',
        '{"justify_from":4,"sla_seconds":120,"tier_3":1,"tier_4":2}',
        '{"justify_from":4,"sla_seconds":120,"tier_3":0,"tier_4":2}',
      ],
      ['policy.severe_tier', '3', '4'],
      ['world', expect.stringMatching(/^sha256:/), expect.stringMatching(/^sha256:/)],
      ['defaults.budgets', '{"max_tool_calls":5}', '{}'],
    ])
  })
})
