import { describe, expect, it } from 'vitest'
import { tauBench } from '../../src/importers/tau-bench.ts'
import type { JsonObject } from '../../src/schema/json.ts'
import type { EventOf } from '../../src/schema/trace.ts'
import { aTauRun, type Imported, importText } from './builders.ts'

function importRuns(
  runs: readonly JsonObject[],
  options: { trials?: readonly number[]; file?: string } = {},
): Imported {
  return importText(tauBench, JSON.stringify(runs, undefined, 1), options)
}

function importOne(run: Parameters<typeof aTauRun>[0]): Imported {
  return importRuns([aTauRun(run)])
}

const withReward = (reward: number, info: JsonObject): JsonObject => ({
  reward,
  info: { reward_info: info },
})

describe('cases and trials', () => {
  it('names cases by task, trials from 1 in the order of the recorded numbers', () => {
    const { runs, cases } = importRuns([
      aTauRun({ task_id: 7, trial: 2 }),
      aTauRun({ task_id: 7, trial: 0 }),
      aTauRun({ task_id: 0, trial: 2 }),
      aTauRun({ task_id: 0, trial: 0 }),
    ])
    expect(runs.map(({ trial }) => [trial.case, trial.trial, trial.seed])).toEqual([
      ['task-000', 1, 0],
      ['task-000', 2, 2],
      ['task-007', 1, 0],
      ['task-007', 2, 2],
    ])
    expect(cases.map(({ id, cluster, layer, trials }) => ({ id, cluster, layer, trials }))).toEqual(
      [
        { id: 'task-000', cluster: 'task-000', layer: 'outcome', trials: 2 },
        { id: 'task-007', cluster: 'task-007', layer: 'outcome', trials: 2 },
      ],
    )
  })

  it('keeps chosen trials, numbers them anew, and counts what it left out', () => {
    const recorded = [0, 1, 2, 3].map((trial) => aTauRun({ trial, reward: trial % 2 }))
    const { runs, leftOut } = importRuns(recorded, { trials: [2, 3] })
    expect(runs.map(({ trial }) => [trial.trial, trial.seed, trial.outcome])).toEqual([
      [1, 2, 'fail'],
      [2, 3, 'pass'],
    ])
    expect(leftOut).toEqual({ 'recorded trial not selected': 2 })
  })

  it.each([
    [[7], 'no run was recorded as trial 7'],
    [[0, 9], 'no run was recorded as trial 9'],
    [[], 'no number given'],
  ])('refuses --trials %j', (trials, problem) => {
    const recorded = [aTauRun({ trial: 0 }), aTauRun({ trial: 1 })]
    expect(() => importRuns(recorded, { trials })).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: `--trials: ${problem}`,
        hint: 'recorded: 0, 1',
      }),
    )
  })

  it('sees that trial numbers count tasks: one trial each, and nothing to choose from', () => {
    const recorded = [0, 1, 2].map((n) => aTauRun({ task_id: n, trial: n }))
    const { runs, warnings } = importRuns(recorded)
    expect(runs.map(({ trial }) => [trial.case, trial.trial])).toEqual([
      ['task-000', 1],
      ['task-001', 1],
      ['task-002', 1],
    ])
    expect(warnings).toContain('3 runs: the recorded trial number counts tasks, not repetitions')
    expect(() => importRuns(recorded, { trials: [0] })).toThrow('each task has one run')
  })

  it('refuses the same trial of a task twice, naming both places', () => {
    expect(() => importRuns([aTauRun(), aTauRun({ reward: 0 })])).toThrow(
      expect.objectContaining({
        code: 'input',
        message: expect.stringMatching(
          /^\[1\]: task 0, trial 0 stands on line 2 already$/,
        ) as string,
      }),
    )
  })

  it('refuses two tasks under one number', () => {
    const other = aTauRun({ trial: 1, info: { task: { user_id: 'bob' } } })
    expect(() => importRuns([aTauRun(), other])).toThrow(
      '"task-000" is another task here than on line 2',
    )
  })
})

