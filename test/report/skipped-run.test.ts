import { describe, expect, it } from 'vitest'
import { renderSkippedRun } from '../../src/report/skipped-run.ts'
import { type SkippedRun, skippedRun } from '../../src/schema/skipped-run.ts'
import { aProvenance } from '../builders/result.ts'

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
      eval set support 1\\.3.0 (cases, world, judging policy and gate) and agent-eval agent\\-eval 0.1.0 are the same.
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
