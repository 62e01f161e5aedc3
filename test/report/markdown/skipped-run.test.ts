import { describe, expect, it } from 'vitest'
import { renderSkippedRun } from '../../../src/report/markdown/skipped-run.ts'
import { type SkippedRun, skippedRun } from '../../../src/schema/skipped-run.ts'
import { aProvenance } from '../../builders/result.ts'

function aSkippedRun(name = 'good', baseline = 'set/baseline.json'): SkippedRun {
  const { candidate } = aProvenance()
  return skippedRun.parse({
    apiVersion: 'agent-eval/v1',
    kind: 'SkippedRun',
    provenance: aProvenance({ candidate: { ...candidate, name } }),
    baseline,
  })
}

describe('renderSkippedRun', () => {
  it('is the document for programs', () => {
    const skipped = aSkippedRun()
    const text = renderSkippedRun(skipped, 'json')
    expect(skippedRun.parse(JSON.parse(text))).toEqual(skipped)
    expect(text.endsWith('}\n')).toBe(true)
  })

  it('says in a comment that there is no verdict, and where the comment is found again', () => {
    expect(renderSkippedRun(aSkippedRun(), 'markdown')).toMatchInlineSnapshot(`
      "<!-- agent-eval:comment v1 evalset=support -->
      ### agent-eval (support): skipped, nothing changed

      Compared with the baseline set/baseline.json: agent good (prompt, policy, tools, budgets, models and all other settings),
      eval set support 1.3.0 (cases, world, judging policy and gate) and agent-eval agent-eval 0.1.0 are the same.
      Nothing was run, and nothing was decided anew.
      "
    `)
  })

  it('lets no name speak for itself', () => {
    const hostile = aSkippedRun('@everyone\n# pass \u001b[2J', '<img src=x>')
    const comment = renderSkippedRun(hostile, 'markdown')
    expect(comment).not.toMatch(/@everyone|^# pass|<img/m)
    const terminal = renderSkippedRun(hostile, 'terminal')
    expect(terminal).not.toContain('\u001b')
    expect(terminal).toMatchInlineSnapshot(`
      "support: skipped, nothing changed
        Compared with the baseline <img src=x>: agent @everyone # pass (prompt,
        policy, tools, budgets, models and all other settings), eval set support 1.3.0
        (cases, world, judging policy and gate) and agent-eval agent-eval 0.1.0 are
        the same. Nothing was run, and nothing was decided anew.
      "
    `)
  })
})

function aFork(text = 'somebody/bot', exitCode: 0 | 3 = 0): SkippedRun {
  const { candidate } = aProvenance()
  return skippedRun.parse({
    apiVersion: 'agent-eval/v1',
    kind: 'SkippedRun',
    provenance: aProvenance({ candidate: { ...candidate, name: 'good' } }),
    why: 'fork',
    fork: { from: text, missingKeys: ['OPENAI_API_KEY'], models: ['openai:gpt-4o'], exitCode },
  })
}

describe('a change from a fork', () => {
  it('is no pass in a comment, which says what is missing and who can help', () => {
    expect(renderSkippedRun(aFork(), 'markdown')).toMatchInlineSnapshot(`
      "<!-- agent-eval:comment v1 evalset=support -->
      ### agent-eval (support): not run, a change from a fork is given no keys

      Nothing was run and nothing was decided. This is not a pass.
      The step does not fail all the same (exit 0).

      Agent good on eval set support 1.3.0 asks openai:gpt-4o and needs OPENAI_API_KEY,
      which CI does not give to a change from somebody/bot.

      What a maintainer can do: read the change, then start the run by hand (workflow_dispatch) on exactly the commit that was read, where the key is;
      or gate recorded answers, which need no key: --cassette replay.
      "
    `)
  })

  it('says the same in the terminal, and that it fails where only a decision passes', () => {
    expect(renderSkippedRun(aFork('dependabot[bot]', 3), 'terminal')).toMatchInlineSnapshot(`
      "support: not run, a change from a fork is given no keys
        Nothing was run and nothing was decided. This is not a pass. It fails the step
        (exit 3): the gate is strict, or the change itself brought the need for a key.
        Agent good on eval set support 1.3.0 asks openai:gpt-4o and needs
        OPENAI_API_KEY, which CI does not give to a change from dependabot[bot].
        What a maintainer can do: read the change, then start the run by hand
        (workflow_dispatch) on exactly the commit that was read, where the key is; or
        gate recorded answers, which need no key: --cassette replay.
      "
    `)
  })

  it('is a document that says why, and older ones are still read', () => {
    const skipped = aFork()
    expect(skippedRun.parse(JSON.parse(renderSkippedRun(skipped, 'json')))).toEqual(skipped)
    expect(aSkippedRun().why).toBeUndefined()
    const without = { ...aSkippedRun(), baseline: undefined }
    expect(skippedRun.safeParse(without).error?.issues[0]?.path).toEqual(['baseline'])
    expect(skippedRun.safeParse({ ...without, why: 'fork' }).error?.issues[0]?.path).toEqual([
      'fork',
    ])
  })
})
