import { describe, expect, it } from 'vitest'
import { showable } from '../../../src/cli/github/showable.ts'
import { aRunResult } from '../../builders/result.ts'

const good = { from: 'good/result.json', document: aRunResult() }
const poisoned = { from: 'poisoned/result.json', document: aRunResult() }

describe('documents of which one makes a renderer throw', () => {
  it('are told apart, and the one is a problem with its name and reason', () => {
    const { found, problems, unshowable } = showable(
      { found: [poisoned, good], problems: [] },
      (one) => {
        if (one === poisoned) throw new RangeError('Invalid string length\n::error::pwned')
      },
    )
    expect([found, unshowable]).toEqual([[good], [poisoned]])
    expect(problems.map(({ code, message, source }) => [code, message, source?.file])).toEqual([
      [
        'evidence',
        expect.stringContaining('cannot be shown: Invalid string length'),
        poisoned.from,
      ],
    ])
    expect(problems[0]?.message).not.toContain('\n')
  })
})