describe('definition, eval set and candidate', () => {
  it('defines a case by its task, not by the system prompt or by notes on the task', () => {
    const traj = [{ role: 'system', content: '# Airline Agent Policy\n\nConfirm first.' }]
    const task = {
      user_id: 'mia',
      instruction: 'You are Mia.',
      actions: [],
      outputs: [],
      annotator: 'x',
    }
    const [a, b] = [importOne({}), importOne({ traj, info: { task } })]
    expect(b.provenance.evalSet).toEqual(a.provenance.evalSet)
    expect(b.provenance.candidate.promptHash).not.toBe(a.provenance.candidate.promptHash)
  })

  it.each([
    { user_id: 'bob' },
    { instruction: 'You are not Mia.' },
    { actions: [{ name: 'book', kwargs: {} }] },
    { outputs: ['10'] },
  ])('sees another task in %j', (change) => {
    const task = {
      user_id: 'mia',
      instruction: 'You are Mia.',
      actions: [],
      outputs: [],
      ...change,
    }
    const hashes = [importOne({}), importOne({ info: { task } })].map(
      ({ cases }) => cases[0]?.definitionHash,
    )
    expect(hashes[0]).not.toBe(hashes[1])
  })

  it.each([
    ['# Airline Agent Policy', 'tau-bench-airline'],
    ['Think.\n\n# Retail agent policy\n', 'tau-bench-retail'],
    ['# Telecom policy', 'tau-bench'],
    ['A retail agent policy, # Retail agent policy', 'tau-bench'],
  ])('knows the domain of %j', (content, id) => {
    expect(importOne({ traj: [{ role: 'system', content }] }).provenance.evalSet.id).toBe(id)
  })

  it('refuses a file of two domains', () => {
    const retail = aTauRun({
      task_id: 1,
      traj: [{ role: 'system', content: '# Retail agent policy' }],
    })
    expect(() => importRuns([aTauRun(), retail])).toThrow(
      'runs of several domains: airline, retail',
    )
  })

  it('names the candidate after the file and claims nothing that is not recorded', () => {
    const { provenance } = importRuns([aTauRun()], { file: 'C:\\runs\\my.agent.json' })
    expect(provenance).toMatchObject({
      agentBehind: 'recorded',
      source: 'C:\\runs\\my.agent.json',
      candidate: {
        name: 'my.agent',
        models: {},
        policyHash: 'unrecorded',
        toolsHash: 'unrecorded',
      },
    })
  })
})

describe('outcome', () => {
  it('passes on reward 1, within the tolerance of the benchmark', () => {
    for (const reward of [1, 1 - 1e-7, 1 + 1e-7]) {
      const [run] = importOne({ reward }).runs
      expect(run?.trial).toMatchObject({
        outcome: 'pass',
        grades: [{ grader: 'recorded', status: 'pass' }],
      })
    }
  })

  it.each([
    [
      withReward(0, { info: { r_actions: 0, gt_data_hash: 'x' } }),
      'the end state differs from the reference',
    ],
    [withReward(0, { info: { r_actions: false } }), 'the end state differs from the reference'],
    [
      withReward(0, {
        info: { r_outputs: 0, outputs: { '44.08': false, '10': true, '3': false } },
      }),
      'a required output was not said: 3, 44.08',
    ],
    [
      withReward(0, { info: { r_outputs: 1, outputs: { '10': true } } }),
      'every required output was said, so the end state differs from the reference',
    ],
    [withReward(0, {}), 'the part that failed is not recorded'],
    [{ reward: 0, info: { reward_info: null } }, 'stopped at the step limit before it was scored'],
  ])('says which part failed: %j', (run, why) => {
    const { grades, outcome } = importOne(run).runs[0]!.trial
    expect(outcome).toBe('fail')
    expect(grades).toEqual([
      {
        grader: 'recorded',
        status: 'fail',
        reason: `reward 0 recorded by tau-bench: ${why}`,
        events: [],
      },
    ])
  })

  it('fails a reward between 0 and 1, naming it, and warns', () => {
    const { runs, warnings } = importOne({ reward: 0.5 })
    expect(runs[0]?.trial.grades[0]).toMatchObject({
      reason: 'reward 0.5 recorded by tau-bench: neither 0 nor 1, counted as failed',
    })
    expect(warnings).toContain('1 run: the reward is neither 0 nor 1: counted as failed')
  })

  it('ends a run that was never scored at the step limit', () => {
    const { runs, warnings } = importOne({ reward: 0, info: { reward_info: null } })
    expect(runs[0]?.trial.termination).toBe('max_turns')
    expect(warnings).toContain('1 run: stopped at the step limit, never scored: counted as failed')
  })

  it('makes an exception invalid, not failed, and takes the task from another run', () => {
    const crashed = {
      ...aTauRun({ reward: 0, trial: 1, traj: [] }),
      info: { error: 'Timeout', traceback: '…' },
    }
    const { runs, warnings, cases } = importRuns([aTauRun(), crashed])
    expect(runs[1]?.trial).toMatchObject({
      outcome: 'invalid',
      outcomeReason: 'exception recorded by tau-bench: Timeout',
      termination: 'harness_error',
      definitionHash: runs[0]?.trial.definitionHash,
      grades: [{ grader: 'recorded', status: 'unscored' }],
      modelCalls: 0,
    })
    expect(cases).toHaveLength(1)
    expect(warnings).toContain(
      '1 run: ended by an exception, recorded as reward 0: counted as invalid, not as failed',
    )
    expect(importRuns([crashed]).cases[0]?.definitionHash).toBe('unrecorded')
  })

  it('leaves the cost out: what is recorded is one call of the user simulator', () => {
    const { runs, warnings } = importOne({ info: { user_cost: 1352 } })
    expect(runs[0]?.trial.costByRole).toEqual({})
    expect(runs[0]?.trial.costUsd).toBeUndefined()
    expect(warnings.join()).toContain('user_cost is left out')
  })
})

