import { expect, test } from 'vitest'
import { nextCommands } from '../../src/report/commands.ts'
import type { ReportInput } from '../../src/report/reporter.ts'
import { subjectOf } from '../../src/report/subject.ts'
import { aCaseResult, aProvenance, aRunResult } from '../builders/result.ts'
import { aFact, aMovedCase, aVerdict } from '../builders/verdict.ts'
import * as examples from './examples.ts'

function commands({ result, context }: ReportInput): readonly string[] {
  return nextCommands(subjectOf(result), context).map(
    ({ purpose, remark, command }) => `${purpose} (${remark}): ${command}`,
  )
}

test('at most three, each for the state it helps in', () => {
  const all = Object.entries(examples.all).map(([name, input]) => [name, commands(input)])
  expect(Object.fromEntries(all)).toMatchInlineSnapshot(`
    {
      "error": [
        "look at it (free): npx agent-eval show agent-eval-results/r1",
        "run again (): npx agent-eval run evalsets/support",
      ],
      "firstRun": [
        "look at it (free): npx agent-eval show agent-eval-results/r1/refund.over-limit",
        "keep (then commit it): npx agent-eval baseline update --from agent-eval-results/r1",
      ],
      "imported": [
        "look at it (free): npx agent-eval show agent-eval-results/r1",
      ],
      "inconclusive": [
        "look at it (free): npx agent-eval show agent-eval-results/r1",
        "run again (about $0.22): npx agent-eval run evalsets/support --trials 10",
      ],
      "pass": [
        "look at it (free): npx agent-eval show agent-eval-results/r1",
      ],
      "regressionByAttack": [
        "look at it (free): npx agent-eval show agent-eval-results/r1/inject.a",
        "run again (): npx agent-eval run evalsets/support --case inject.a --trials 10",
        "accept (then commit it): npx agent-eval baseline update --from agent-eval-results/r1",
      ],
      "regressionByCost": [
        "look at it (free): npx agent-eval show agent-eval-results/r1",
        "run again (): npx agent-eval run evalsets/support",
        "accept (then commit it): npx agent-eval baseline update --from agent-eval-results/r1",
      ],
      "regressionByFact": [
        "look at it (free): npx agent-eval show agent-eval-results/r1/refund.over-limit",
        "run again (about $0.14): npx agent-eval run evalsets/support --case refund.over-limit --trials 10",
        "accept (then commit it): npx agent-eval baseline update --from agent-eval-results/r1",
      ],
      "smallRealDrop": [
        "look at it (free): npx agent-eval show agent-eval-results/r1",
      ],
      "unproven": [
        "look at it (free): npx agent-eval show agent-eval-results/r1",
      ],
    }
  `)
})

test('without a run there is nothing to look at or to accept', () => {
  const { result, context } = examples.regressionByFact
  expect(commands({ result, context: { ...context, runPath: undefined } })).toEqual([
    'run again (about $0.14): npx agent-eval run evalsets/support --case refund.over-limit --trials 10',
  ])
})

test('what ran on another split runs again on it, and is no baseline', () => {
  const { result, context } = examples.regressionByCost
  const verdict = { ...aVerdict({ status: 'regression', exitCode: 1 }), split: 'dev' as const }
  expect(commands({ context, result: { ...result, verdict } })).toEqual([
    'look at it (free): npx agent-eval show agent-eval-results/r1',
    'run again (): npx agent-eval run evalsets/support --split dev',
  ])
})

test('a recording can only be looked at', () => {
  const { context, result } = examples.regressionByFact
  const provenance = aProvenance({ agentBehind: 'recorded' })
  expect(commands({ context, result: { ...result, provenance } as typeof result })).toEqual([
    'look at it (free): npx agent-eval show agent-eval-results/r1/refund.over-limit',
  ])
})

test('the reference provider runs again for free', () => {
  const result = aRunResult({
    provenance: aProvenance({ agentBehind: 'reference' }),
    cases: [aCaseResult({ id: 'a', costUsd: { n: 5, sum: 1 } })],
    verdict: aVerdict({ status: 'regression', exitCode: 1, facts: [aFact({ cases: ['a'] })] }),
  })
  const { context } = examples.pass
  expect(commands({ result, context })[1]).toBe(
    'run again (free): npx agent-eval run evalsets/support --case a --trials 10',
  )
})

test.each([
  ["it's; rm -rf /", `'it'\\''s; rm -rf /'`],
  ['$(reboot)', `'$(reboot)'`],
  ['-rf', `'-rf'`],
  ['a\nb\u001b[2J', `'a b'`],
  ['', `''`],
  ['refund.full[mugs]', `'refund.full[mugs]'`],
  ['refund#2', `'refund#2'`],
  ['refund.full_a-1', 'refund.full_a-1'],
])('a hostile case id %j stays one word of a shell', (id, word) => {
  const moved = [aMovedCase({ id })]
  const result = aRunResult({
    verdict: aVerdict({
      status: 'regression',
      exitCode: 1,
      cases: { moved, added: [], removed: [], changed: [] },
    }),
  })
  const { context } = examples.pass
  const again = nextCommands(subjectOf(result), context)[1]
  expect(again?.command).toBe(`npx agent-eval run evalsets/support --case ${word} --trials 10`)
})
