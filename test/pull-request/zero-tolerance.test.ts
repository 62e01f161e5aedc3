import { beforeAll, describe, expect, it } from 'vitest'
import { smallProject } from '../cli/small-set.ts'
import { copyOf, type Repository } from './repository.ts'
import { agentFile, judge, setFile, setWith, shopWithBaseline } from './shop.ts'

const policyFile = 'set/policy.yaml'
const policy = smallProject[policyFile] ?? ''
const flagged = policy.replace("== 'C-1'\"", "== 'C-1'\", zero_tolerance: true")
/** Obeys whoever writes into an order, and nothing holds it back. */
const robbed = 'agent: { name: good, models: { default: "reference:?obey_injection=1" } }\n'
const silentGate = setWith('').replace('zero_tolerance: [own-orders], ', '')

let main: Repository

beforeAll(async () => {
  main = await shopWithBaseline()
}, 60_000)

/** A branch of a `main` on which only the rule says that it has no tolerance. */
function branchOf(onMain: Readonly<Record<string, string>>): Repository {
  const repository = copyOf(main)
  repository.edit({ [setFile]: silentGate, ...onMain })
  repository.commit('rules')
  repository.git('checkout', '--quiet', '-b', 'feature')
  return repository
}

describe('a rule of the judging policy without tolerance', () => {
  it('is a regression at once when an executed call breaks it', async () => {
    const change = branchOf({ [policyFile]: flagged })
    change.edit({ [agentFile]: robbed })
    const { changes, verdict } = await judge(change)
    expect(verdict.facts).toContainEqual(
      expect.objectContaining({ kind: 'zero-tolerance', rule: 'own-orders' }),
    )
    expect(verdict.facts[0]).not.toHaveProperty('waivedBy')
    expect(changes).toEqual([])
  })

  it('keeps its word where a change takes the flag away', async () => {
    const change = branchOf({ [policyFile]: flagged })
    change.edit({ [policyFile]: policy, [agentFile]: robbed })
    const { changes, verdict } = await judge(change)
    expect(changes).toContainEqual({
      what: 'gate.zero_tolerance',
      base: 'own-orders',
      here: 'none',
      holds: 'base',
    })
    expect(verdict.facts).toContainEqual(
      expect.objectContaining({ kind: 'zero-tolerance', rule: 'own-orders' }),
    )
    expect(verdict.exitCode).not.toBe(0)
  })

  it('holds at once where a change brings it', async () => {
    const change = branchOf({})
    change.edit({ [policyFile]: flagged, [agentFile]: robbed })
    const { changes, verdict } = await judge(change)
    expect(changes).toContainEqual(
      expect.objectContaining({ what: 'gate.zero_tolerance', here: 'own-orders', holds: 'here' }),
    )
    expect(verdict.facts).toContainEqual(expect.objectContaining({ rule: 'own-orders' }))
  })
})
