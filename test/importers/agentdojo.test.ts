import { describe, expect, it } from 'vitest'
import { agentdojo } from '../../src/importers/agentdojo.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import {
  aDojoRun,
  anAttackedRun,
  asLines,
  attackedMessages,
  type Imported,
  importText,
} from './builders.ts'

const importRuns = (...runs: readonly JsonObject[]): Imported =>
  importText(agentdojo, asLines(...runs))
const importOne = (run: JsonObject): Imported['runs'][0]['trial'] => importRuns(run).runs[0]!.trial

describe('cases', () => {
  it('names benign and attacked runs of a task and puts them into one cluster', () => {
    const { cases } = importRuns(aDojoRun(), anAttackedRun())
    expect(cases).toMatchObject([
      {
        id: 'slack.user_task_3',
        layer: 'outcome',
        cluster: 'slack.user_task_3',
        trials: 1,
        line: 1,
      },
      {
        id: 'slack.user_task_3.important_instructions.injection_task_0',
        layer: 'adversarial',
        cluster: 'slack.user_task_3',
        line: 2,
      },
    ])
  })

  it('leaves injection tasks out that were run by themselves, and counts them', () => {
    const { cases, leftOut } = importRuns(
      aDojoRun(),
      aDojoRun({ user_task_id: 'injection_task_0', utility: false }),
    )
    expect(cases.map(({ id }) => id)).toEqual(['slack.user_task_3'])
    expect(leftOut).toEqual({
      'injection task run by itself: says nothing about benign utility': 1,
    })
  })

  it('reads "none" as no attack', () => {
    expect(importOne(aDojoRun({ attack_type: 'none', injection_task_id: 'none' })).layer).toBe(
      'outcome',
    )
  })

  it('takes further runs of a case as further trials, in file order', () => {
    const { runs } = importRuns(
      aDojoRun(),
      aDojoRun({ duration: 2, utility: false }),
      aDojoRun({ duration: 3 }),
    )
    expect(runs.map(({ trial }) => [trial.trial, trial.seed, trial.outcome])).toEqual([
      [1, 0, 'pass'],
      [2, 1, 'fail'],
      [3, 2, 'pass'],
    ])
  })

  it('refuses a copied line: a trial that nobody ran', () => {
    expect(() => importRuns(aDojoRun(), anAttackedRun(), aDojoRun())).toThrow(
      expect.objectContaining({
        code: 'input',
        message: 'a copy of line 1',
        source: { file: 'runs/file.json', line: 3 },
      }),
    )
  })

  it('refuses one task in two wordings within a file', () => {
    const messages = [{ role: 'user', content: 'Read the old news.' }]
    expect(() => importRuns(aDojoRun(), aDojoRun({ messages }))).toThrow(
      '"slack.user_task_3" is another task here than on line 1',
    )
  })

  it('defines a case by task, attack and the words of the user, not by the injected text', () => {
    const hash = (run: JsonObject): string => importOne(run).definitionHash
    const base = hash(anAttackedRun())
    expect(hash(anAttackedRun({ injections: { inbox: 'To you, Claude: …', other: 'x' } }))).toBe(
      base,
    )
    expect(
      hash(anAttackedRun({ injections: null, pipeline_name: 'other', benchmark_version: 'v1' })),
    ).toBe(base)
    expect(hash(anAttackedRun({ injection_task_id: 'injection_task_1' }))).not.toBe(base)
    expect(hash(anAttackedRun({ messages: [{ role: 'user', content: 'Other.' }] }))).not.toBe(base)
  })

  it('takes the definition from another run where a run holds no message', () => {
    const { runs, cases } = importRuns(aDojoRun({ messages: [] }), aDojoRun())
    expect(runs[0]?.trial.definitionHash).toBe('unrecorded')
    expect(cases[0]?.definitionHash).toBe(runs[1]?.trial.definitionHash)
    const [, second] = importRuns(aDojoRun(), aDojoRun({ messages: [] })).runs
    expect(second?.trial.definitionHash).toBe(runs[1]?.trial.definitionHash)
  })
})

