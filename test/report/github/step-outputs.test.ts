import { describe, expect, it } from 'vitest'
import {
  outputLines,
  type SetOutcome,
  stepOutputs,
} from '../../../src/report/github/step-outputs.ts'

const pass: SetOutcome = { verdict: 'pass', exitCode: 0, tsr: 0.95, reportPath: 'r/a/result.json' }
const worse: SetOutcome = {
  verdict: 'regression',
  exitCode: 1,
  tsr: 0.5,
  reportPath: 'r/b/result.json',
}

describe('stepOutputs', () => {
  it('takes the worst verdict, the lowest rate and every path', () => {
    expect(stepOutputs([pass, worse], 1)).toEqual({
      verdict: 'regression',
      'exit-code': '1',
      tsr: '0.5',
      'report-path': 'r/a/result.json\nr/b/result.json',
    })
  })

  it.each([
    [['pass', 'skipped'], 0, 'pass'],
    [['skipped'], 0, 'skipped'],
    [['pass', 'none'], 0, 'none'],
    [['pass', 'inconclusive'], 0, 'inconclusive'],
    [['inconclusive', 'error'], 4, 'error'],
    [['error', 'regression'], 1, 'regression'],
    [[], 0, 'none'],
  ] as const)('of %j it says %s', (verdicts, exitCode, expected) => {
    const outcomes = verdicts.map((verdict) => ({ verdict, exitCode: 0 }))
    expect(stepOutputs(outcomes, exitCode).verdict).toBe(expected)
  })

  it.each([2, 4, 130, 143])('is no verdict after exit code %i, whatever was measured', (code) => {
    expect(stepOutputs([pass], code)).toMatchObject({ verdict: 'error', 'exit-code': String(code) })
  })

  it('takes the exit code from the verdicts where the command has none of its own', () => {
    expect(stepOutputs([pass, worse], undefined)['exit-code']).toBe('1')
    expect(stepOutputs([pass], undefined)).toMatchObject({ verdict: 'pass', 'exit-code': '0' })
  })

  it('leaves empty what is not known', () => {
    expect(stepOutputs([{ verdict: 'none', exitCode: 0 }], 0)).toMatchObject({
      tsr: '',
      'report-path': '',
    })
  })
})

describe('outputLines', () => {
  const lines = (path: string): string =>
    outputLines({ ...stepOutputs([pass], 0), 'report-path': path }, 'MARK')

  it('writes one line for each value', () => {
    expect(lines('r/a.json')).toBe('verdict=pass\nexit-code=0\ntsr=0.95\nreport-path=r/a.json\n')
  })

  it.each(['a\nverdict=pass', 'a\rb'])('keeps what a value holds inside of it: %j', (path) => {
    expect(lines(path)).toBe(
      `verdict=pass\nexit-code=0\ntsr=0.95\nreport-path<<MARK\n${path}\nMARK\n`,
    )
  })
})
