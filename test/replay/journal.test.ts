import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JournalSink } from '../../src/ports.ts'
import { type Journal, openJournal } from '../../src/replay/journal.ts'
import { restoreLongTexts } from '../../src/replay/long-texts.ts'
import type { JsonObject, JsonValue } from '../../src/schema/json.ts'
import { type EventBody, eventBody, type TraceEvent } from '../../src/schema/trace.ts'
import { type TrialLine, trialLine } from '../../src/schema/trial.ts'
import type { TrialKey } from '../../src/schema/trial-key.ts'
import { createRedactor } from '../../src/text/redact.ts'
import { call, run } from './builders.ts'

const key: TrialKey = { case: 'refund.full', trial: 2, attempt: 1, mode: 'enforce' }
const secret = 'correct horse battery staple'

function aJournal(): {
  readonly journal: Journal
  readonly written: readonly (readonly ['events' | 'trial', string])[]
  readonly lines: () => readonly JsonObject[]
} {
  const written: (readonly ['events' | 'trial', string])[] = []
  const sink: JournalSink = {
    appendEvents: (lines) => written.push(['events', lines]),
    appendTrial: (line) => written.push(['trial', line]),
  }
  const journal = openJournal('run-1', sink, createRedactor({ values: [secret] }))
  const lines = (): readonly JsonObject[] =>
    written.map(([, line]) => JSON.parse(line) as JsonObject)
  return { journal, written, lines }
}

function anEvent(body: EventBody): TraceEvent {
  return { ...eventBody.parse(body), seq: 3, tMs: 40 }
}

function aCall(args: JsonObject): TraceEvent {
  const place = { callId: 'a', turn: 1, ordinal: 0, tool: 'crm.read' }
  return anEvent({ type: 'tool.proposed', ...place, args, schemaErrors: [], log: {} })
}

function aMessage(text: string): TraceEvent {
  return anEvent({ type: 'message', role: 'user', turn: 1, content: [{ type: 'text', text }] })
}

function aLine(changes: Partial<TrialLine> = {}): TrialLine {
  const counts = {
    ...{ writesProposed: 0, schemaErrors: 0, toolErrors: 0, repeatedReads: 0 },
    ...{ blocked: 0, escalations: 0, approvals: 0, policyErrors: 0 },
  }
  return trialLine.parse({
    ...key,
    ...{
      seed: 1,
      layer: 'outcome',
      cluster: 'c',
      definitionHash: 'd',
      outcome: 'pass',
      grades: [],
    },
    ...{
      violations: [],
      path: [],
      trajectoryHash: 't',
      costByRole: {},
      modelCalls: 1,
      toolCalls: 0,
    },
    counts,
    ...changes,
  })
}

describe('events', () => {
  it('stand under their run, trial, place and time', () => {
    const { journal, lines } = aJournal()
    journal.event(key, aMessage('hello'))
    expect(lines()).toEqual([
      {
        run: 'run-1',
        trial: 'refund.full#2',
        type: 'message',
        role: 'user',
        turn: 1,
        content: [{ type: 'text', text: 'hello' }],
        seq: 3,
        tMs: 40,
      },
    ])
  })

  it('write a long text once in a run, before what names it', () => {
    const { journal, lines } = aJournal()
    const long = 'long '.repeat(100)
    journal.event(key, aMessage(long))
    journal.event({ ...key, trial: 3 }, aMessage(long))
    expect(lines().map((line) => line['type'])).toEqual(['text', 'message', 'message'])
    const [text, ...events] = lines()
    expect(text).toMatchObject({ run: 'run-1', text: long })
    for (const event of events) {
      expect(event['content']).toEqual([{ type: 'text', text: { $text: text?.['hash'] } }])
    }
  })

  it('are restored exactly, whatever an agent wrote', () => {
    const wild = fc.dictionary(
      fc.constantFrom('$text', '$$text', 'a', 'b'),
      fc.jsonValue({ maxDepth: 3 }),
    )
    fc.assert(
      fc.property(
        wild,
        fc.string({ unit: 'binary', minLength: 190, maxLength: 210 }),
        (args, text) => {
          const { journal, lines } = aJournal()
          const event = aCall(JSON.parse(JSON.stringify({ ...args, text })) as JsonObject)
          const expected = createRedactor({ values: [] }).json(event as unknown as JsonValue)
          journal.event(key, event)
          const named = lines().flatMap(({ hash, text: whole, type }) =>
            type === 'text' ? [[hash as string, whole as string] as const] : [],
          )
          expect(restoreLongTexts(lines().at(-1) ?? null, new Map(named))).toEqual({
            run: 'run-1',
            trial: 'refund.full#2',
            ...(JSON.parse(JSON.stringify(expected)) as JsonObject),
          })
        },
      ),
    )
  })

  it('are one line each, whatever stands in them', async () => {
    const { journal, written } = aJournal()
    const hostile = 'a\r\nb\n{"type":"trial.end"}\n\u2028\u2029\u0085\u0000\u001b[2J'
    const options = {
      write: (event: TraceEvent) => {
        journal.event(key, event)
      },
      turns: [hostile, hostile.repeat(20)],
    }
    const hostileCall = call(hostile, { [hostile]: hostile }, { callId: hostile })
    await run([[hostileCall], hostile, hostile], options)
    for (const [, line] of written) {
      expect(line.indexOf('\n')).toBe(line.length - 1)
      expect(line).not.toContain('\r')
      expect(JSON.parse(line)).toMatchObject({ run: 'run-1' })
    }
  })
})

