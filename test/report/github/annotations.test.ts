import { describe, expect, it } from 'vitest'
import { annotationsOf } from '../../../src/report/github/annotations.ts'
import { github } from '../../../src/report/github/github.ts'
import type { ReportInput } from '../../../src/report/reporter.ts'
import type { RunResult } from '../../../src/schema/run-result.ts'
import type { Verdict } from '../../../src/schema/verdict.ts'
import { aCaseResult, aComparison, aRunResult } from '../../builders/result.ts'
import { aFact, aMetric, aMovedCase, aVerdict } from '../../builders/verdict.ts'
import { hostileTexts } from '../../text/hostile-corpus.ts'
import * as examples from '../examples.ts'
import { hostileInput } from '../hostile-input.ts'
import { commandsIn } from './actions-runner.ts'

const red = { status: 'regression', exitCode: 1 } as const

function ofVerdict(changes: Parameters<typeof aVerdict>[0]): ReportInput {
  const { context } = examples.pass
  return { context, result: aRunResult({ verdict: aVerdict(changes) }) }
}

function moved(...ids: readonly string[]): Verdict['cases'] {
  return { moved: ids.map((id) => aMovedCase({ id })), added: [], removed: [], changed: [] }
}

describe('annotationsOf', () => {
  it('names the fact first, then the case that shows the regression, then the totals', () => {
    expect(github.render(examples.regressionByFact)).toMatchInlineSnapshot(`
      "::error file=cases/outcome/refund.yaml,line=61,title=rule broken%3A identity_verified::payments.issue_refund ran without approval%0ACases: refund.over-limit.%0ATrials passed: 0/5, was 5/5.%0AFirst failing check: payments.request_approval was called 0 times, expected at least once (5 trials).
      ::error file=cases/outcome/cancel.yaml,line=84,title=worse than before%3A cancel.after-ship::Trials passed: 1/5, was 5/5.%0AFirst failing check: returns.create took effect 0 times, expected once (4 trials).
      ::notice title=agent-eval support%3A regression (exit 1)::support: regression: payments.issue_refund ran without approval; tasks done fell from 95.8 %25 to 85.0 %25%0Arules broken 4.2 %25, was 0.0 %25: inconclusive%0Atasks done 85.0 %25, was 95.8 %25: regression%0Atypical task cost $0.022, was $0.021: pass%0A3 cases, 15 trials, 0 lost; spent $2.64
      "
    `)
  })

  it('points at the line from the root of the repository, wherever the project lies in it', () => {
    const { context, result } = examples.regressionByFact
    const inFolder = { result, context: { ...context, repositoryFolder: 'packages/bot/' } }
    expect(annotationsOf([inFolder])[0]?.place).toEqual({
      file: 'packages/bot/cases/outcome/refund.yaml',
      line: 61,
    })
    const outside = aCaseResult({ id: 'refund.over-limit', file: '../../etc/refund.yaml', line: 1 })
    const other = {
      ...inFolder,
      result: aRunResult({ ...(result as RunResult), cases: [outside] }),
    }
    const places = annotationsOf([{ ...other, context }]).map(({ place }) => place)
    expect(places.filter((place) => place !== undefined)).toEqual([])
  })

  it('puts what is unsafe before what is only worse', () => {
    const attacked = aMovedCase({
      id: 'inject.a',
      layer: 'adversarial',
      candidatePassed: 5,
      attackSuccesses: { baseline: 0, candidate: 4 },
    })
    const input = ofVerdict({
      ...red,
      metrics: [aMetric({ status: 'regression' }), aMetric({ id: 'asr', status: 'regression' })],
      cases: { moved: [aMovedCase(), attacked], added: [], removed: [], changed: [] },
    })
    const titles = annotationsOf([input]).map(({ title }) => title)
    expect(titles.slice(0, 2)).toEqual([
      'attack succeeded in inject.a',
      'worse than before: refund.over-limit',
    ])
  })

  it('shows nine errors over all eval sets, the worst of all of them first, and says what is left', () => {
    const metrics = [aMetric({ status: 'regression' })]
    const ids = (set: string): readonly string[] => [1, 2, 3, 4, 5, 6, 7].map((n) => `${set}.${n}`)
    const a = ofVerdict({ ...red, metrics, cases: moved(...ids('a')) })
    const b = ofVerdict({ ...red, metrics, cases: moved(...ids('b')), facts: [aFact()] })
    const all = annotationsOf([a, b])
    const errors = all.filter(({ level }) => level === 'error')
    expect(errors).toHaveLength(9)
    expect(errors[0]?.title).toBe('rule broken: identity_verified')
    expect(errors.slice(1).map(({ title }) => title.split(': ')[1])).toEqual([...ids('a'), 'b.1'])
    const notices = all.filter(({ level }) => level === 'notice')
    expect(notices.map(({ message }) => message.split('\n').at(-1))).toEqual([
      '1 case, 5 trials, 0 lost; spent $2.64',
      '6 more in the summary of this job.',
    ])
  })

  it('says what evidence is missing, and does not call it a regression', () => {
    const [missing, totals] = annotationsOf([examples.error])
    expect(missing).toEqual({
      level: 'error',
      rank: 'missing',
      title: 'evidence is missing',
      message: '31 of 120 trials have no result: 29 rate_limit, 2 timeout',
    })
    expect(totals?.title).toBe('agent-eval support: error (exit 4)')
  })

  it('has an error of its own for a regression that no case shows', () => {
    const [verdict] = annotationsOf([examples.regressionByCost])
    expect([verdict?.level, verdict?.title]).toEqual(['error', 'agent-eval: regression'])
    expect(verdict?.message).toMatch(/^support: regression: 31 % dearer per task/)
  })

  it.each([
    ['a pass', examples.pass, 'notice'],
    ['a first run', examples.firstRun, 'notice'],
    ['a run that nobody decides on', examples.imported, 'notice'],
    ['what does not decide, which must not be read past', examples.inconclusive, 'warning'],
  ])('has no error for %s', (_, input, level) => {
    expect(annotationsOf([input]).map((one) => one.level)).toEqual([level])
  })

  it('has no error for a fact that a waiver excuses', () => {
    const input = ofVerdict({ facts: [aFact({ waivedBy: 'owner until 2027-01-01: known' })] })
    expect(annotationsOf([input]).map(({ level }) => level)).toEqual(['notice'])
  })

  it('finds the places of a comparison beside it', () => {
    const verdict = aVerdict({
      ...red,
      metrics: [aMetric({ status: 'regression' })],
      cases: moved('a'),
    })
    const { context } = examples.pass
    const one = aCaseResult({ id: 'a', file: 'sets/a.yaml', line: 3 })
    const input = { result: aComparison({ verdict }), context: { ...context, cases: [one] } }
    expect(annotationsOf([input])[0]?.place).toEqual({ file: 'sets/a.yaml', line: 3 })
  })

  it('names no case of a holdout', () => {
    const { context, result } = examples.regressionByFact
    const cases = [
      aCaseResult({ id: 'refund.over-limit', split: 'holdout', file: 'a.yaml', line: 1 }),
    ]
    const verdict = aVerdict({ ...red, split: 'holdout', facts: [aFact({ cases: [] })] })
    const [fact] = annotationsOf([
      { context, result: aRunResult({ ...(result as RunResult), cases, verdict }) },
    ])
    expect([fact?.title, fact?.place]).toEqual(['rule broken: identity_verified', undefined])
  })
})

describe.each(hostileTexts)('$name', ({ text }) => {
  it('is obeyed as the lines that were meant, and nothing else', () => {
    const rendered = github.render(hostileInput(text))
    const commands = commandsIn(rendered)
    expect(rendered.trimEnd().split('\n')).toHaveLength(commands.length)
    const errors = commands.filter(({ name }) => name === 'error')
    expect(commands.map(({ name }) => name)).toEqual([...errors.map(() => 'error'), 'notice'])
    for (const { data, properties } of commands) {
      expect(data.length).toBeLessThanOrEqual(2_000)
      expect(commandsIn(`${data}\n${Object.values(properties).join('\n')}`)).toEqual([])
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
      expect(data).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
    }
  })
})
