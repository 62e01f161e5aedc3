import { existsSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Desk, setDesk } from './desk.ts'
import { outcomeOf } from './outcome-of.ts'
import { chapters } from './situations.ts'

let desk: Desk

beforeAll(async () => {
  desk = await setDesk()
})

describe.each(chapters.map((chapter) => [chapter.title, chapter] as const))(
  '%s',
  (_, { situations }) => {
    it.for(situations)('$id', async ({ expected, needs, run }, { skip }) => {
      skip(needs !== undefined && !existsSync(needs), `there is no ${needs ?? ''}`)
      const ended = await run(desk)
      const { exitCode, stderr, stdout } = ended
      expect({ exitCode, outcome: outcomeOf(ended) }, stdout + stderr).toEqual({
        exitCode: expected.exitCode,
        outcome: expected.outcome,
      })
      expect(`${stdout}${stderr}`.replaceAll(/\s+/g, ' ')).toContain(expected.says)
    })
  },
)

describe('the table', () => {
  const all = chapters.flatMap(({ situations }) => situations)

  it('names every situation once, and where it was seen', () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    for (const { sources } of all) {
      expect(sources.length).toBeGreaterThan(0)
      for (const source of sources) expect(source).toMatch(/^[\w.-]+\/[\w.-]+#\d+$/)
    }
  })
})
