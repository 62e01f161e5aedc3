import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { readEvents } from '../../src/cli/run-folder/read-events.ts'
import type { TraceEvent } from '../../src/schema/trace.ts'
import { hostileTexts } from '../text/hostile-corpus.ts'
import { hostileSets } from './hostile-project.ts'
import type { HostileDesk } from './hostile-run.ts'
import {
  expectInertAnnotations,
  expectInertLog,
  expectInertMarkdown,
  expectInertText,
} from './inert.ts'
import { commandsInLog, otherCommandsInLog, stepValues } from './runner-commands.ts'

/** What a run in a GitHub job records, prints and writes. */
export function testJob(desk: () => HostileDesk): void {
  describe('a run of hostile models and tools, in a GitHub job', () => {
    test('records all of them, word for word', async () => {
      expect(new Set(hostileTexts.map(({ text }) => text)).size).toBeGreaterThanOrEqual(66)
      for (const run of desk().runs.filter(({ kind }) => kind !== 'fails')) {
        for (const [at, { numbers }] of hostileSets.entries()) {
          for (const number of numbers) {
            const folder = path.join(desk().cwd, run.folders[at] ?? '')
            const events = await readEvents(folder, `case.${number}#1`)
            expectWords(events, hostileTexts[number]?.text ?? '')
          }
        }
      }
    })

    test('ends in a verdict: red, or an error where trials were lost', () => {
      const codes = desk().runs.map(({ kind, printed }) => [kind, printed.exitCode])
      expect(codes).toEqual([
        ['says', 1],
        ['fails', 4],
        ['acts', 1],
      ])
    })

    test('prints nothing that the runner obeys but its own annotations', () => {
      for (const { printed } of desk().runs) {
        const { stderr, stdout } = printed
        expectInertLog(stdout)
        expect(otherCommandsInLog(stderr)).toEqual([])
        expect(stderr).not.toContain('\r')
        const own = stderr.split('\n').filter((line) => /^::(?:error|warning|notice) /.test(line))
        expectInertAnnotations(own)
        expect(commandsInLog(stderr)).toHaveLength(own.length)
        // Nine errors and a line of totals for each of ten sets.
        expect(own).toHaveLength(19)
      }
    })

    test('prints no character that acts on a terminal', () => {
      for (const { printed } of desk().runs) {
        expectInertText(printed.stdout)
        expectInertText(printed.stderr)
      }
    })

    test('writes four values for the next steps, and no other', () => {
      for (const run of desk().runs) {
        const values = stepValues(run.outputs)
        const named = Object.fromEntries(values)
        expect(values.map(([name]) => name)).toEqual(['verdict', 'exit-code', 'tsr', 'report-path'])
        expect(named['verdict']).toBe(run.kind === 'fails' ? 'error' : 'regression')
        expect(named['exit-code']).toBe(String(run.printed.exitCode))
        expect(named['tsr']).toBe('0')
        expect(named['report-path']?.split('\n')).toEqual(
          run.folders.map((folder) => `${folder}/result.json`),
        )
      }
    })

    test('writes a summary in which nothing is live', () => {
      for (const { summary } of desk().runs) {
        expectInertMarkdown(summary, { headings: hostileSets.map(({ id }) => id) })
      }
    })
  })
}

/** As a proposed call, as a tool's result and error, and as a reply or the reason of a call. */
function expectWords(events: readonly TraceEvent[], text: string): void {
  const proposed = events.filter((event) => event.type === 'tool.proposed')
  const results = events.filter((event) => event.type === 'tool.result')
  const quoted = JSON.stringify(text)
  const said = events.filter(({ type }) => type === 'message' || type === 'model.response')
  const reasons = proposed.flatMap(({ reason }) => reason ?? [])
  const isSaid = text === '' || reasons.includes(text) || JSON.stringify(said).includes(quoted)
  expect([text, isSaid]).toEqual([text, true])
  expect(proposed.map(({ args }) => args['text'])).toContain(text)
  expect(results.map(({ error }) => error?.message)).toContain(text)
  expect(JSON.stringify(results.map(({ value }) => value))).toContain(`"text":${quoted}`)
}
