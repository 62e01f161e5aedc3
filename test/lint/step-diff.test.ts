import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeStep, type PlayStep } from '../../src/lint/play-step.ts'
import { diffSteps } from '../../src/lint/step-diff.ts'

const steps: readonly PlayStep[] = ['a', 'b', 'c', 'd', 'e'].map((call) => ({ call, args: {} }))

describe('diffSteps', () => {
  it('marks what only one of them does', () => {
    const [a, b, c] = steps
    const oracle = [a, b, c].flatMap((step) => step ?? [])
    const mutant = [a, c].flatMap((step) => step ?? [])
    expect(diffSteps(oracle, [...mutant, { say: '' }])).toEqual([
      '  call a()',
      '- call b()',
      '  call c()',
      '+ say nothing',
    ])
  })

  it('holds both lists whole and in order', () => {
    const some = fc.shuffledSubarray([...steps])
    fc.assert(
      fc.property(some, some, (oracle, mutant) => {
        const lines = diffSteps(oracle, mutant)
        const without = (mark: string): readonly string[] =>
          lines.filter((line) => !line.startsWith(mark)).map((line) => line.slice(2))
        expect(without('+')).toEqual(oracle.map(describeStep))
        expect(without('-')).toEqual(mutant.map(describeStep))
      }),
    )
  })
})
