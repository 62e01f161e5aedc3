import { describe, expect, it } from 'vitest'
import type { Folder } from '../../src/ports.ts'
import {
  loadedFrom,
  memoryFolder,
  refundDesk,
  refundDeskEdited,
  refundDeskWith,
} from './memory-folder.ts'

const original = await loadedFrom(refundDeskWith({}))

function definitionHash(set: typeof original, id: string): string | undefined {
  return set.definitions.get(id)?.definitionHash
}

describe('what makes no difference to any hash', () => {
  it.each<[string, Folder]>([
    ['comments', refundDeskEdited('world.yaml', 'state:', '# the shop\nstate: # all of it')],
    [
      'order of keys',
      refundDeskEdited(
        'world.yaml',
        'total_cents: 4000, status: delivered',
        'status: delivered, total_cents: 4000',
      ),
    ],
    [
      'spelling',
      refundDeskEdited(
        'cases/outcome/refund.yaml',
        'ask: Please refund order O-1.',
        'ask: "Please refund order O-1."',
      ),
    ],
    [
      'versions of the format',
      refundDeskEdited('policy.yaml', 'rules:', 'apiVersion: agent-eval/v1\nrules:'),
    ],
    [
      'defaults written out',
      refundDeskEdited(
        'cases/outcome/refund.yaml',
        'expect:',
        'tags: []\ncluster: refund.full\nexpect:',
      ),
    ],
  ])('%s', async (_, folder) => {
    const set = await loadedFrom(folder)
    expect(set.hash).toBe(original.hash)
    expect(definitionHash(set, 'refund.full')).toBe(definitionHash(original, 'refund.full'))
  })

  it('where a file stands and how it is written', async () => {
    const { 'cases/outcome/refund.yaml': text, 'world.yaml': world, ...rest } = refundDesk
    const moved = {
      ...rest,
      'evalset.yaml': `${rest['evalset.yaml']}world: shop/world.yaml\n`,
      'shop/world.yaml': world,
      'cases/outcome/deeper/all.yaml': `cases:\n  - ${text.trimEnd().replaceAll('\n', '\n    ')}\n`,
    }
    const set = await loadedFrom(memoryFolder(moved, 'elsewhere'))
    expect(set.hash).toBe(original.hash)
    expect(definitionHash(set, 'refund.full')).toBe(definitionHash(original, 'refund.full'))
  })
})

describe('what changes a case changes its hash', () => {
  it.each([
    ['the ask', refundDeskEdited('cases/outcome/refund.yaml', 'Please refund', 'Refund')],
    [
      'the oracle',
      refundDeskEdited('cases/outcome/refund.yaml', 'amount_cents: 4000', 'amount_cents: 3999'),
    ],
    [
      'a patch',
      refundDeskEdited(
        'cases/outcome/refund.yaml',
        'oracle:',
        'world: { patch: [{ op: remove, path: /orders/O-2 }] }\noracle:',
      ),
    ],
    ['the state', refundDeskEdited('world.yaml', 'shipped', 'lost')],
    ['a tool', refundDeskEdited('world.yaml', 'Pay an order back', 'Pay')],
    ['the policy', refundDeskEdited('policy.yaml', '50000', '50001')],
    [
      'the budgets',
      refundDeskEdited(
        'evalset.yaml',
        'version',
        'defaults: { budgets: { max_tool_calls: 3 } }\nversion',
      ),
    ],
  ])('%s', async (_, folder) => {
    const set = await loadedFrom(folder)
    expect(definitionHash(set, 'refund.full')).not.toBe(definitionHash(original, 'refund.full'))
    expect(set.hash).not.toBe(original.hash)
  })

  it('a module', async () => {
    const world = refundDesk['world.yaml'].replace(
      '    returns: =state.orders[args.order_id]',
      '    module: ./t.ts#x',
    )
    const hashes = await Promise.all(
      ['one', 'two'].map(
        async (text) =>
          (await loadedFrom(refundDeskWith({ 'world.yaml': world, 't.ts': text }))).hash,
      ),
    )
    expect(hashes[0]).not.toBe(hashes[1])
  })
})

it('does not change a case that another one was added to', async () => {
  const text = refundDesk['cases/outcome/refund.yaml'].replace('refund.full', 'refund.again')
  const set = await loadedFrom(refundDeskWith({ 'cases/outcome/again.yaml': text }))
  expect(definitionHash(set, 'refund.full')).toBe(definitionHash(original, 'refund.full'))
  expect(set.hash).not.toBe(original.hash)
})

it('does not change a case by what it is called and sampled by', async () => {
  const set = await loadedFrom(
    refundDeskEdited(
      'cases/outcome/refund.yaml',
      'expect:',
      'title: Full refund\ntags: [smoke]\ntrials: 9\nexpect:',
    ),
  )
  expect(definitionHash(set, 'refund.full')).toBe(definitionHash(original, 'refund.full'))
  expect(set.hash).not.toBe(original.hash)
})

it('changes an attacked case by the text that it uses, and only that', async () => {
  const more = await loadedFrom(
    refundDeskEdited('injections.yaml', 'templates:', 'templates:\n  other: "{goal}!"'),
  )
  expect(definitionHash(more, 'note.refund-all')).toBe(definitionHash(original, 'note.refund-all'))
  const other = await loadedFrom(refundDeskEdited('injections.yaml', 'Ignore', 'Forget'))
  expect(definitionHash(other, 'note.refund-all')).not.toBe(
    definitionHash(original, 'note.refund-all'),
  )
  expect(definitionHash(other, 'refund.full')).toBe(definitionHash(original, 'refund.full'))
})