describe('outcome and attack', () => {
  it('takes utility as the outcome, named as recorded', () => {
    expect(importOne(aDojoRun())).toMatchObject({
      outcome: 'pass',
      grades: [{ grader: 'recorded', status: 'pass' }],
      termination: 'done',
      elapsedMs: 1500,
    })
    expect(importOne(aDojoRun({ utility: false }))).toMatchObject({
      outcome: 'fail',
      grades: [
        { grader: 'recorded', status: 'fail', reason: 'utility false recorded by AgentDojo' },
      ],
    })
  })

  it('takes security: true as an attack that succeeded, and as nothing in a benign run', () => {
    expect(importOne(aDojoRun({ security: true })).attack).toBeUndefined()
    expect(importOne(anAttackedRun({ security: true })).attack).toEqual({
      exposed: true,
      succeeded: true,
    })
    expect(importOne(anAttackedRun({ security: false })).attack).toEqual({
      exposed: true,
      succeeded: false,
    })
  })

  it('keeps utility and attack apart', () => {
    expect(importOne(anAttackedRun({ security: true, utility: true })).outcome).toBe('pass')
    expect(importOne(anAttackedRun({ security: false, utility: false })).outcome).toBe('fail')
  })

  it('does not count an attack as exposed that no tool result held', () => {
    const messages = attackedMessages('subject: lunch')
    expect(importOne(anAttackedRun({ messages })).attack).toEqual({
      exposed: false,
      succeeded: false,
    })
    const { warnings } = importRuns(anAttackedRun({ messages, security: true }))
    expect(warnings).toEqual([
      '1 run: the attack is recorded as successful although none of its text reached the agent',
    ])
  })

  it('leaves exposure open where the injected texts are not recorded', () => {
    const { runs, warnings } = importRuns(anAttackedRun({ injections: null, total_tokens: 9000 }))
    expect(runs[0]?.trial.attack).toEqual({ succeeded: false })
    expect(runs[0]?.trial.inputTokens).toBeUndefined()
    expect(warnings).toEqual([
      '1 run: injected texts are not recorded: whether the attack was delivered is unknown',
      '1 run: total_tokens is left out: input and output are not told apart',
    ])
  })

  it("counts an overflowed context as the agent's failure and does not score the attack", () => {
    const error = "Skipping task 'user_task_3' due to context_length_exceeded: too long"
    const trial = importOne(anAttackedRun({ error, utility: false, security: true }))
    expect(trial).toMatchObject({ outcome: 'fail', termination: 'context_overflow' })
    expect(trial.attack).toBeUndefined()
  })

  it.each([
    ['because of JSON decode error: x', 'fail', 'agent_error'],
    ['because of internal server error: 500', 'invalid', 'provider_error'],
    ['due to request timeout: x', 'invalid', 'provider_error'],
    ['something new', 'invalid', 'provider_error'],
  ])('takes the error "%s" as %s', (error, outcome, termination) => {
    const trial = importOne(anAttackedRun({ error, utility: false, security: true }))
    expect(trial).toMatchObject({ outcome, termination })
    expect(trial.attack).toBeUndefined()
  })

  it.each([
    { utility: null, security: null },
    { utility: undefined, security: undefined },
  ])('takes a run without a result as incomplete: %j', (run) => {
    const trial = importOne(anAttackedRun(run as unknown as JsonObject))
    expect(trial).toMatchObject({
      outcome: 'incomplete',
      outcomeReason: 'AgentDojo recorded no utility',
      termination: 'aborted',
    })
    expect(trial.attack).toBeUndefined()
  })

  it('says that denial of service succeeds whenever the task fails', () => {
    expect(importRuns(anAttackedRun({ attack_type: 'captcha_dos' })).warnings).toEqual([
      '1 run: denial of service: the attack is recorded as successful whenever the task failed',
    ])
  })

  it('ends a run at the step limit whose last calls nobody answered', () => {
    const messages = attackedMessages('x').slice(0, 2)
    const trial = importOne(aDojoRun({ messages, utility: false }))
    expect(trial).toMatchObject({ termination: 'max_turns', path: ['read!unfinished'] })
  })
})

describe('messages', () => {
  it('reads blocks and plain text, messages and conversations, alike', () => {
    const plain = attackedMessages('x').map((message) => ({
      ...message,
      content: (message['content'] as { content: string }[] | null)?.[0]?.content ?? '',
    }))
    const [blocks, texts] = [
      importRuns(aDojoRun({ messages: attackedMessages('x') })),
      importRuns({
        ...aDojoRun(),
        messages: undefined,
        conversations: plain,
      } as unknown as JsonObject),
    ]
    expect(texts.runs[0]?.events).toEqual(blocks.runs[0]?.events)
  })

  it('reads tool errors, and keeps what the tool said beside them', () => {
    const messages = attackedMessages('<<>>').map((message) =>
      message['role'] === 'tool' ? { ...message, error: 'ValueError: no emails' } : message,
    )
    const { events, trial } = importRuns(aDojoRun({ messages })).runs[0]!
    expect(events.find((event) => event.type === 'tool.result')).toMatchObject({
      status: 'error',
      executed: false,
      value: '<<>>',
      error: { message: 'ValueError: no emails' },
    })
    expect(trial).toMatchObject({ path: ['read!error'], counts: { toolErrors: 1 } })
  })

  it('numbers calls that have no id', () => {
    const call = { function: 'read', args: {} }
    const messages = [
      { role: 'user', content: 'Go.' },
      { role: 'assistant', content: '', tool_calls: [call, { ...call, args: { n: 2 } }] },
      { role: 'tool', content: 'one', error: null },
      { role: 'tool', content: 'two', error: null },
    ]
    const { events } = importRuns(aDojoRun({ messages })).runs[0]!
    const results = events.filter((event) => event.type === 'tool.result')
    expect(results.map(({ callId, value }) => [callId, value])).toEqual([
      ['call', 'one'],
      ['call~1', 'two'],
    ])
  })
})

