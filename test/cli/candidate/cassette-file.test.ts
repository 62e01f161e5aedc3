import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  type CassetteRequest,
  cassettePlace,
  type OpenCassette,
  openCassette,
} from '../../../src/cli/candidate/cassette-file.ts'
import { cassetteFileName } from '../../../src/cli/candidate/cassette-name.ts'
import { renderError } from '../../../src/cli/print/render-error.ts'
import { AgentEvalError } from '../../../src/errors.ts'
import type { ModelReply } from '../../../src/providers/provider.ts'
import { textPart } from '../../../src/schema/message.ts'
import { createRedactor } from '../../../src/text/redact.ts'
import { aModelRequest } from '../../providers/a-model-request.ts'
import { answering, aResponse, ask, markedKey } from '../../providers/cassette/on-tape.ts'
import { folderWith } from '../run-cli.ts'

const redactor = createRedactor({ values: [markedKey] })

interface Tape {
  readonly folder: string
  readonly file: string
  readonly log: string
  readonly open: (
    mode: CassetteRequest['mode'],
    parts?: Partial<CassetteRequest>,
  ) => Promise<OpenCassette>
}

function tape(): Tape {
  const folder = folderWith({})
  const place = cassettePlace({ folder, shown: 'set' }, 'bot')
  return {
    folder,
    file: place.file,
    log: place.file.replace('.jsonl', '.recording.jsonl'),
    open: (mode, parts) =>
      openCassette({ mode, place, evalSet: 'a-set', candidate: 'bot', redactor, ...parts }),
  }
}

async function say(to: OpenCassette, trial: string, reply = aResponse()): Promise<ModelReply> {
  return ask(to.cassette, aModelRequest({ trial }), answering(reply))
}

async function recordTrials(on: Tape, ...trials: readonly string[]): Promise<void> {
  const open = await on.open('record')
  for (const trial of trials) await say(open, trial)
  await open.close()
}

async function refusal(work: Promise<unknown>): Promise<AgentEvalError> {
  try {
    await work
  } catch (error) {
    if (error instanceof AgentEvalError) return error
    throw error
  }
  throw new Error('it was not refused')
}

describe('a cassette on disk', () => {
  it('is recorded, stands beside the eval set, and answers without the provider', async () => {
    const on = tape()
    await recordTrials(on, 'a#1')
    expect(path.relative(on.folder, on.file)).toBe(path.join('cassettes', 'bot.jsonl'))
    expect(readdirSync(path.dirname(on.file))).toEqual(['bot.jsonl'])

    const replay = await on.open('replay')
    expect(await ask(replay.cassette, aModelRequest({ trial: 'a#1' }))).toMatchObject({
      ok: true,
      response: { from: 'cassette', costUsd: 0.0125 },
    })
    expect(await replay.close()).toEqual({ count: 0, names: [], ofOtherTrials: 0 })
  })

  it('is the same file when the same is recorded again, in another order', async () => {
    const on = tape()
    await recordTrials(on, 'a#1', 'a#2', 'b#1')
    const first = readFileSync(on.file, 'utf8')
    await recordTrials(on, 'b#1', 'a#2')
    expect(readFileSync(on.file, 'utf8')).toBe(first)
  })

  it('is not touched by a replay, nor when it is off', async () => {
    const on = tape()
    await (await on.open('off')).close()
    expect(existsSync(path.dirname(on.file))).toBe(false)
    await recordTrials(on, 'a#1', 'a#2')
    const before = readFileSync(on.file, 'utf8')
    const replay = await on.open('replay')
    await say(replay, 'a#3')
    expect(await replay.close((trial) => trial !== 'a#2')).toEqual({
      count: 1,
      names: ['agent request 0 of a#1'],
      ofOtherTrials: 1,
    })
    expect(readFileSync(on.file, 'utf8')).toBe(before)
  })

  it('holds no known secret, neither while it is recorded nor after', async () => {
    const on = tape()
    const open = await on.open('record', { candidate: 'bot' })
    await say(open, 'a#1', aResponse({ content: [textPart(`it is ${markedKey}`)] }))
    expect(readFileSync(on.log, 'utf8')).toContain('it is [redacted:')
    expect(readFileSync(on.log, 'utf8')).not.toContain(markedKey)
    await open.close()
    expect(readFileSync(on.file, 'utf8')).not.toContain(markedKey)
  })
})

describe('a recording that was killed', () => {
  it('is taken over by the next one, with what was recorded before it', async () => {
    const on = tape()
    await recordTrials(on, 'a#1')
    await say(await on.open('record'), 'a#2')
    expect(existsSync(on.log)).toBe(true)

    await recordTrials(on, 'a#3')
    expect(existsSync(on.log)).toBe(false)
    const replay = await on.open('replay')
    for (const trial of ['a#1', 'a#2', 'a#3']) {
      expect(await say(replay, trial)).toMatchObject({ ok: true })
    }
  })

  it.each([1, 100, 400])('may have lost %i bytes of its last line', async (bytes) => {
    const on = tape()
    const killed = await on.open('record')
    await say(killed, 'a#1')
    await say(killed, 'a#2')
    writeFileSync(on.log, readFileSync(on.log, 'utf8').slice(0, -1 - bytes))
    await recordTrials(on, 'a#3')
    const replay = await on.open('replay')
    expect(await say(replay, 'a#1')).toMatchObject({ ok: true })
    expect(await say(replay, 'a#2')).toMatchObject({ ok: false })
  })

  it.each(['', '{"apiVer'])('may have got as far as "%s"', async (text) => {
    const on = tape()
    mkdirSync(path.dirname(on.log))
    writeFileSync(on.log, text)
    await recordTrials(on, 'a#1')
    expect(existsSync(on.log)).toBe(false)
  })

  it('is named where a replay finds nothing else', async () => {
    const on = tape()
    await say(await on.open('record'), 'a#1')
    expect(renderError(await refusal(on.open('replay')))).toBe(
      'set/cassettes/bot.jsonl: was never finished\n  its recording was cut off: run again with --cassette record\n',
    )
  })
})

