import { beforeAll, describe, expect, test } from 'vitest'
import { problemsOf } from '../report/junit/xml-schema.ts'
import { hostileTexts } from '../text/hostile-corpus.ts'
import { hostileSets } from './hostile-project.ts'
import { type HostileDesk, kinds, type Rendered, renderAll, reporterIds } from './hostile-run.ts'
import {
  expectInertAnnotations,
  expectInertLog,
  expectInertMarkdown,
  expectInertPage,
  expectInertSarif,
  markerOf,
} from './inert.ts'
import { liveInTerminal } from './live-in-terminal.ts'
import { commandsInLog } from './runner-commands.ts'

/** Every format that there is, as a file and as it is printed into a log. */
export function testReporters(desk: () => HostileDesk): void {
  describe('the reports of hostile runs', () => {
    const rendered = new Map<string, Rendered>()

    beforeAll(async () => {
      for (const id of reporterIds) rendered.set(id, await renderAll(desk(), id))
    }, 120_000)

    const filesOf = (id: string): readonly string[] => rendered.get(id)?.files ?? []
    const eachOf = (
      id: string,
      check: (file: string, set: (typeof hostileSets)[number]) => void,
    ) => {
      expect(filesOf(id)).toHaveLength(kinds.length * hostileSets.length)
      for (const [at, file] of filesOf(id).entries()) {
        const set = hostileSets[at % hostileSets.length]
        if (set !== undefined) check(file, set)
      }
    }

    test.each(reporterIds)('%s: printed into a log it holds nothing that a runner obeys', (id) => {
      const { stderr = '', stdout = '' } = rendered.get(id)?.printed ?? {}
      expectInertLog(stdout)
      // Of `github` the runner is told when the command has ended, and of a refusal.
      const told = { github: 19, html: 1 }[id] ?? 0
      expect(commandsInLog(stderr)).toHaveLength(told)
      if (told === 0) expect(stderr).toBe('')
    })

    test.each(reporterIds)('%s: no file acts on a terminal that shows it', (id) => {
      // Documents for programs keep what is drawn, however much of it there is.
      const kept = id === 'json' ? /[\p{M}\u200c\u200d]/gu : /\u200b/g
      eachOf(id, (file) => {
        expect(liveInTerminal(file.replace(kept, ''))).toEqual([])
      })
    })

    // SARIF and annotations speak of broken rules, and so of fewer texts.
    test.each([
      ['terminal', 66],
      ['markdown', 66],
      ['html', 66],
      ['json', 66],
      ['junit', 66],
      ['github', 50],
      ['sarif', 20],
    ])('%s: tells of at least %i texts', (id, least) => {
      const all = filesOf(id).join('\n')
      const told = hostileTexts.filter(({ text }) =>
        wordsOf(text).some((word) => all.includes(word)),
      )
      expect(told.length).toBeGreaterThanOrEqual(least)
    })

    test('terminal: nothing invisible at all', () => {
      eachOf('terminal', (file) => {
        expect(liveInTerminal(file)).toEqual([])
      })
    })

    test('github: annotations, and nothing else', () => {
      eachOf('github', (file) => {
        expectInertAnnotations(file.trimEnd().split('\n'))
      })
    })

    test('markdown: one marker, one heading, and nothing live', () => {
      eachOf('markdown', (file, { id }) => {
        expectInertMarkdown(file, { headings: [id], marker: markerOf(id) })
      })
    })

    test('html: no markup and no script but ours', () => {
      eachOf('html', (file) => {
        expectInertPage(file)
      })
    })

    test('junit: well-formed, with a test for each case', async () => {
      expect(await problemsOf(...filesOf('junit'))).toEqual([])
      eachOf('junit', (file, { numbers }) => {
        const names = [...file.matchAll(/<testcase name="([^"]*)"/g)].map(([, name = '']) => name)
        const cases = names.filter((name) => /^case\.\d+$/.test(name))
        expect(cases.toSorted()).toEqual(numbers.map((number) => `case.${number}`).toSorted())
        const others = names.filter((name) => !cases.includes(name))
        expect(others).toEqual([
          'agent-eval verdict',
          expect.stringMatching(/^attack\.\d+$/),
          expect.stringMatching(/^attack\.\d+~twin$/),
        ])
      })
    })

    test('sarif: valid, and of our files', () => {
      eachOf('sarif', expectInertSarif)
    })

    test('json: a document that no text has ended before its time', () => {
      eachOf('json', (file) => {
        const document = JSON.parse(file) as Readonly<Record<string, unknown>>
        expect(document['kind']).toBe('RunResult')
        expect(document['verdict']).not.toMatchObject({ status: 'pass' })
        expect({}).not.toHaveProperty('isAdmin')
      })
    })
  })
}

/** Words that nothing escapes and that not everybody says. */
function wordsOf(text: string): readonly string[] {
  const own = new Set(['error', 'regression', 'agent', 'verdict', 'message', 'warning', 'notice'])
  return (text.match(/[A-Za-z]{4,}/g) ?? []).filter((word) => !own.has(word.toLowerCase()))
}
