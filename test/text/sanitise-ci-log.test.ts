import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sanitiseCiLog } from '../../src/text/sanitise-ci-log.ts'
import { hostileTexts } from './hostile-corpus.ts'

describe('sanitiseCiLog', () => {
  it.each([
    ['::error::x', ':\u200b:error::x'],
    ['a\n \t::add-mask::e', 'a\n \t:\u200b:add-mask::e'],
    ['\u0085\u00a0\u3000::warning::x', '\u0085\u00a0\u3000:\u200b:warning::x'],
    ['x\r::debug::y\r\nz', 'x\n:\u200b:debug::y\nz'],
    ['\u001b[1;31m ::x', '\u001b[1;31m :\u200b:x'],
    ['\u200b::error::x', '\u200b:\u200b:error::x'],
    ['see ##[group]x', 'see ##\u200b[group]x'],
    ['##vso[task.complete]x', '##\u200bvso[task.complete]x'],
    ["##TeamCity[message text='x']", "##\u200bTeamCity[message text='x']"],
    ['####[error]x', '####\u200b[error]x'],
    [':::error::x', ':\u200b::error::x'],
  ])('%j', (text, expected) => {
    expect(sanitiseCiLog(text)).toBe(expected)
  })

  it.each([['std::vector<int> a::b'], ['## heading [link]'], ['10:30: 5::1'], ['']])(
    'leaves alone what no runner obeys: %s',
    (text) => {
      expect(sanitiseCiLog(text)).toBe(text)
    },
  )

  it.each(hostileTexts)('gives the runners nothing to obey: $name', ({ text }) => {
    expectNoCommand(sanitiseCiLog(text))
  })

  it('gives the runners nothing to obey, whatever the text', () => {
    const part = fc.constantFrom(
      ':',
      '::',
      '##',
      '[',
      ']',
      'error',
      'vso',
      '\n',
      '\r',
      '\t',
      '\u0085',
    )
    const invisible = fc.constantFrom('\u200b', '\u00ad', '\u0001', '\u2028', ' ', 'x')
    fc.assert(
      fc.property(fc.array(fc.oneof(part, invisible)), (parts) => {
        const log = sanitiseCiLog(parts.join(''))
        expectNoCommand(log)
        expect(sanitiseCiLog(log)).toBe(log)
      }),
      { numRuns: 3000 },
    )
  })
})

/**
 * What actions/runner's ActionCommand.cs does with a line, once comparing by code unit and
 * once as .NET with ICU does by default, where characters without ink do not count.
 */
function expectNoCommand(log: string): void {
  for (const line of log.split(/\r\n?|\n/)) {
    for (const ignored of ['', '[\\u200b\\u00ad\\u0001]*']) {
      expect(commandOfVersion2(line, ignored)).toBeUndefined()
      expect(commandOfVersion1(line, ignored)).toBeUndefined()
    }
    expect(line).not.toMatch(/##(?:vso|teamcity)?\[/i)
  }
}

function commandOfVersion2(line: string, ignored: string): string | undefined {
  const message = line.replace(/^[\s\u0085]+/, '')
  if (!new RegExp(`^${ignored}:${ignored}:`).test(message)) return undefined
  const end = message.slice(2).search(new RegExp(`:${ignored}:`))
  const name = end < 0 ? '' : message.slice(2, end + 2)
  return name.split(' ')[0] === 'error' ? name : undefined
}

function commandOfVersion1(line: string, ignored: string): string | undefined {
  const start = line.search(new RegExp(`#${ignored}#${ignored}\\[`))
  const end = line.indexOf(']', start)
  const name = start < 0 || end < 0 ? '' : line.slice(start + 3, end)
  return name.split(' ')[0] === 'error' ? name : undefined
}
