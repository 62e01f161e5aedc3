import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromExprValue, toExprValue } from '../../src/expr/value.ts'
import { type StateChange, stateChange } from '../../src/schema/trace.ts'
import { applyEdit } from '../../src/world/apply-changes.ts'
import { applyStateChanges } from '../../src/world/state-at.ts'
import { aState } from './builders.ts'
import { anEdit } from './edits.ts'

function after(state: Parameters<typeof toExprValue>[0], changes: StateChange[]): unknown {
  const result = applyStateChanges(new Map([['x', toExprValue(state)]]), changes)
  return result.ok ? (fromExprValue(result.value) as { x: unknown }).x : result.error
}

describe('applyStateChanges', () => {
  it('rebuilds the final state from the first one and what was recorded', () => {
    fc.assert(
      fc.property(fc.array(anEdit, { maxLength: 12 }), (edits) => {
        const first = aState()
        let last = first
        const recorded: unknown[] = []
        for (const edit of edits) {
          const edited = applyEdit(last, edit)
          if (!edited.ok) continue
          last = edited.value.state
          recorded.push(edited.value.change)
        }
        const read = stateChange.array().parse(JSON.parse(JSON.stringify(recorded)))
        expect(applyStateChanges(first, read)).toEqual({ ok: true, value: last })
      }),
      { numRuns: 500 },
    )
  })

  it('inserts into lists and removes from them as JSON Patch does', () => {
    expect(after([1, 2], [{ op: 'add', path: '/x/1', value: 9 }])).toEqual([1, 9, 2])
    expect(after([1, 2], [{ op: 'add', path: '/x/2', value: 9 }])).toEqual([1, 2, 9])
    expect(after([1, 2], [{ op: 'replace', path: '/x/1', value: 9 }])).toEqual([1, 9])
    expect(after([1, 2], [{ op: 'remove', path: '/x/0' }])).toEqual([2])
    expect(after({ a: 1 }, [{ op: 'add', path: '/x/a', value: 2 }])).toEqual({ a: 2 })
  })

  it.each<[StateChange, string]>([
    [{ op: 'replace', path: '/x/b', value: 1 }, 'replace /x/b: there is nothing to replace'],
    [{ op: 'remove', path: '/x/b' }, 'remove /x/b: there is no "b"'],
    [{ op: 'add', path: '/y/b', value: 1 }, 'add /y/b: there is nothing at /y'],
    [{ op: 'add', path: '/x/b' }, 'add /x/b: the change has no value'],
    [{ op: 'replace', path: '', value: {} }, 'the whole state cannot be replaced'],
  ])('%o does not fit', (change, error) => {
    expect(after({ a: 1 }, [change])).toContain(error)
  })
})
