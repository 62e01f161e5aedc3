import { appendFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  appendHistory,
  type HistoryPlace,
  readHistory,
} from '../../../src/cli/run-folder/history-file.ts'
import { AgentEvalError } from '../../../src/errors.ts'
import type { HistoryEntry } from '../../../src/schema/history.ts'
import { createRedactor } from '../../../src/text/redact.ts'
import { aNight, aNote } from '../../builders/history.ts'
import { folderWith } from '../run-cli.ts'

const redactor = createRedactor({ values: ['s3cr3t-of-this-process'] })

function place(text?: string): HistoryPlace {
  const folder = folderWith(text === undefined ? {} : { 'history.jsonl': text })
  return { file: path.join(folder, 'history.jsonl'), shown: 'set/history.jsonl' }
}

function lines(...entries: readonly HistoryEntry[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
}

async function append(at: HistoryPlace, entry: HistoryEntry): Promise<void> {
  await appendHistory(at, entry, { history: await readHistory(at), redactor })
}

async function refusal(at: HistoryPlace): Promise<AgentEvalError> {
  try {
    await readHistory(at)
  } catch (error) {
    if (error instanceof AgentEvalError) return error
    throw error
  }
  throw new Error('it was not refused')
}

describe('a history file', () => {
  it('gives back what was added, one line each', async () => {
    const at = place()
    expect(await readHistory(at)).toBeUndefined()
    await append(at, aNight(1))
    await append(at, aNote(1))
    await append(at, aNight(2))
    expect((await readHistory(at))?.entries).toEqual([aNight(1), aNote(1), aNight(2)])
    expect(readFileSync(at.file, 'utf8')).toMatch(/^(?:\{.*\}\n){3}$/)
  })

  it('only grows: earlier lines keep their bytes', async () => {
    const text = `${JSON.stringify(aNight(1), null, 0).replace('{', '{ ')}\r\n\n`
    const at = place(text)
    await append(at, aNight(2))
    expect(readFileSync(at.file, 'utf8').startsWith(text)).toBe(true)
    expect((await readHistory(at))?.entries).toEqual([aNight(1), aNight(2)])
  })

  it.each([1, 20, 200])(
    'passes over a last line cut after %i bytes, and mends it',
    async (bytes) => {
      const at = place(lines(aNight(1)) + lines(aNight(2)).slice(0, bytes))
      expect(await readHistory(at)).toMatchObject({ entries: [aNight(1)], torn: true })
      await append(at, aNight(3))
      expect(readFileSync(at.file, 'utf8').split('\n')).toHaveLength(3)
      expect(await readHistory(at)).toMatchObject({ entries: [aNight(1), aNight(3)], torn: false })
    },
  )

  it('keeps a whole last line that has lost only its end', async () => {
    const at = place(lines(aNight(1)).trimEnd())
    expect(await readHistory(at)).toMatchObject({ entries: [aNight(1)], torn: false })
    await append(at, aNight(2))
    expect((await readHistory(at))?.entries).toEqual([aNight(1), aNight(2)])
  })

  it('counts a run once that a merge has left twice', async () => {
    const at = place(lines(aNight(1), aNight(2), aNight(1)))
    expect((await readHistory(at))?.entries).toEqual([aNight(1), aNight(2)])
  })

  it.each([
    [
      'half a line in the middle',
      `${lines(aNight(1))}{"kind":\n${lines(aNight(2))}`,
      2,
      'is no line of a history',
    ],
    ['half a line with an end', `${lines(aNight(1))}{"kind":\n`, 2, 'is no line of a history'],
    ['a mark of a merge', `<<<<<<< HEAD\n${lines(aNight(1))}`, 1, 'is no line of a history'],
    ['another document', `${lines(aNight(1))}{"kind":"RunResult"}`, 2, 'kind'],
    [
      'a share above 1',
      lines(aNight(1)).replace('0.93', '93'),
      1,
      'metrics.tsr.value: a share is at most 1',
    ],
    [
      'an infinite cost',
      lines(aNight(1)).replace('"tsr":{"value":0.93', '"costPerTask":{"value":1e999'),
      1,
      'metrics.costPerTask.value',
    ],
    ['a number from nothing', lines(aNight(1)).replace('"n":240', '"n":0'), 1, 'metrics.tsr.n'],
    [
      'a later version',
      lines(aNight(1)).replace('agent-eval/v1', 'agent-eval/v2'),
      1,
      'apiVersion',
    ],
    [
      'a key of nobody',
      lines(aNight(1)).replace('"tool"', '"__proto__":{},"tool"'),
      1,
      '__proto__',
    ],
    [
      'a run with two stories',
      lines(aNight(1), aNight(2, { run: 'support-1' })),
      2,
      'run "support-1" stands here twice',
    ],
    [
      'two eval sets',
      lines(aNight(1), aNight(2, { evalSet: { id: 'other', version: '1', hash: 'h' } })),
      2,
      'is of eval set "other", the lines before of "support"',
    ],
  ])('refuses %s, and says where', async (_, text, line, words) => {
    const error = await refusal(place(text))
    expect(error.source).toEqual({ file: 'set/history.jsonl', line })
    expect(error.message).toContain(words)
    expect(error.exitCode).toBe(2)
  })

  it('refuses a link, whether it leads somewhere or nowhere', async () => {
    const folder = folderWith({ elsewhere: '' })
    for (const target of ['elsewhere', 'nowhere']) {
      const file = path.join(folder, `${target}.jsonl`)
      symlinkSync(path.join(folder, target), file)
      expect((await refusal({ file, shown: 'h.jsonl' })).message).toBe('is a link')
    }
  })

  it('refuses a folder', async () => {
    const file = path.join(folderWith(), 'h.jsonl')
    mkdirSync(file)
    expect(await refusal({ file, shown: 'h.jsonl' })).toMatchObject({ message: 'is a folder' })
  })

  it('says which file cannot be written', async () => {
    const at = { file: path.join(folderWith(), 'no/h.jsonl'), shown: 'no/h.jsonl' }
    await expect(appendHistory(at, aNight(1), { redactor })).rejects.toMatchObject({
      message: 'cannot be written',
      source: { file: 'no/h.jsonl' },
    })
  })

  it('holds no secret of the process that wrote it', async () => {
    const at = place()
    await append(at, aNight(1, { servedModels: ['gpt-4o s3cr3t-of-this-process'] }))
    expect(readFileSync(at.file, 'utf8')).not.toContain('s3cr3t-of-this-process')
    expect((await readHistory(at))?.entries).toHaveLength(1)
  })

  it('reads what another process has added meanwhile', async () => {
    const at = place(lines(aNight(1)))
    const history = await readHistory(at)
    appendFileSync(at.file, lines(aNight(2)))
    await appendHistory(at, aNight(3), { history, redactor })
    expect((await readHistory(at))?.entries).toEqual([aNight(1), aNight(2), aNight(3)])
    writeFileSync(at.file, '')
    expect(await readHistory(at)).toMatchObject({ entries: [], torn: false })
  })
})