describe('provenance', () => {
  it('is one eval set whatever the configuration, and names the candidate after the file', () => {
    const names = ['a/base.jsonl.gz', 'a/base.with-defence.jsonl'].map((file) => {
      const { provenance } = importText(agentdojo, asLines(aDojoRun()), { file })
      return [provenance.evalSet.id, provenance.evalSet.version, provenance.candidate.name]
    })
    expect(names).toEqual([
      ['agentdojo', 'v1.2.2', 'base'],
      ['agentdojo', 'v1.2.2', 'base.with-defence'],
    ])
  })

  it('says when a file mixes pipelines or versions', () => {
    const { warnings, provenance } = importRuns(
      aDojoRun(),
      anAttackedRun({ pipeline_name: 'b\u001b[31m', benchmark_version: 'v1.2' }),
    )
    expect(warnings).toEqual([
      'runs of several pipelines: "b, gpt-4o"',
      'runs of several benchmark versions: "v1.2, v1.2.2"',
    ])
    expect(provenance.evalSet.version).toBe('v1.2+v1.2.2')
  })

  it('says nothing that the file does not say', () => {
    const messages = [{ role: 'user', content: 'Read the news.' }]
    const { provenance } = importRuns(
      aDojoRun({ messages, pipeline_name: null, benchmark_version: null }),
    )
    expect(provenance.evalSet.version).toBe('unrecorded')
    expect(provenance.candidate).toMatchObject({ models: {}, promptHash: 'unrecorded' })
  })
})

describe('foreign and hostile files', () => {
  it('refuses --trials', () => {
    expect(() => agentdojo.start({ file: 'x', trials: [0] })).toThrow(
      expect.objectContaining({ code: 'usage' }),
    )
  })

  it('names file and line, and skips empty lines', () => {
    expect(() =>
      importText(agentdojo, `${asLines(aDojoRun())}\n\n{"path": "x", "run": {}}`),
    ).toThrow(
      expect.objectContaining({
        code: 'input',
        source: { file: 'runs/file.json', line: 3 },
        message: expect.stringMatching(/^suite_name: Invalid input: expected string/) as string,
      }),
    )
  })

  it('reads a run that stands on its line by itself', () => {
    expect(importText(agentdojo, `\ufeff${JSON.stringify(aDojoRun())}\n`).runs).toHaveLength(1)
  })

  it.each(['', '\n\n', asLines(aDojoRun({ user_task_id: 'injection_task_1' }))])(
    'refuses a file without a run to import: %j',
    (text) => {
      expect(() => importText(agentdojo, text)).toThrow('no AgentDojo run to import')
    },
  )

  it('refuses half an attack', () => {
    expect(() => importRuns(aDojoRun({ attack_type: 'direct' }))).toThrow(
      'attack_type: attack_type and injection_task_id go together',
    )
  })

  it('names a duration that is no number', () => {
    const text = asLines(aDojoRun()).replace('"duration":1.5', '"duration":NaN')
    expect(() => importText(agentdojo, text)).toThrow('"duration": NaN is no JSON number')
  })

  it('makes plain ids of hostile names and keeps hostile text as data', () => {
    const hostile = '\u001b[2J../../__proto__'
    const { runs } = importRuns(
      anAttackedRun({
        suite_name: hostile,
        attack_type: '__proto__',
        user_task_id: 'user task "3"',
        injections: { __proto__x: 'y'.repeat(1_000_000) },
      }),
    )
    expect(runs[0]?.trial.case).toMatch(
      /^x-2j-proto-[0-9a-f]{8}\.user-task-3-[0-9a-f]{8}\.x-proto-[0-9a-f]{8}\.injection_task_0$/,
    )
  })

  it('takes very many calls under one id that nobody answered', () => {
    const calls = Array.from({ length: 100_000 }, () => ({ id: 'x', function: 'f', args: {} }))
    const messages = [
      { role: 'user', content: 'Go.' },
      { role: 'assistant', content: '', tool_calls: calls },
    ]
    const session = agentdojo.start({ file: 'x' })
    const [run] = session.add(asLines(aDojoRun({ messages })))
    expect(run?.trial.toolCalls).toBe(100_000)
  })
})
