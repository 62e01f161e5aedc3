import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitLines } from '../../../src/cli/run-folder/split-lines.ts'

async function linesIn(pieces: readonly string[], max?: number): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const line of splitLines(streamOf(pieces), 'trials.jsonl', max)) lines.push(line)
  return lines
}

async function* streamOf(pieces: readonly string[]): AsyncGenerator<string> {
  for (const piece of pieces) yield await Promise.resolve(piece)
}

describe('splitLines', () => {
  it('gives the same lines however the text is cut into pieces', async () => {
    const piece = fc.array(fc.constantFrom('a', 'b', '\n', '\u2028')).map((all) => all.join(''))
    await fc.assert(
      fc.asyncProperty(fc.array(piece), async (pieces) => {
        const whole = pieces.join('').split('\n')
        if (whole.at(-1) === '') whole.pop()
        expect(await linesIn(pieces)).toEqual(whole)
      }),
    )
  })

  it('takes the ends of another system', async () => {
    expect(await linesIn(['one\r', '\ntwo\r\n'])).toEqual(['one', 'two'])
  })

  it('refuses a line that never ends, and no shorter one', async () => {
    expect(await linesIn(['12345', '678\n', '12345678'], 8)).toHaveLength(2)
    await expect(linesIn(['12345', '6789'], 8)).rejects.toMatchObject({ code: 'input' })
    await expect(linesIn(['1\n', '123456789\n'], 8)).rejects.toMatchObject({ code: 'input' })
  })
})
