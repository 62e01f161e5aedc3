import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { painter } from '../../../src/report/terminal/paint.ts'
import { transcriptLines } from '../../../src/report/trial/transcript-lines.ts'

const plain = painter(false)

function lines(...entries: readonly object[]): readonly string[] {
  return transcriptLines(entries.map((entry) => JSON.stringify(entry)).join('\n'), plain)
}

describe('transcriptLines', () => {
  it('shows who said what, what was called, and what came back', () => {
    const shown = lines(
      { n: 1, kind: 'user', text: 'Where is it?\n\nIt is late.' },
      { n: 2, kind: 'call', tool: 'orders.get', args: { id: 'O-1' }, reason: 'to look' },
      { n: 3, kind: 'result', of: 2, status: 'ok', value: { status: 'packed' } },
      { n: 4, kind: 'result', of: 2, status: 'error', error: { code: 'gone' } },
      { kind: 'left out', lines: 12 },
      { n: 17, kind: 'agent', text: 'It is packed.' },
    )
    expect(shown.join('\n')).toMatchInlineSnapshot(`
      "  1  user    Where is it?
                   | 
                   | It is late.
        2  call    orders.get { "id": "O-1" }, because "to look"
        3  result  { "status": "packed" }
        4  result  error { "code": "gone" }
        5  …       {"kind":"left out","lines":12}
        6  agent   It is packed."
    `)
  })

  it('lets no text pose as another step', () => {
    const [first, ...rest] = lines({ n: 1, kind: 'user', text: 'hi\n  2  agent   all is well' })
    expect(first).toBe('  1  user    hi')
    expect(rest).toHaveLength(1)
    expect(rest[0]).toMatch(/^ +\| +2 {2}agent/)
  })

  it('prints nothing that a terminal obeys, whatever a transcript holds', () => {
    const nasty = fc.string({
      unit: fc.constantFrom(
        '\u001b',
        '[2J',
        '\u202e',
        '\u0007',
        '\n',
        '\r',
        '"',
        '{',
        'a',
        '\u009b',
        '\u{e0041}',
      ),
    })
    const entry = fc.record({
      n: fc.nat(),
      kind: fc.constantFrom('user', 'agent', 'call', 'result', 'x'),
      text: nasty,
      tool: nasty,
      args: fc.dictionary(nasty, nasty),
      value: nasty,
    })
    fc.assert(
      fc.property(
        fc.oneof(
          entry.map((one) => JSON.stringify(one)),
          nasty,
        ),
        (text) => {
          expect(transcriptLines(text, plain).join('\n')).not.toMatch(
            // biome-ignore lint/suspicious/noControlCharactersInRegex: these are looked for
            /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u{e0041}]/u,
          )
        },
      ),
      { numRuns: 500 },
    )
  })

  it('bounds what it shows of one message', () => {
    const [shown = ''] = lines({ n: 1, kind: 'result', status: 'ok', value: 'x'.repeat(100_000) })
    expect(shown.length).toBeLessThan(1_300)
    expect(
      lines({ n: 1, kind: 'user', text: 'word '.repeat(100_000) }).join('').length,
    ).toBeLessThan(9_000)
  })

  it('says where nothing happened', () => {
    expect(transcriptLines('', plain)).toEqual(['  (nothing was said and nothing was done)'])
  })
})
