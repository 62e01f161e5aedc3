import { describe, expect, it } from 'vitest'
import { parseShard } from '../../../src/cli/shards/shard.ts'
import { AgentEvalError } from '../../../src/errors.ts'

type Env = Readonly<Record<string, string>>

function problem(text: string, env: Env = {}): AgentEvalError {
  try {
    parseShard(text, env)
  } catch (error) {
    if (error instanceof AgentEvalError) return error
    throw error
  }
  throw new Error(`${text} was taken`)
}

describe('--shard i/n', () => {
  it.each([
    ['1/1', 1, 1],
    ['2/3', 2, 3],
    ['1000/1000', 1000, 1000],
  ])('takes %s', (text, index, total) => {
    expect(parseShard(text, {})).toEqual({ index, total })
  })

  it.each([
    ['0/3', 'there is no such part', 'shards go from 1/3 to 3/3'],
    ['4/3', 'there is no such part', 'shards go from 1/3 to 3/3'],
    ['0/0', 'there is no such part', 'there is at least one: 1/1'],
    ['/3', 'is no part of a whole', 'a variable in it may be empty'],
    ['1/', 'is no part of a whole', 'a variable in it may be empty'],
    ['2', 'is no part of a whole', 'write it as 1/3, the first of three, or as auto'],
    ['-1/3', 'is no part of a whole', 'write it as 1/3'],
    ['1.5/3', 'is no part of a whole', 'write it as 1/3'],
    [' 1/3', 'is no part of a whole', 'write it as 1/3'],
    ['AUTO', 'is no part of a whole', 'write it as 1/3'],
    ['1/1001', 'at most 1000 shards', ''],
    ['1/99999999999', 'is no part of a whole', 'write it as 1/3'],
  ])('refuses %s and says what would work', (text, message, hint) => {
    const error = problem(text)
    expect(error.exitCode).toBe(2)
    expect(error.message).toContain(message)
    expect(error.hint ?? '').toContain(hint)
  })

  it('quotes what is hostile', () => {
    expect(problem('\u001b[31m::error::/3').message).toContain('"\\u001b[31m::error::/3"')
  })
})

describe('--shard auto', () => {
  it.each<[string, Env, number, number]>([
    ['GitLab', { GITLAB_CI: 'true', CI_NODE_INDEX: '2', CI_NODE_TOTAL: '4' }, 2, 4],
    ['GitLab without parallel', { GITLAB_CI: 'true', CI_NODE_TOTAL: '1' }, 1, 1],
    ['Buildkite', { BUILDKITE_PARALLEL_JOB: '0', BUILDKITE_PARALLEL_JOB_COUNT: '4' }, 1, 4],
    ['CircleCI', { CIRCLE_NODE_INDEX: '3', CIRCLE_NODE_TOTAL: '4' }, 4, 4],
    ['Kubernetes', { JOB_COMPLETION_INDEX: '1', AGENT_EVAL_SHARDS: '5' }, 2, 5],
    [
      'GitLab on Kubernetes',
      { CI_NODE_INDEX: '1', CI_NODE_TOTAL: '2', JOB_COMPLETION_INDEX: '7' },
      1,
      2,
    ],
  ])('reads %s', (_, env, index, total) => {
    expect(parseShard('auto', env)).toEqual({ index, total })
  })

  it.each<[string, Env, string, string]>([
    ['nowhere', {}, 'finds no parallel job', '--shard 1/3'],
    [
      'GitHub, whatever is set there',
      { GITHUB_ACTIONS: 'true', CI_NODE_INDEX: '0', CI_NODE_TOTAL: '3' },
      'GitHub Actions tells no job which part of its matrix it is',
      '--shard "$SHARD/$SHARDS"',
    ],
    [
      'Kubernetes, which keeps the total to itself',
      { JOB_COMPLETION_INDEX: '0' },
      'AGENT_EVAL_SHARDS is not set',
      'set AGENT_EVAL_SHARDS to the completions of the job',
    ],
    [
      'GitLab with half of it',
      { CI_NODE_INDEX: '1', CI_NODE_TOTAL: '' },
      'CI_NODE_TOTAL is not set',
      'set both',
    ],
    [
      'Buildkite beyond the end',
      { BUILDKITE_PARALLEL_JOB: '4', BUILDKITE_PARALLEL_JOB_COUNT: '4' },
      'there is no such part',
      'shards go from 1/4 to 4/4',
    ],
    [
      'CircleCI with words',
      { CIRCLE_NODE_INDEX: 'one', CIRCLE_NODE_TOTAL: '4' },
      'these are no whole numbers',
      '',
    ],
  ])('refuses %s', (_, env, message, hint) => {
    const error = problem('auto', env)
    expect(error.exitCode).toBe(2)
    expect(error.message).toContain(message)
    expect(error.hint ?? '').toContain(hint)
  })
})
