import { describe, expect, it } from 'vitest'
import { checks } from '../../../src/cli/doctor/checks.ts'
import type { DoctorContext } from '../../../src/cli/doctor/context.ts'
import { runChecks } from '../../../src/cli/doctor/run-checks.ts'
import { AgentEvalError } from '../../../src/errors.ts'

/** The matcher is of type `any`, which no object of a test should take on. */
const saying = (part: string): unknown => expect.stringContaining(part)

const nobody = {} as DoctorContext

describe('runChecks', () => {
  it('goes on after a check that throws, whatever it throws', async () => {
    const found = await runChecks(
      [
        { id: 'bug', run: () => Promise.reject(new TypeError('x is not a function')) },
        {
          id: 'known',
          run: () => {
            throw new AgentEvalError('no merge base', 'usage', { hint: 'fetch-depth: 0' })
          },
        },
        { id: 'fine', run: () => [{ status: 'ok', message: 'good' }] },
      ],
      nobody,
    )
    expect(found).toEqual([
      {
        check: 'bug',
        status: 'fail',
        message: 'this could not be found out: x is not a function',
        fix: saying('report it'),
      },
      { check: 'known', status: 'fail', message: 'no merge base', fix: 'fetch-depth: 0' },
      { check: 'fine', status: 'ok', message: 'good' },
    ])
  })
})

describe('the table of checks', () => {
  it('has each id once', () => {
    const ids = checks.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})
