import { describe, expect, test } from 'vitest'
import { renderBaselineDiff } from '../../src/report/baseline-diff.ts'
import { renderBaseline } from '../../src/report/baseline-text.ts'
import { markdown } from '../../src/report/markdown/markdown.ts'
import { renderRunOverview } from '../../src/report/run-overview.ts'
import { terminal } from '../../src/report/terminal/terminal.ts'
import { renderTrial } from '../../src/report/trial/trial.ts'
import type { Baseline } from '../../src/schema/baseline.ts'
import type { TraceEvent } from '../../src/schema/trace.ts'
import { aTrace, call, say, write } from '../builders/trace.ts'
import { hostileTexts } from '../text/hostile-corpus.ts'
import { hostileInput, hostileResult } from './hostile-input.ts'
import { aTrialLine } from './trial-example.ts'

function hostileEvents(text: string): readonly TraceEvent[] {
  return aTrace({
    asks: [text, text],
    steps: [
      call(text, { [text]: text }, { value: { [text]: text } }),
      write(
        text,
        { a: text },
        {
          reason: text,
          rawArgs: text,
          schemaErrors: [text],
          executed: true,
          error: { code: text, message: text },
          changes: [{ op: 'replace', path: text, value: text, from: { [text]: text } }],
          controls: [{ rules: [{ id: text, decision: 'allow', reason: text, error: text }] }],
          judging: [{ id: text, decision: 'deny', reason: text }],
          approvals: [{ principal: text }],
        },
      ),
      say(text, { withheld: true }),
    ],
    end: { termination: 'agent_error', message: text },
  })
}

function everyTerminalText(text: string): readonly string[] {
  const result = hostileResult(text)
  const { cases, ...rest } = result
  const asBaseline = (id: string): Baseline => ({
    ...rest,
    kind: 'Baseline',
    cases: cases.map((one) => ({ ...one, id, paths: [{ path: [text], count: 1 }] })),
  })
  const grades = [
    { grader: text, status: 'fail' as const, reason: text, events: [1] },
    { grader: text, status: 'unscored' as const, reason: text },
    { grader: text, status: 'pass' as const },
  ]
  const trial = aTrialLine({ case: text, outcome: 'fail', outcomeReason: text, grades })
  return [
    terminal.render(hostileInput(text)),
    terminal.render({ ...hostileInput(text), result: { ...result, verdict: undefined } }),
    renderRunOverview(result),
    renderTrial({ trial, events: hostileEvents(text) }),
    renderBaseline(asBaseline(text)),
    renderBaselineDiff(asBaseline(text), asBaseline('other')),
  ]
}

describe.each(hostileTexts)('$name', ({ text }) => {
  test('no control character reaches a terminal', () => {
    for (const rendered of everyTerminalText(text)) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
      expect(rendered).not.toMatch(
        /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/,
      )
    }
  })

  test('nothing in a comment is live', () => {
    const rendered = markdown.render(hostileInput(text))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(rendered).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
    const prose = withoutCode(rendered).replace(/\]\(https:\/\/host\/blob\/1\/[\w.%/-]*#L3\)/g, ']')
    expect(prose).not.toMatch(/@\w|:\/\/|www\.|\]\(/i)
    expect(prose.match(/<[^>]*>/g)?.filter((tag) => !ourTags.has(tag)) ?? []).toEqual([])
  })

  test('a comment keeps its shape: one marker, one heading, tables of equal width', () => {
    const lines = markdown.render(hostileInput(text)).split('\n')
    expect(lines.filter((line) => line.startsWith('<!--'))).toHaveLength(1)
    expect(lines.filter((line) => line.startsWith('### '))).toHaveLength(1)
    const moved = lines.filter((line) => line.startsWith('| quality |'))
    expect(moved.map((line) => line.split(/(?<!\\)\|/).length)).toEqual([7])
  })
})

const ourTags = new Set(['<!-- agent-eval:comment v1 evalset=support -->'])
for (const name of ['details', 'summary', 'sub', 'code']) {
  ourTags.add(`<${name}>`).add(`</${name}>`)
}

/** Without fenced blocks and code spans, in which hosts look for nothing. */
function withoutCode(text: string): string {
  return text
    .replace(/^(`{3,})diff\n[\s\S]*?\n\1$/gm, '')
    .replace(/\\[\s\S]|(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, (found) =>
      found.startsWith('\\') ? found : 'CODE',
    )
}
