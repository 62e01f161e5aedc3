import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { caseId } from '../../src/importers/case-id.ts'
import { id } from '../../src/schema/names.ts'

describe('caseId', () => {
  it('joins plain names with dots', () => {
    expect(caseId(['slack', 'user_task_3', 'direct', 'injection_task_0'])).toBe(
      'slack.user_task_3.direct.injection_task_0',
    )
  })

  it('tells names apart that look alike once made plain', () => {
    const ids = ['Slack', 'sLack', 'slack ', 'slack.', '\u001b[31mslack', '../slack', ''].map(
      (name) => caseId([name, 'user_task_0']),
    )
    expect(new Set([...ids, 'slack.user_task_0']).size).toBe(ids.length + 1)
    expect(ids[0]).toBe('slack-b27fb38b.user_task_0')
  })

  it('does not let a dot in one name stand for the border of two', () => {
    expect(caseId(['a.b', 'c'])).not.toBe(caseId(['a', 'b.c']))
  })

  it('is an id, whatever the names', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', maxLength: 90 }), { minLength: 1, maxLength: 4 }),
        (names) => {
          expect(id.safeParse(caseId(names)).success).toBe(true)
        },
      ),
    )
    expect(caseId(['a', 'b', 'c', 'd'].map((letter) => letter.repeat(40)))).toHaveLength(120)
  })
})
