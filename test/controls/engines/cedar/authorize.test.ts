import { describe, expect, it } from 'vitest'
import { authorize } from '../../../../src/controls/engines/cedar/authorize.ts'
import { loadCedar } from '../../../../src/controls/engines/cedar/cedar.ts'

describe('authorize', () => {
  it('outlives code that is found out of date while Cedar decides', async () => {
    const cedar = await loadCedar()
    const name = 'authorize.test'
    const schema = 'entity A; action a appliesTo { principal: A, resource: A };'
    cedar.preparseSchema(name, schema)
    cedar.preparsePolicySet(name, { staticPolicies: 'permit (principal, action, resource);' })
    const depended = { on: 1 }
    let changes = false
    // Cedar turns the context into JSON in the middle of its work.
    const context = {
      toJSON() {
        if (changes) depended.on += 1
        return {}
      },
    }
    const call = {
      principal: { type: 'A', id: '1' },
      action: { type: 'Action', id: 'a' },
      resource: { type: 'A', id: '1' },
      context: context as unknown as Record<string, never>,
      entities: [],
      preparsedSchemaName: name,
      validateRequest: true,
      preparsedPolicySetId: name,
    }
    const decideOnce = (): number => authorize(cedar, call).type.length + depended.on
    // So often that the function is optimised on the assumption that `depended.on` is always 1.
    let sum = 0
    for (let count = 0; count < 10_000; count++) sum += decideOnce()
    expect(sum).toBe(10_000 * ('success'.length + 1))
    changes = true
    expect(decideOnce()).toBe('success'.length + 2)
  })
})