describe('events', () => {
  const call = (id: string, name: string, args: string): JsonObject => ({
    role: 'assistant',
    content: null,
    tool_calls: [{ id, type: 'function', function: { name, arguments: args } }],
  })
  const result = (id: string, content: string): JsonObject => ({
    role: 'tool',
    tool_call_id: id,
    name: 'x',
    content,
  })

  it('tells the conversation in recorded order', () => {
    const { runs } = importOne({
      traj: [
        { role: 'system', content: '# Airline Agent Policy' },
        { role: 'user', content: 'Hi' },
        { ...call('c1', 'get_user', '{"id": 1}'), content: 'Let me look.' },
        result('c1', '{"name": "Mia"}'),
        { role: 'assistant', content: 'Hello Mia.' },
        { role: 'user', content: '###STOP###' },
      ],
    })
    const [{ trial, events }] = runs as [Imported['runs'][0]]
    expect(events.map((event) => event.type)).toEqual([
      'trial.start',
      'message',
      'message',
      'message',
      'tool.proposed',
      'tool.result',
      'message',
      'message',
      'trial.end',
    ])
    const messages = events.filter((event) => event.type === 'message')
    expect(messages.map(({ role, turn }) => [role, turn])).toEqual([
      ['system', 0],
      ['user', 1],
      ['assistant', 1],
      ['assistant', 1],
      ['user', 2],
    ])
    expect(messages[2]?.content).toEqual([
      { type: 'text', text: 'Let me look.' },
      { type: 'tool_call', callId: 'c1', tool: 'get_user', args: { id: 1 } },
    ])
    expect(events[4]).toMatchObject({
      callId: 'c1',
      turn: 1,
      ordinal: 0,
      args: { id: 1 },
      schemaErrors: [],
    })
    expect(events[5]).toMatchObject({
      callId: 'c1',
      status: 'ok',
      executed: true,
      origin: 'recorded',
      value: '{"name": "Mia"}',
      changes: [],
    })
    expect(trial).toMatchObject({
      modelCalls: 2,
      toolCalls: 1,
      path: ['get_user'],
      counts: { toolErrors: 0 },
    })
  })

  it('marks tool errors, and calls without a result', () => {
    const { runs, warnings } = importOne({
      traj: [
        call('a', 'book', '{}'),
        result('a', 'Error: no seats'),
        call('b', 'fly', '{}'),
        result('b', 'Unknown action fly'),
        call('c', 'pay', '{}'),
      ],
    })
    const [{ trial, events }] = runs as [Imported['runs'][0]]
    expect(trial.path).toEqual(['book!error', 'fly!error', 'pay!unfinished'])
    expect(trial.counts.toolErrors).toBe(2)
    const failed = events.find((event) => event.type === 'tool.result') as EventOf<'tool.result'>
    expect(failed).toMatchObject({
      status: 'error',
      executed: false,
      error: { code: 'recorded_error', message: 'Error: no seats' },
    })
    expect(failed.value).toBeUndefined()
    expect(warnings).toContain('1 run: a tool call has no recorded result')
  })

  it('gives a reused call id a new one and pairs results in order', () => {
    const { runs, warnings } = importOne({
      traj: [call('c', 'a', '{}'), result('c', 'one'), call('c', 'b', '{}'), result('c', 'two')],
    })
    const results = runs[0]!.events.filter((event) => event.type === 'tool.result')
    expect(results.map(({ callId, tool, value }) => [callId, tool, value])).toEqual([
      ['c', 'a', 'one'],
      ['c~1', 'b', 'two'],
    ])
    expect(warnings).toContain('1 run: a tool call id is used twice; the later call got another')
  })

  it('reads the older function call', () => {
    const { runs } = importOne({
      traj: [
        { role: 'assistant', content: null, function_call: { name: 'look', arguments: '{"a":1}' } },
        { role: 'function', name: 'look', content: 'seen' },
      ],
    })
    expect(runs[0]?.trial.path).toEqual(['look'])
    expect(runs[0]?.events.find((event) => event.type === 'tool.result')).toMatchObject({
      tool: 'look',
      value: 'seen',
    })
  })

  it('keeps arguments that are no JSON object as raw text', () => {
    const { runs, warnings } = importOne({
      traj: [call('c', 'think', "{'thought': 'hm'}"), result('c', '')],
    })
    expect(runs[0]?.events.find((event) => event.type === 'tool.proposed')).toMatchObject({
      args: {},
      rawArgs: "{'thought': 'hm'}",
      schemaErrors: [],
    })
    expect(warnings).toContain(
      '1 run: arguments of a tool call are no JSON object; kept as raw text',
    )
  })

  it('keeps a result that no call asked for as a message', () => {
    const { runs, warnings } = importOne({ traj: [result('ghost', 'boo')] })
    expect(runs[0]?.trial.toolCalls).toBe(0)
    expect(runs[0]?.events[1]).toMatchObject({ type: 'message', role: 'tool' })
    expect(warnings).toContain(
      '1 run: a tool result belongs to no recorded call; kept as a message',
    )
  })

  it('gives equal trajectories equal hashes, whatever the call ids and the user said', () => {
    const traj = (id: string, args: string, said: string): JsonObject[] => [
      { role: 'user', content: said },
      call(id, 'a', args),
      result(id, said),
    ]
    const hash = (...of: Parameters<typeof traj>): string =>
      importOne({ traj: traj(...of) }).runs[0]!.trial.trajectoryHash
    expect(hash('x', '{"a":1,"b":2}', 'hi')).toBe(hash('y', '{"b":2,"a":1}', 'ho'))
    expect(hash('x', '{"a":1}', 'hi')).not.toBe(hash('x', '{"a":2}', 'hi'))
  })
})

