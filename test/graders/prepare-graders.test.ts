import { describe, expect, it } from 'vitest'
import { prepareGraders } from '../../src/graders/prepare-graders.ts'
import { graders } from '../../src/graders/registry.ts'
import type { EvalCaseInput } from '../../src/schema/case.ts'
import { aCase } from '../builders/case.ts'
import { usualApprovals } from './judging.ts'

const everything: EvalCaseInput['expect'] = {
  schema: {},
  calls: [{ tool: 'a' }],
  effects: { required: [{ tool: 'a' }] },
  state: ['true'],
  says: [{ any: 'x' }],
  evidence: [{ tool: 'a' }],
  explained: {},
  route: 'small',
}

async function applying(expected: EvalCaseInput['expect']): Promise<readonly string[]> {
  const { checks } = await prepareGraders(aCase({ expect: expected }), usualApprovals)
  return checks.map(({ grader }) => grader)
}

describe('prepareGraders', () => {
  it('takes only the graders that a case has something for, and `changes` always', async () => {
    expect(await applying({ says: [{ any: 'x' }] })).toEqual(['changes', 'says'])
    expect(await applying({ effects: {} })).toEqual(['changes'])
    expect(await applying(everything)).toEqual(graders.map(({ id }) => id))
  })

  it('has a grader for every part of an expectation', () => {
    const ids = graders.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.toSorted()).toEqual(['changes', ...Object.keys(everything)].toSorted())
  })

  it.each<[EvalCaseInput['expect'], RegExp]>([
    [{ calls: [{ tool: 'a', args: { x: { matches: '(' } } }] }, /pattern \(/],
    [{ effects: { allowed: [{ tool: 'a', args: { x: { matches: '(' } } }] } }, /pattern \(/],
    [{ says: [{ must_not: '(?=a)b' }] }, /look-around/],
    [{ state: ['size('] }, /size\(/],
    [{ schema: { reply: { $schema: 'urn:other' } } }, /unknown dialect/],
  ])('refuses %j and names the case', async (expected, message) => {
    const prepared = prepareGraders(aCase({ id: 'broken', expect: expected }), usualApprovals)
    await expect(prepared).rejects.toMatchObject({ code: 'input' })
    await expect(prepared).rejects.toThrow(/^case broken: /)
    await expect(prepared).rejects.toThrow(message)
  })
})
