import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAgentAnswer, parseAgentLine } from '../../../src/replay/targets/agent-message.ts'
import { parseHostLine } from '../../../src/replay/targets/host-protocol.ts'
import { lineReader } from '../../../src/replay/targets/line-reader.ts'

function linesOf(chunks: readonly string[], maxLength: number): readonly [string, boolean][] {
  const lines: [string, boolean][] = []
  const reader = lineReader({ maxLength, onLine: (line, whole) => lines.push([line, whole]) })
  for (const chunk of chunks) reader.write(chunk)
  reader.end()
  return lines
}

describe('lines of a stream', () => {
  it('are the same however it is cut', () => {
    const chunks = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\n') }))
    fc.assert(
      fc.property(chunks, fc.integer({ min: 1, max: 4 }), (cut, maxLength) => {
        const expected = cut.join('').split('\n')
        if (expected.at(-1) === '') expected.pop()
        expect(linesOf(cut, maxLength)).toEqual(
          expected.map((line) => [line.slice(0, maxLength), line.length <= maxLength]),
        )
      }),
    )
  })
})

describe('a line that is too long', () => {
  it('is told once, by its beginning and before its end', () => {
    const long: string[] = []
    const reader = lineReader({
      maxLength: 4,
      onLine: () => undefined,
      onLong: (beginning) => long.push(beginning),
    })
    const told: number[] = []
    for (const piece of ['ok\n{"a', '":', '1', '23\nfour\n', 'five!']) {
      reader.write(piece)
      told.push(long.length)
    }
    expect([told, long]).toEqual([
      [0, 1, 1, 1, 2],
      ['{"a"', 'five'],
    ])
  })
})

describe('what an agent says', () => {
  it('is a message of ours or nothing, whatever it is', () => {
    const odd = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({
          type: fc.constantFrom('call', 'calls', 'reply', 'log', '__proto__', 'constructor'),
          calls: fc.jsonValue(),
          text: fc.jsonValue(),
          args: fc.jsonValue(),
        })
        .map((message) => JSON.stringify(message)),
    )
    fc.assert(
      fc.property(odd, (line) => {
        for (const parse of [parseAgentLine, parseAgentAnswer]) {
          const message = parse(line)
          if (message?.type === 'reply') expect(message.text).toBeTypeOf('string')
          if (message?.type !== 'calls') continue
          expect(message.calls.length).toBeGreaterThan(0)
          for (const { call } of message.calls) expect(call.tool).toBeTypeOf('string')
        }
      }),
    )
  })

  it('may be forged by code in the host, and is not believed blindly', () => {
    expect(parseHostLine('{"type":"reply","turn":"1","message":"x"}')).toBeUndefined()
    expect(parseHostLine('{"type":"reply","turn":1,"message":{}}')).toBeUndefined()
    expect(parseHostLine('{"type":"calls","turn":1,"calls":{}}')).toBeUndefined()
    expect(parseHostLine('{"type":"reply","turn":1,"message":"x"}')).toEqual({
      type: 'reply',
      turn: 1,
      message: 'x',
    })
  })
})