describe('foreign and hostile files', () => {
  it.each([
    ['', 'a JSON array of runs'],
    ['[]', 'found an empty one'],
    ['{"simulations": []}', 'a JSON array of runs'],
    ['[1]', '[0]: Invalid input: expected object'],
    ['[{"task_id": 0}]', 'trial: '],
  ])('refuses %s', (text, problem) => {
    expect(() => importText(tauBench, text)).toThrow(
      expect.objectContaining({
        code: 'input',
        message: expect.stringContaining(problem) as string,
      }),
    )
  })

  it('names index, line and number where a reward is NaN', () => {
    const text = JSON.stringify([aTauRun(), aTauRun({ trial: 1, reward: 77 })]).replace(
      '"reward":77',
      '"reward":\nNaN',
    )
    expect(() => importText(tauBench, text.replace('},{"task_id"', '},\n{"task_id"'))).toThrow(
      expect.objectContaining({
        code: 'input',
        message: '[1]: "reward": NaN is no JSON number',
        source: { file: 'runs/file.json', line: 2 },
      }),
    )
  })

  it.each([{ reward: 2 }, { reward: -1 }, { reward: '1' }, { trial: 0.5 }, { task_id: -1 }])(
    'refuses %j',
    (run) => {
      expect(() => importOne(run)).toThrow(expect.objectContaining({ code: 'input' }))
    },
  )

  it('refuses a role it does not know, naming the ones it does', () => {
    expect(() => importOne({ traj: [{ role: 'wizard', content: 'x' }] })).toThrow(
      /traj\.0\.role: Invalid option: expected one of "system"\|"developer"/,
    )
  })

  it('treats hostile text as data', () => {
    const hostile = '\u001b]0;owned\u0007::error::x <script>@everyone\u202e'
    const { runs } = importOne({
      traj: [
        { role: 'user', content: hostile },
        {
          role: 'assistant',
          content: hostile,
          tool_calls: [
            {
              id: hostile,
              function: {
                name: hostile,
                arguments: '{"__proto__": {"polluted": 1}, "constructor": 2}',
              },
            },
          ],
        },
        { role: 'tool', tool_call_id: hostile, content: 'x'.repeat(1_000_000) },
      ],
    })
    expect(runs[0]?.trial.path).toEqual([hostile])
    const proposed = runs[0]?.events.find(
      (event) => event.type === 'tool.proposed',
    ) as EventOf<'tool.proposed'>
    expect(Object.keys(proposed.args)).toEqual(['__proto__', 'constructor'])
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })

  it('reads content in parts, and says what it left out', () => {
    const content = [
      { type: 'text', text: 'Look:' },
      { type: 'image_url', image_url: { url: 'data:' } },
    ]
    expect(importOne({ traj: [{ role: 'user', content }] }).runs[0]?.events[1]).toMatchObject({
      content: [{ type: 'text', text: 'Look:\n[image_url left out]' }],
    })
  })

  it('reads a file that starts with a byte order mark', () => {
    expect(importText(tauBench, `\ufeff${JSON.stringify([aTauRun()])}`).runs).toHaveLength(1)
  })
})
