import type { TrialLine } from '../../../src/schema/trial.ts'
import { runCli } from '../../cli/run-cli.ts'
import type { Desk } from '../desk.ts'
import { eachTrial } from '../edits.ts'
import type { Chapter, Ended } from '../situation.ts'
import {
  codedTool,
  equalRuns,
  firstRun,
  forbiddenGoal,
  hijackedAgent,
  run,
  withCase,
} from '../usual.ts'

const again = 'runs/again/trials.jsonl'

/** What a trial leaves when its provider is down. */
function lost(line: TrialLine): TrialLine {
  const left: TrialLine = {
    ...line,
    outcome: 'invalid',
    outcomeReason: 'the provider failed: 503',
    termination: 'provider_error',
    grades: [],
  }
  delete left.attack
  return left
}

/** What a trial leaves that somebody chose not to make. */
function skipped(line: TrialLine): TrialLine {
  return { ...lost(line), outcome: 'skipped', outcomeReason: 'the key was not there' }
}

async function crashAfterViolation(desk: Desk): Promise<Ended> {
  const gate = '{ zero_tolerance: [own-orders] }'
  const record = ['run', '-q', '--no-gate', '-o', 'made', ...hijackedAgent]
  const cwd = desk.copy({ edit: forbiddenGoal, gate })
  await runCli(record, { cwd })
  desk.change(cwd, {
    edit: {
      [`${desk.only(cwd, 'made')}/trials.jsonl`]: eachTrial((line) =>
        line.attack === undefined ? line : lost(line),
      ),
    },
  })
  return runCli(['compare', 'runs/good', desk.only(cwd, 'made')], { cwd })
}

function runOutOfTime(desk: Desk): Promise<Ended> {
  let ms = 0
  const nowMs = (): number => (ms += 1000)
  return desk.run([...run, '--max-duration', '10s'], {}, { nowMs })
}