describe('secrets', () => {
  const bodies: readonly EventBody[] = [
    {
      type: 'message',
      role: 'user',
      turn: 1,
      content: [{ type: 'text', text: `it is ${secret}` }],
    },
    {
      ...{ type: 'tool.proposed', callId: secret, turn: 1, ordinal: 0, tool: secret },
      ...{ args: { a: [secret], [secret]: 1 }, rawArgs: secret, reason: secret },
      ...{ schemaErrors: [secret], log: { a: secret } },
    },
    {
      ...{ type: 'tool.result', callId: 'a', tool: 't', status: 'ok', executed: true },
      ...{ origin: 'world', value: `${secret} `.repeat(20), latencyMs: 1 },
      changes: [{ op: 'add', path: '/a', value: { b: secret } }],
    },
    { type: 'model.error', role: 'agent', class: 'auth', message: `bad key ${secret}` },
    { type: 'model.request', role: 'agent', ordinal: 0, model: `http:${secret}`, messages: 1 },
    { type: 'trial.end', termination: 'agent_error', message: secret, elapsedMs: 0 },
    {
      ...{ type: 'policy.decision', callId: 'a', source: 'policy', decision: 'deny' },
      ...{ enforced: true, rules: [{ id: 'r', decision: 'deny', reason: secret, error: secret }] },
    },
  ]

  it.each(bodies)('of $type never reach the sink', (body) => {
    const { journal, written } = aJournal()
    journal.event(key, anEvent(body))
    expect(JSON.stringify(written)).not.toContain(secret)
    expect(JSON.stringify(written)).toContain('[redacted:')
  })

  it('of a trial line never reach the sink', () => {
    const { journal, written } = aJournal()
    journal.trial(aLine({ outcomeReason: `failed with ${secret}`, path: [secret] }))
    expect(written).toHaveLength(1)
    expect(JSON.stringify(written)).not.toContain(secret)
  })

  it('under a telling name never reach the sink', () => {
    const { journal, written } = aJournal()
    journal.event(key, aCall({ password: 'hunter2hunter2' }))
    expect(JSON.stringify(written)).not.toContain('hunter2')
  })

  it('stay in the events that graders see', () => {
    const { journal } = aJournal()
    const event = aMessage(secret)
    journal.event(key, event)
    expect(JSON.stringify(event)).toContain(secret)
  })
})

describe('trial lines', () => {
  it('come after their events, and read back as they were', async () => {
    const { journal, lines, written } = aJournal()
    await run([[call('crm.read')], 'Done.'], {
      write: (event) => {
        journal.event(key, event)
      },
    })
    const line = aLine()
    journal.trial(line)
    expect(written.map(([where]) => where).indexOf('trial')).toBe(written.length - 1)
    expect(lines().at(-2)).toMatchObject({ type: 'trial.end' })
    expect(trialLine.parse(lines().at(-1))).toEqual(line)
  })
})
