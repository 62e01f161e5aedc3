import { expect, it } from 'vitest'
import { codeFrame } from '../../src/suites/code-frame.ts'
import type { Problem } from '../../src/suites/problem.ts'
import { problemsError, renderProblems } from '../../src/suites/render-problems.ts'

function aProblem(line: number, more: Partial<Problem> = {}): Problem {
  return { file: 'a.yaml', line, column: 1, path: 'x', message: 'is wrong', ...more }
}

it('sorts by file and line, and says how many more there are', () => {
  const problems = Array.from({ length: 25 }, (_, index) => aProblem(25 - index))
  const lines = renderProblems([aProblem(1, { file: 'b.yaml' }), ...problems]).split('\n')
  expect(lines.slice(0, 2)).toEqual(['a.yaml:1:1 x: is wrong', 'a.yaml:2:1 x: is wrong'])
  expect(lines.slice(20)).toEqual(['and 6 more problems', ''])
})

it('leaves out what is not known', () => {
  expect(renderProblems([{ file: '--model a=b', path: '', message: 'no', hint: 'try c' }])).toBe(
    '--model a=b: no; try c\n',
  )
})

it('makes the error that ends a command', () => {
  const error = problemsError([aProblem(3, { frame: '> 3 | x\n    | ^' })])
  expect(error.exitCode).toBe(2)
  expect(error.message).toBe('found 1 problem\n\na.yaml:3:1 x: is wrong\n> 3 | x\n    | ^')
  expect(problemsError([aProblem(1), aProblem(2)]).message).toMatch(/^found 2 problems\n/)
})

it('keeps the caret below the place when invisible text is taken out', () => {
  expect(codeFrame(['before\ttab', '\u202ea\u200b: x'], { line: 10, column: 5 })).toBe(
    ['   9 | before tab', '> 10 | a: x', '     |   ^'].join('\n'),
  )
})

it('shows the first line alone, and nothing of a line beyond its part', () => {
  expect(codeFrame(['a: 1'], { line: 1, column: 4 })).toBe('> 1 | a: 1\n    |    ^')
  const frame = codeFrame(['short', 'y'.repeat(300)], { line: 2, column: 200 })
  expect(frame).toBe(`> 2 | …${'y'.repeat(100)}…\n    | ${' '.repeat(51)}^`)
})