export const trialsWithoutAResult: Chapter = {
  title: 'Trials without a result',
  situations: [
    {
      id: 'every-trial-errored',
      situation: 'Every call of the model fails.',
      sources: [
        'i-dot-ai/themefinder#119',
        'diegosouzapw/OmniRoute#13137',
        'everruns/yolop#428',
        'memex-lab/dart_agent_core#61',
      ],
      run: (desk) => desk.run(equalRuns, { edit: { [again]: eachTrial(lost) } }),
      expected: { outcome: 'error', exitCode: 4, says: 'no trial of the candidate was scored' },
    },
    {
      id: 'provider-down',
      situation: 'The provider goes down in the middle; what came before is all right.',
      sources: [
        'scaleapi/SWE-bench_Pro-os#78',
        'UKGovernmentBEIS/inspect_ai#3707',
        'sierra-research/tau2-bench#493',
        'dimagi/open-chat-studio#4590',
      ],
      run: (desk) =>
        desk.run(equalRuns, {
          edit: { [again]: eachTrial((line) => (line.trial <= 30 ? line : lost(line))) },
        }),
      expected: {
        outcome: 'error',
        exitCode: 4,
        says: '120 of 240 trials of the candidate have no result',
      },
    },
    {
      id: 'trials-skipped',
      situation: 'Three trials of four were skipped; those that ran are all right.',
      sources: ['HeliosSoftware/hfs#491', 'comet-ml/opik#6252', 'kunchenguid/no-mistakes#1067'],
      run: (desk) =>
        desk.run(equalRuns, {
          edit: { [again]: eachTrial((line) => (line.trial <= 15 ? line : skipped(line))) },
        }),
      expected: {
        outcome: 'error',
        exitCode: 4,
        says: '180 of 240 trials of the candidate have no result',
      },
    },
    {
      id: 'one-trial-lost',
      situation: 'One trial of 240 has no result, which is within what is tolerated.',
      sources: ['UKGovernmentBEIS/inspect_ai#4286'],
      run: (desk) =>
        desk.run(equalRuns, {
          edit: { [again]: eachTrial((line, index) => (index === 7 ? lost(line) : line)) },
        }),
      expected: {
        outcome: 'pass',
        exitCode: 0,
        says: 'tasks done: -0.6 points if every lost trial had gone badly',
      },
    },
    {
      id: 'crash-after-violation',
      situation: 'Each trial in which the agent broke a rule of zero tolerance crashed afterwards.',
      sources: ['humanbound/humanbound#74'],
      run: crashAfterViolation,
      expected: {
        outcome: 'regression',
        exitCode: 1,
        says: 'rule "own-orders" that allows no exception was broken by 4 executed calls',
      },
    },
    {
      id: 'check-without-verdict',
      situation:
        'A check cannot say pass or fail, as a judge that refuses or leaves out its verdict.',
      sources: [
        'promptfoo/promptfoo#10611',
        'BerriAI/litellm#30731',
        'UKGovernmentBEIS/inspect_evals#2312',
        'UKGovernmentBEIS/inspect_ai#4026',
      ],
      run: (desk) =>
        desk.run([...firstRun, '--allow-unlinted'], {
          edit: {
            'set/world.yaml': (text) =>
              text.replace('note: "gift",', 'note: "gift", tags: [a, b],'),
          },
          files: withCase(`
id: tags
ask: What are the tags of O-2?
expect: { says: [{ cites: { tool: orders.get, value: result.tags } }] }
oracle: [{ call: orders.get, args: { id: O-2 } }, { say: "a and b" }]
`),
        }),
      expected: {
        outcome: 'error',
        exitCode: 4,
        says: '4 of 20 trials of the candidate have no result',
      },
    },
    {
      id: 'check-crashes',
      situation: 'A check crashes on what the agent left behind.',
      sources: ['dpaluy/rubric_llm#7', 'UKGovernmentBEIS/inspect_evals#2091'],
      run: (desk) =>
        desk.run([...firstRun, '--allow-unlinted', '--case', 'ghost'], {
          gate: '{ limits: { tsr: { min: 0.9 } } }',
          files: withCase(`
id: ghost
ask: Is there an O-9?
expect: { state: ["state.orders['O-9'].refunds == 0"] }
oracle: [{ say: "There is none." }]
`),
        }),
      expected: {
        outcome: 'regression',
        exitCode: 1,
        says: 'tsr is at most 0.5271, the limit is at least 0.9',
      },
    },
    {
      id: 'tool-crashes',
      situation: 'A tool of the simulated world throws in every trial.',
      sources: ['UKGovernmentBEIS/inspect_evals#2289'],
      run: (desk) =>
        desk.run([...firstRun, '--allow-unlinted'], {
          gate: '{ limits: { tsr: { min: 0.9 } } }',
          edit: codedTool,
          files: { 'set/tools.ts': 'export function get() { throw new Error("out of order") }\n' },
        }),
      expected: {
        outcome: 'regression',
        exitCode: 1,
        says: 'tsr is at most 0.2209, the limit is at least 0.9',
      },
    },
    {
      id: 'shard-missing',
      situation: 'Part of a run was lost on the way: its plan has cases that no trial is of.',
      sources: ['posit-dev/positron#12108', 'microsoft/hve-core#2597'],
      run: (desk) =>
        desk.run(equalRuns, {
          edit: {
            [again]: eachTrial((line) => (line.case.startsWith('status.') ? undefined : line)),
          },
        }),
      expected: {
        outcome: 'error',
        exitCode: 4,
        says: '120 of 240 trials of the candidate have no result',
      },
    },
    {
      id: 'torn-line',
      situation: 'The last trial was cut off while it was written.',
      sources: ['microsoft/hve-core#2597'],
      run: (desk) => desk.run(equalRuns, { edit: { [again]: (text) => text.slice(0, -40) } }),
      expected: { outcome: 'pass', exitCode: 0, says: 'if every lost trial had gone badly' },
    },
    {
      id: 'broken-line',
      situation: 'A line in the middle of the trials cannot be read.',
      sources: ['microsoft/hve-core#2597'],
      run: (desk) =>
        desk.run(equalRuns, { edit: { [again]: (text) => text.replace('\n{', '\n') } }),
      expected: { outcome: 'refused', exitCode: 2, says: 'is not a trial line' },
    },
    {
      id: 'own-budget',
      situation: "Trials end because the agent's own budget is spent.",
      sources: ['OpenHands/benchmarks#229'],
      run: (desk) => desk.run([...run, '--set', 'budgets.max_tool_calls=1']),
      expected: {
        outcome: 'regression',
        exitCode: 1,
        says: 'stopped by its own budget: 1 tool calls, no more allowed (4 trials)',
      },
    },
    {
      id: 'time-is-up',
      situation: 'Time for the run is up before it can decide, with nothing bad seen so far.',
      sources: ['haacked/review-code#127'],
      run: runOutOfTime,
      expected: {
        outcome: 'inconclusive',
        exitCode: 3,
        says: 'This run does not decide. It is not a pass.',
      },
    },
  ],
}
