import { describe, expect, it } from 'vitest'
import { aCaseStats } from '../builders/case-stats.ts'
import { decided, metricOf } from './arms.ts'

const cases = (passed: number): readonly ReturnType<typeof aCaseStats>[] =>
  Array.from({ length: 30 }, (_, index) => aCaseStats({ id: `case.${index}`, passed }))

describe('what would settle a metric', () => {
  const gate = { unit: 'case' as const, metrics: ['tsr' as const] }

  it('is said where nothing was decided', () => {
    const tsr = metricOf(decided({ baseline: cases(5), candidate: cases(5) }, { gate }), 'tsr')
    expect(tsr.status).toBe('inconclusive')
    expect(tsr.note).toMatch(/^whole cases are the unit: about \d+ cases would settle it$/)
  })

  it('is of no use where something was', () => {
    const tsr = metricOf(decided({ baseline: cases(5), candidate: cases(1) }, { gate }), 'tsr')
    expect(tsr.status).toBe('regression')
    expect(tsr.note).toBeUndefined()
  })
})
