import { describe, expect, test } from 'vitest'
import { lintChecks } from '../../../src/lint/checks/registry.ts'
import { lintReporters } from '../../../src/report/lint/registry.ts'
import { lintRules } from '../../../src/report/lint/rules.ts'
import { aLintCase, aLintResult, aSurvivor } from '../../builders/lint-result.ts'
import { hostileTexts } from '../../text/hostile-corpus.ts'

test('lists every format', () => {
  expect([...lintReporters.keys()]).toEqual(['terminal', 'json', 'sarif'])
})

test('every check has its text', () => {
  expect(lintChecks.map(({ id }) => id).filter((id) => !Object.hasOwn(lintRules, id))).toEqual([])
})

test('equal input gives equal bytes', () => {
  for (const { render } of lintReporters.values()) {
    const sets = [{ result: aLintResult({ findings: [aSurvivor()] }), name: 'evals/support' }]
    const input = { sets, commandPrefix: 'npx agent-eval', toolVersion: '1' }
    const text = render(input)
    expect(render(structuredClone(input))).toBe(text)
    expect(text.endsWith('\n') && !text.endsWith('\n\n')).toBe(true)
    expect(text).not.toMatch(/NaN|undefined|Infinity|\[object/)
  }
})

/** Text in every place that a case, a tool or a file name can fill. */
function hostileInput(text: string) {
  const result = aLintResult({
    evalSet: { id: 'support', version: text, hash: text },
    cases: [aLintCase({ id: text, usable: false, passedBy: [text] })],
    nullAgents: [{ id: text, passed: 1, scored: 1 }],
    figures: { nullAgent: { id: text, passed: 1, scored: 1 } },
    findings: [
      aSurvivor({
        case: text,
        message: text,
        hint: text,
        file: text,
        mutant: text,
        diff: [`+ ${text}`, `- ${text}`, text],
      }),
    ],
  })
  return { sets: [{ result, name: text }], commandPrefix: 'npx agent-eval', toolVersion: '1' }
}

describe.each(hostileTexts)('hostile text: $name', ({ text }) => {
  test('cannot act on a terminal, nor stand before the verdict', () => {
    const render = lintReporters.get('terminal')?.render
    const shown = render?.(hostileInput(text), { colour: false, verbose: true }) ?? ''
    expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
    expect(shown.split('\n')[0]).toBe('support: 1 of 1 case does not count')
  })

  test('is inert in SARIF', () => {
    const sarif = lintReporters.get('sarif')?.render(hostileInput(text)) ?? ''
    const [run] = (JSON.parse(sarif) as { runs: { results: { message: { text: string } }[] }[] })
      .runs
    const words = run?.results[0]?.message.text ?? ''
    expect(words).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
    expect(words).not.toContain('](')
  })
})
