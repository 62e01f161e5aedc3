import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { endsInLoop, watchForLoops } from '../../src/controls/loop-stop.ts'

const history = (letters: string): readonly string[] => Array.from(letters)

describe('endsInLoop', () => {
  it.each([
    ['aaa', 3, true],
    ['aa', 3, false],
    ['aa', 2, true],
    ['xaaa', 3, true],
    ['aaax', 3, false],
    ['aaba', 3, false],
    ['ababab', 3, true],
    ['babab', 3, false],
    ['abcabcabc', 3, true],
    ['abcdabcdabcd', 3, true],
    ['abcdeabcdeabcde', 3, false],
    ['abab', 2, true],
    ['', 2, false],
  ])('%s, %i times: %s', (letters, repeats, loops) => {
    expect(endsInLoop(history(letters), repeats)).toBe(loops)
  })

  it('polling that sees something new is no loop', () => {
    expect(endsInLoop(['get: 1', 'get: 2', 'get: 3', 'get: 4'], 2)).toBe(false)
  })

  it('never fires where no step comes twice', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), fc.integer({ min: 2, max: 5 }), (steps, repeats) => {
        expect(endsInLoop(steps, repeats)).toBe(false)
      }),
    )
  })

  it('always fires on a cycle of up to four steps, whatever came before', () => {
    const cycle = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b')),
        cycle,
        fc.integer({ min: 2, max: 4 }),
        (before, steps, repeats) => {
          const cycles = Array.from({ length: repeats }, () => steps).flat()
          expect(endsInLoop([...before, ...cycles], repeats)).toBe(true)
        },
      ),
    )
  })
})

describe('watchForLoops', () => {
  /** After which note, counted from 1, it sees a loop; each text is a round of one-letter steps. */
  const firstLoop = (rounds: readonly string[], repeats: number): number | undefined => {
    const watch = watchForLoops(repeats)
    const steps = rounds.flatMap((round, index) =>
      Array.from(round, (step) => [step, index] as const),
    )
    const at = steps.findIndex(([step, round]) => watch.note(step, round))
    return at === -1 ? undefined : at + 1
  }

  it.each([
    ['single steps', ['a', 'a', 'a'], 3, 3],
    ['a batch that repeats itself', ['aaa'], 3, 3],
    [
      'long batches, which no cycle of single steps is as long as',
      ['abcdef', 'abcdef', 'abcdef'],
      3,
      18,
    ],
    ['in another order', ['abcdef', 'fedcba', 'badcfe'], 3, 18],
    ['two long batches by turns', ['abcdef', 'uvwxyz', 'abcdef', 'uvwxyz'], 2, 24],
    ['after something else', ['xyz', 'abcdef', 'abcdef'], 2, 15],
    ['other batches', ['abcdef', 'abcdeg', 'abcdef'], 2, undefined],
    ['a batch that has the same ones more often', ['ebcdeaf', 'dbceadf', 'cbdeacf'], 2, undefined],
    ['batches that grow', ['abcde', 'abcdef', 'abcdefg'], 3, undefined],
  ] as const)('%s', (_, rounds, repeats, at) => {
    expect(firstLoop(rounds, repeats)).toBe(at)
  })
})