describe('a cassette is refused', () => {
  it('where there is none to replay', async () => {
    const error = await refusal(tape().open('replay'))
    expect(error.exitCode).toBe(2)
    expect(renderError(error)).toBe(
      'set/cassettes/bot.jsonl: there is no such recording\n  record it first: run with --cassette record\n',
    )
  })

  it.each(['record', 'replay'] as const)('for a %s of something else', async (mode) => {
    const on = tape()
    await recordTrials(on, 'a#1')
    const set = await refusal(on.open(mode, { evalSet: 'other' }))
    expect([set.exitCode, set.message, set.source]).toEqual([
      2,
      'is a cassette of eval set "a-set", not "other"',
      { file: 'set/cassettes/bot.jsonl', line: 1 },
    ])
    const candidate = await refusal(on.open(mode, { candidate: 'other' }))
    expect(candidate.message).toBe('is a cassette of candidate "bot", not "other"')
    expect(candidate.hint).toContain('--cassette record')
  })

  it.each(['record', 'replay'] as const)(
    'for a %s with a broken line, torn or not',
    async (mode) => {
      const on = tape()
      await recordTrials(on, 'a#1', 'a#2')
      const whole = readFileSync(on.file, 'utf8')
      const lines = whole.split('\n').length - 1
      const refused = async (text: string): Promise<unknown> => {
        writeFileSync(on.file, text)
        const { exitCode, message, source } = await refusal(on.open(mode))
        return [exitCode, message, source?.line]
      }
      expect(await refused(whole.slice(0, -20))).toEqual([2, 'is not JSON', lines])
      expect(await refused(whole.replace('\n', '\n\n<<<<<<< HEAD\n'))).toEqual([
        2,
        'is not JSON',
        3,
      ])
      expect(await refused(`${whole}{"type":"shared"}\n`)).toEqual([
        2,
        expect.stringContaining('is not a line of a cassette: hash'),
        lines + 1,
      ])
      expect(await refused('')).toEqual([2, 'is empty', 1])
      expect(await refused('{}\n')).toEqual([
        2,
        expect.stringContaining('is not the first line of a cassette'),
        1,
      ])
    },
  )

  it('where a broken line stands inside the recording of a killed run', async () => {
    const on = tape()
    await say(await on.open('record'), 'a#1')
    writeFileSync(on.log, readFileSync(on.log, 'utf8').replace('\n', '\ntorn\n'))
    expect((await refusal(on.open('record'))).source).toEqual({
      file: 'set/cassettes/bot.recording.jsonl',
      line: 2,
    })
  })

  it.each(['record', 'replay'] as const)('for a %s through a link', async (mode) => {
    const linked = tape()
    const elsewhere = path.join(linked.folder, 'elsewhere.txt')
    writeFileSync(elsewhere, 'precious')
    mkdirSync(path.dirname(linked.file))
    symlinkSync(elsewhere, linked.file)
    expect((await refusal(linked.open(mode))).message).toBe('is a link')
    expect(readFileSync(elsewhere, 'utf8')).toBe('precious')

    const outside = tape()
    symlinkSync(folderWith({}), path.dirname(outside.file))
    const error = await refusal(outside.open(mode))
    expect([error.exitCode, error.message]).toEqual([2, 'is not a folder of the eval set'])
  })

  it('while recording, also for a link in place of a file of ours', async () => {
    const on = tape()
    const elsewhere = path.join(on.folder, 'elsewhere.txt')
    writeFileSync(elsewhere, 'precious')
    mkdirSync(path.dirname(on.file))
    symlinkSync(elsewhere, on.log)
    expect((await refusal(on.open('record'))).message).toBe('is a link')

    const part = tape()
    mkdirSync(path.dirname(part.file))
    symlinkSync(elsewhere, `${part.file}.part`)
    await recordTrials(part, 'a#1')
    expect(readFileSync(elsewhere, 'utf8')).toBe('precious')
    expect(readdirSync(path.dirname(part.file))).toEqual(['bot.jsonl'])
  })

  it('where nothing can be written', async () => {
    const on = tape()
    writeFileSync(path.dirname(on.file), 'a file in the place of the folder')
    expect((await refusal(on.open('record'))).exitCode).toBe(2)
  })
})

describe('the file name of a candidate', () => {
  it.each([
    ['support-bot.v2', 'support-bot.v2.jsonl'],
    ['Support Bot', /^support-bot-[0-9a-f]{8}\.jsonl$/],
    ['support bot', /^support-bot-[0-9a-f]{8}\.jsonl$/],
    ['../../etc/passwd', /^etc-passwd-[0-9a-f]{8}\.jsonl$/],
    ['con', /^con-[0-9a-f]{8}\.jsonl$/],
    ['..', /^candidate-[0-9a-f]{8}\.jsonl$/],
    ['代理', /^candidate-[0-9a-f]{8}\.jsonl$/],
    ['x'.repeat(500), /^x{60}-[0-9a-f]{8}\.jsonl$/],
  ])('of %s is safe', (name, expected) => {
    expect(cassetteFileName(name)).toMatch(expected)
  })

  it('tells names apart that look alike', () => {
    const names = ['support bot', 'Support Bot', 'support-bot', 'support--bot!']
    expect(new Set(names.map(cassetteFileName)).size).toBe(names.length)
  })
})
