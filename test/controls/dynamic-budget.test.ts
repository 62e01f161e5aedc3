import { describe, expect, it } from 'vitest'
import { badSigns } from '../../src/controls/dynamic-budget.ts'
import { executedCall } from '../../src/controls/executed-call.ts'
import { candidateBudgets, type DynamicBudget } from '../../src/schema/budgets.ts'
import type { JsonValue } from '../../src/schema/json.ts'

function signs(written: object): DynamicBudget {
  const { dynamic } = candidateBudgets.parse({ dynamic: written })
  if (dynamic === undefined) throw new Error('no dynamic budget')
  return dynamic
}

const found = (result: JsonValue): ReturnType<typeof executedCall> =>
  executedCall({ tool: 'crm.search', args: { q: 'x' }, result, at: '2026-01-05T09:00:00Z' })

describe('what counts as an empty result', () => {
  it.each([
    [null, true],
    ['', true],
    [[], true],
    [{}, true],
    [{ items: [], next: null }, true],
    [{ page: { items: [] } }, true],
    [false, false],
    [0, false],
    [' ', false],
    [[null], false],
    [{ total: 0 }, false],
    [{ items: [], total: 0 }, false],
  ])('%j: %s', (result, isEmpty) => {
    const watch = badSigns(signs({ empty_results: 2 }))
    const said = [watch.note(found(result), 'read'), watch.note(found(result), 'read')]
    expect(said).toEqual([[], isEmpty ? ['2 reads in a row found nothing'] : []])
  })

  it('is told of once, however long it goes on', () => {
    const watch = badSigns(signs({ empty_results: 2 }))
    const said = [1, 2, 3, 4].map(() => watch.note(found([]), 'read').length)
    expect(said).toEqual([0, 1, 0, 0])
  })

  it('is one of a read: what a write returns does not matter', () => {
    const watch = badSigns(signs({ empty_results: 2 }))
    for (const effect of ['write', 'external', undefined] as const) {
      expect(watch.note(found([]), effect)).toEqual([])
    }
    expect(watch.note(found([]), 'read')).toEqual([])
    expect(watch.note(found('x'), 'write')).toEqual([])
    expect(watch.note(found([]), 'read')).toHaveLength(1)
  })
})

describe('low confidence', () => {
  it('is said of reads and of writes, once', () => {
    const watch = badSigns(signs({ low_confidence: 'output.sure == false' }))
    expect(watch.note(found({ sure: true }), 'write')).toEqual([])
    expect(watch.note(found({ sure: false }), 'write')).toHaveLength(1)
    expect(watch.note(found({ sure: false }), 'read')).toEqual([])
  })

  it('comes with the other sign where one call is both', () => {
    const watch = badSigns(signs({ low_confidence: 'size(output) == 0', empty_results: 2 }))
    watch.note(found('x'), 'read')
    expect(watch.note(found([]), 'read')).toHaveLength(1)
    expect(watch.note(found([]), 'read')).toHaveLength(1)
  })
})
